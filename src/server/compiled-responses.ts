import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Logger } from 'pino';
import type { Day } from '../domain/time/day.ts';
import type { Snapshot } from '../domain/time/snapshot.ts';
import type { ResponseScope } from '../schema/compiled/compile-operation.ts';
import { createCompiledOperations, type PreparedRequest } from '../schema/compiled/compiled-operations.ts';
import { schema } from '../schema/index.ts';
import type { Database } from '../store/database/database.ts';
import type { RegisterSnapshot } from '../store/snapshot/register-snapshot.ts';
import type { SearchIndex } from '../store/snapshot/search/search-index.ts';
import type { SnapshotStore } from '../store/snapshot/snapshot-store.ts';
import { acceptsGzip } from './accepts-gzip.ts';
import type { Authentication } from './authentication.ts';
import { MIN_COMPRESSED_BYTES } from './compression.ts';
import { formatCacheControl, matchesEtag } from './etag.ts';
import { chooseMediaType, readGraphqlRequest, type ReadRequest } from './graphql-request.ts';
import { parseDocument } from './operation-limits.ts';
import { chooseRequestId } from './request-log.ts';

const gzipAsync = promisify(gzip);

export interface CompiledResponsesOptions {
  readonly database: Database;
  readonly snapshots: SnapshotStore;
  readonly log: Logger;
  readonly today: () => Day;
  readonly authentication: Pick<Authentication, 'verifyHeader'>;
  readonly readAccess: 'public' | 'token';
  readonly endpoint: string;
}

interface CompiledResponse {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly operationName: string | undefined;
}

interface PreparedResponse {
  readonly request: ReadRequest;
  readonly mediaType: string;
  readonly prepared: PreparedRequest;
  readonly scope: ResponseScope;
  readonly current: Snapshot;
  readonly searchIndex: SearchIndex | undefined;
}

/** Below this, copying a body costs less than sending it as a piece of its own. */
const ONE_PIECE_BYTES = 8_192;

const noBody = Buffer.alloc(0);

/** Answers requests from snapshots, and hands all others to the executor's server. */
export function createCompiledResponses(
  { database, snapshots, log, today, authentication, readAccess, endpoint }: CompiledResponsesOptions,
  executorServer: (request: ReadRequest, response: ServerResponse) => unknown,
) {
  const prepareOperation = createCompiledOperations(schema, parseDocument);

  return async (request: ReadRequest, response: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    const compiled = await findResponse(request);
    // The executor's server would not notice that the client left before.
    if (response.destroyed) return;
    if (!compiled) {
      executorServer(request, response);
      return;
    }
    const requestId = chooseRequestId(request.headers['x-request-id']?.toString());
    await send(request, response, { ...compiled, headers: { ...compiled.headers, 'x-request-id': requestId } });
    log.info(
      {
        requestId,
        method: request.method,
        path: endpoint,
        status: compiled.status,
        milliseconds: Math.round(performance.now() - startedAt),
        ...(compiled.operationName !== undefined && { operation: compiled.operationName }),
      },
      'request',
    );
  };

  // The executor's server explains what is wrong with a token.
  function isAuthenticated({ headers }: ReadRequest): Promise<boolean> {
    return authentication.verifyHeader(headers.authorization ?? null).then(
      () => true,
      () => false,
    );
  }

  async function findResponse(request: ReadRequest): Promise<CompiledResponse | undefined> {
    const mediaType = chooseMediaType(request.headers.accept);
    const operation = mediaType === undefined ? undefined : await readGraphqlRequest(request, endpoint);
    const prepared = operation && prepareOperation(operation);
    // What follows takes time, and the executor's server must notice by itself when a client leaves.
    if (mediaType === undefined || !prepared || !(await isAuthenticated(request))) return undefined;
    try {
      const newest = await database.newestRevision();
      snapshots.noteNewest(newest);
      const current = { revision: newest.revision, day: today() };
      const scope = prepared.findScope(current);
      const found = scope && (await findSnapshots(scope.snapshots, current));
      const searchIndex = scope?.usesSearchIndex ? await snapshots.findSearchIndex(current.revision) : undefined;
      return found && createResponse({ request, mediaType, prepared, scope, current, searchIndex }, found);
    } catch (error) {
      log.error({ err: error }, 'a compiled operation failed; the executor answers instead');
      return undefined;
    }
  }

  /** Finds the snapshots of a response; undefined if one is not in memory. */
  async function findSnapshots(
    wanted: readonly Snapshot[],
    current: Snapshot,
  ): Promise<readonly RegisterSnapshot[] | undefined> {
    for (const at of wanted)
      if (!snapshots.find(at)) await snapshots.prepare(at, at.revision === current.revision && at.day === current.day);
    const found = wanted.flatMap((at) => snapshots.find(at) ?? []);
    return found.length === wanted.length ? found : undefined;
  }

  function createResponse(
    { request, mediaType, prepared, scope, current, searchIndex }: PreparedResponse,
    found: readonly RegisterSnapshot[],
  ): CompiledResponse | undefined {
    const { operationName, write } = prepared;
    const etag = formatEtag(found);
    const isGet = request.method === 'GET';
    const headers = {
      'content-type': `${mediaType}; charset=utf-8`,
      'access-control-allow-origin': '*',
      'access-control-expose-headers': isGet ? 'ETag, X-Request-Id' : 'X-Request-Id',
      ...(isGet && { etag: `W/${etag}`, 'cache-control': formatCacheControl(readAccess, scope.isPinned) }),
    };
    if (isGet && matchesEtag(request.headers['if-none-match'] ?? null, etag))
      return { status: 304, headers, body: noBody, operationName };
    const findSnapshot = ({ revision, day }: Snapshot) =>
      found.find(({ at }) => at.revision === revision && at.day === day);
    const body = write({ current, findSnapshot, searchIndex });
    return body && { status: 200, headers, body, operationName };
  }

  async function send(
    request: ReadRequest,
    response: ServerResponse,
    { status, headers, body }: CompiledResponse,
  ): Promise<void> {
    const isLong = body.length >= MIN_COMPRESSED_BYTES;
    const isCompressed = isLong && acceptsGzip(request.headers['accept-encoding']?.toString() ?? null);
    const bytes = isCompressed ? await gzipAsync(body) : body;
    const vary = formatVary(request, isLong);
    response.writeHead(status, {
      ...headers,
      ...(vary !== '' && { vary }),
      ...(isCompressed && { 'content-encoding': 'gzip' }),
      ...(status === 200 && { 'content-length': bytes.length }),
    });
    // Node sends text in one piece with the headers.
    if (bytes.length < ONE_PIECE_BYTES) response.end(bytes.toString('latin1'), 'latin1');
    else response.end(bytes);
  }

  // Caches store responses to GET; a short one is never compressed, but a 304 is about a long one too.
  function formatVary({ method }: ReadRequest, isLong: boolean): string {
    if (method !== 'GET') return isLong ? 'Accept-Encoding' : '';
    return ['Accept', 'Accept-Encoding', ...(readAccess === 'token' ? ['Authorization'] : [])].join(', ');
  }
}

/** Returns the entity tag of a response that shows snapshots: the same operation has the same bytes from them. */
function formatEtag(snapshots: readonly RegisterSnapshot[]): string {
  return `"${snapshots.map(({ hash, at }) => `${hash?.slice(0, 16) ?? '0'}.${at.day}`).join('-')}"`;
}
