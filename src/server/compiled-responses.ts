import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Logger } from 'pino';
import type { Day } from '../domain/time/day.ts';
import type { Snapshot } from '../domain/time/snapshot.ts';
import {
  createCompiledOperations,
  type CompiledAnswer,
  type OperationRequest,
} from '../schema/compiled/compiled-operations.ts';
import { schema } from '../schema/index.ts';
import type { Database } from '../store/database/database.ts';
import type { SnapshotStore } from '../store/snapshot/snapshot-store.ts';
import { acceptsGzip } from './accepts-gzip.ts';
import type { Authentication } from './authentication.ts';
import { MIN_COMPRESSED_BYTES } from './compression.ts';
import { parseDocument } from './operation-limits.ts';
import { chooseRequestId } from './request-log.ts';

const gzipAsync = promisify(gzip);

/** Longest body of a request that is read here; the executor's server has its own limit for longer ones. */
const MAX_BODY_BYTES = 1_000_000;

export interface CompiledResponsesOptions {
  readonly database: Database;
  readonly snapshots: SnapshotStore;
  readonly log: Logger;
  readonly today: () => Day;
  readonly authentication: Pick<Authentication, 'verifyHeader'>;
  readonly endpoint: string;
}

/** A request with the body that has been read. */
export type ReadRequest = IncomingMessage & { body?: string };

/** Answers requests from snapshots, and hands all others to the executor's server. */
export function createCompiledResponses(
  { database, snapshots, log, today, authentication, endpoint }: CompiledResponsesOptions,
  executorServer: (request: ReadRequest, response: ServerResponse) => unknown,
) {
  const operations = createCompiledOperations(schema, parseDocument);

  const reportBug = (error: unknown): undefined => {
    log.error({ err: error }, 'a compiled operation failed; the executor answers instead');
  };
  // The executor's server explains what is wrong with a token.
  const isAuthenticated = ({ headers }: IncomingMessage): Promise<boolean> =>
    authentication.verifyHeader(headers.authorization ?? null).then(
      () => true,
      () => false,
    );
  const findAnswer = async (body: string): Promise<CompiledAnswer | undefined> => {
    const request = parseRequest(body);
    if (!request) return undefined;
    const current = { revision: await database.newestRevision(), day: today() };
    const missing: Snapshot[] = [];
    const findSnapshot = (at: Snapshot) => {
      const snapshot = snapshots.find(at);
      if (!snapshot) missing.push(at);
      return snapshot;
    };
    const answer = operations(request, { current, findSnapshot });
    if (answer || missing.length === 0) return answer;
    for (const at of missing) await snapshots.prepare(at, at.revision === current.revision && at.day === current.day);
    return operations(request, { current, findSnapshot: (at) => snapshots.find(at) });
  };

  return async (request: ReadRequest, response: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    const mediaType = chooseMediaType(request, endpoint);
    const mayRead = mediaType !== undefined && (await isAuthenticated(request));
    const answer = mayRead ? await findAnswer(await readBody(request)).catch(reportBug) : undefined;
    if (mediaType === undefined || !answer) {
      executorServer(request, response);
      return;
    }
    const requestId = chooseRequestId(request.headers['x-request-id']?.toString());
    await send(request, response, answer.body, {
      'content-type': `${mediaType}; charset=utf-8`,
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'X-Request-Id',
      'x-request-id': requestId,
    });
    log.info(
      {
        requestId,
        method: 'POST',
        path: endpoint,
        status: 200,
        milliseconds: Math.round(performance.now() - startedAt),
        ...(answer.operationName !== undefined && { operation: answer.operationName }),
      },
      'request',
    );
  };
}

/** Returns the media type of the response to an operation that may be compiled; undefined for any other request. */
function chooseMediaType({ method, url, headers }: IncomingMessage, endpoint: string): string | undefined {
  const length = Number(headers['content-length']);
  const mayBeCompiled =
    method === 'POST' &&
    url === endpoint &&
    length > 0 &&
    length <= MAX_BODY_BYTES &&
    headers['content-encoding'] === undefined &&
    /^application\/json(;|$)/i.test(headers['content-type'] ?? '');
  return mayBeCompiled ? chooseAcceptedMediaType(headers.accept ?? '*/*') : undefined;
}

const jsonMediaTypes = ['application/graphql-response+json', 'application/json'];

// As the executor's server does: the first accepted type counts, and `application/json` if all are accepted.
function chooseAcceptedMediaType(accept: string): string | undefined {
  for (const part of accept.toLowerCase().replaceAll(/\s/g, '').split(',')) {
    const [mediaType = '', ...parameters] = part.split(';');
    const charset = parameters.find((parameter) => parameter.includes('charset=')) ?? 'charset=utf-8';
    if (charset !== 'charset=utf-8') continue;
    if (mediaType === '*/*' || mediaType === 'application/*') return 'application/json';
    if (jsonMediaTypes.includes(mediaType)) return mediaType;
  }
  return undefined;
}

async function readBody(request: ReadRequest): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  request.body = Buffer.concat(chunks).toString();
  return request.body;
}

const requestKeys = ['query', 'operationName', 'variables'];

function parseRequest(body: string): OperationRequest | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isObject(parsed) || !Object.keys(parsed).every((key) => requestKeys.includes(key))) return undefined;
  const { query, operationName = null, variables = null } = parsed;
  const isRequest =
    typeof query === 'string' &&
    (operationName === null || typeof operationName === 'string') &&
    (variables === null || isObject(variables));
  return isRequest ? { query, operationName, variables } : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  headers: Record<string, string>,
): Promise<void> {
  const isLong = body.length >= MIN_COMPRESSED_BYTES;
  const isCompressed = isLong && acceptsGzip(request.headers['accept-encoding']?.toString() ?? null);
  const bytes = isCompressed ? await gzipAsync(body) : body;
  response.writeHead(200, {
    ...headers,
    ...(isLong && { vary: 'Accept-Encoding' }),
    ...(isCompressed && { 'content-encoding': 'gzip' }),
    'content-length': bytes.length,
  });
  response.end(bytes);
}
