import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { OperationRequest } from '../../schema/compiled/compiled-operations.ts';
import { readPersistedHash, type PersistedDocuments } from '../persisted-queries.ts';

// U+FFFD as itself, or as an escape of JSON or of GraphQL. The executor's server refuses it where it is part of a text.
const replacementCharacter = /\uFFFD|\\u\{?0*fffd/i;

/** Longest body of a request that is read here; the executor's server has its own limit for longer ones. */
const MAX_BODY_BYTES = 1_000_000;

const jsonMediaTypes = ['application/graphql-response+json', 'application/json'] as const;
const requestKeys = ['query', 'operationName', 'variables', 'extensions'];

/** A media type of a response in JSON. */
export type JsonMediaType = (typeof jsonMediaTypes)[number];

/** A request whose body may have been read, a stream if it is not UTF-8; the executor's server takes it from there. */
export type ReadRequest = IncomingMessage & { body?: string | Readable };

/**
 * Reads a GraphQL request sent with POST and JSON, or with GET. A body that was read is stored in the request.
 *
 * @param documents that requests can name by their hash
 * @returns undefined for any other request, and for one that is not well-formed
 */
export async function readGraphqlRequest(
  request: ReadRequest,
  endpoint: string,
  documents: PersistedDocuments,
): Promise<OperationRequest | undefined> {
  const parsed = isJsonPost(request, endpoint)
    ? parseBody(await readBody(request))
    : request.method === 'GET' && request.url?.startsWith(`${endpoint}?`)
      ? parseSearch(new URLSearchParams(request.url.slice(endpoint.length + 1)))
      : undefined;
  return isObject(parsed) ? toOperationRequest(parsed, documents) : undefined;
}

function isJsonPost({ method, url, headers }: IncomingMessage, endpoint: string): boolean {
  const length = Number(headers['content-length']);
  return (
    method === 'POST' &&
    url === endpoint &&
    length > 0 &&
    length <= MAX_BODY_BYTES &&
    headers['content-encoding'] === undefined &&
    /^application\/json(;|$)/.test(headers['content-type'] ?? '')
  );
}

// Events cost less than iterating over the request.
function readBody(request: ReadRequest): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('The client left while it sent its request.'));
    });
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const text = isUtf8(bytes) ? bytes.toString() : undefined;
      // A copy, because streams may take over the memory of their chunks, and small buffers share it. Bytes without a
      // stream would be counted one by one.
      request.body = text ?? Readable.from([new Uint8Array(bytes)]);
      resolve(text);
    });
  });
}

function parseBody(body: string | undefined): unknown {
  return body === undefined || replacementCharacter.test(body) ? undefined : parseJson(body);
}

function parseSearch(search: URLSearchParams): unknown {
  const parameters: Record<string, unknown> = Object.fromEntries(search);
  // A repeated parameter is for the executor's server to judge.
  if (Object.keys(parameters).length !== search.size) return undefined;
  if ([...search.values()].some((text) => replacementCharacter.test(text))) return undefined;
  for (const name of ['variables', 'extensions']) {
    const text = search.get(name);
    if (text === null) continue;
    parameters[name] = parseJson(text);
    if (!isObject(parameters[name])) return undefined;
  }
  return parameters;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toOperationRequest(
  parsed: Record<string, unknown>,
  documents: PersistedDocuments,
): OperationRequest | undefined {
  const { operationName = null, variables = null, extensions = null } = parsed;
  const hash = readPersistedHash(extensions);
  // The executor's server checks the hash of a document that is sent.
  if (hash !== undefined && parsed['query'] !== undefined) return undefined;
  const query = hash === undefined ? parsed['query'] : documents.find(hash);
  const isRequest =
    Object.keys(parsed).every((key) => requestKeys.includes(key)) &&
    typeof query === 'string' &&
    !(hash !== undefined && replacementCharacter.test(query)) &&
    (extensions === null || isObject(extensions)) &&
    (operationName === null || typeof operationName === 'string') &&
    (variables === null || isObject(variables));
  return isRequest ? { query, operationName, variables } : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns the media type of a JSON response, as the executor's server chooses it: the first accepted one counts, and
 * `application/json` if all are accepted.
 *
 * @returns undefined if the client accepts none, or asks for the explorer's page
 */
export function chooseMediaType(accept: string | undefined): JsonMediaType | undefined {
  if (accept === undefined || accept === '*/*') return 'application/json';
  const parts = accept.toLowerCase().replaceAll(/\s/g, '').split(',');
  if (parts.some((part) => part.startsWith('text/html'))) return undefined;
  for (const part of parts) {
    const [mediaType = '', ...parameters] = part.split(';');
    const charset = parameters.find((parameter) => parameter.includes('charset=')) ?? 'charset=utf-8';
    if (charset !== 'charset=utf-8') continue;
    if (mediaType === '*/*' || mediaType === 'application/*') return 'application/json';
    const known = jsonMediaTypes.find((jsonMediaType) => jsonMediaType === mediaType);
    if (known) return known;
  }
  return undefined;
}
