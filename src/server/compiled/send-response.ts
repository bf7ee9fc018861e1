import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { acceptsGzip } from '../accepts-gzip.ts';
import { formatCacheControl } from '../cache-control.ts';
import { MIN_COMPRESSED_BYTES } from '../compression.ts';
import { matchesEtag } from '../etag.ts';
import type { JsonMediaType, ReadRequest } from './graphql-request.ts';
import type { StoredResponse } from './response-cache.ts';

/** Most bytes of a body that Node writes at once with its headers without allocating memory for it. */
const MAX_TEXT_BYTES = 15_000;

// Constant texts, because Node has to copy one that was just joined before it can check it.
const contentTypes: Readonly<Record<JsonMediaType, string>> = {
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
};

const gzipAsync = promisify(gzip);

export interface SendOptions {
  readonly mediaType: JsonMediaType;
  readonly requestId: string;
  readonly readAccess: 'public' | 'token';
}

/** Says whether a client gets a response compressed that has not been compressed yet. */
export function mustCompress(request: ReadRequest, stored: StoredResponse): boolean {
  return stored.compressed === undefined && isSentCompressed(request, stored);
}

/** Compresses a response, once for all clients that it is sent to. */
export async function compressResponse(stored: StoredResponse): Promise<void> {
  stored.compressed = await gzipAsync(stored.body);
}

function isSentCompressed(request: ReadRequest, { body, etag }: StoredResponse): boolean {
  return (
    body.length >= MIN_COMPRESSED_BYTES &&
    acceptsGzip(request.headers['accept-encoding']?.toString() ?? null) &&
    !isNotModified(request, etag)
  );
}

/**
 * Sends a response to a GraphQL request: with an entity tag if the request is a GET, and without a body if the client
 * has it. It must be compressed before if {@link mustCompress}.
 *
 * @returns the status
 */
export function sendResponse(
  request: ReadRequest,
  response: ServerResponse,
  stored: StoredResponse,
  { mediaType, requestId, readAccess }: SendOptions,
): 200 | 304 {
  const isGet = request.method === 'GET';
  const vary = formatVary(isGet, stored.body.length >= MIN_COMPRESSED_BYTES, readAccess);
  // Node takes names and values in turn; an object would take longer.
  const headers = [
    'content-type',
    contentTypes[mediaType],
    'access-control-allow-origin',
    '*',
    'access-control-expose-headers',
    isGet ? 'ETag, X-Request-Id' : 'X-Request-Id',
    'x-request-id',
    requestId,
  ];
  if (isGet) headers.push('etag', stored.etag, 'cache-control', formatCacheControl(readAccess, stored.isPinned));
  if (vary !== '') headers.push('vary', vary);
  if (isNotModified(request, stored.etag)) {
    response.writeHead(304, headers);
    response.end();
    return 304;
  }
  const bytes = isSentCompressed(request, stored) ? (stored.compressed ?? stored.body) : stored.body;
  if (bytes === stored.compressed) headers.push('content-encoding', 'gzip');
  headers.push('content-length', String(bytes.length));
  response.writeHead(200, headers);
  // Node writes a text together with the headers, which takes less time than writing two buffers.
  if (bytes.length <= MAX_TEXT_BYTES) response.end(bytes.toString('latin1'), 'latin1');
  else response.end(bytes);
  return 200;
}

/** Says whether a GET names the entity tag of its response in If-None-Match. */
export function isNotModified({ method, headers }: ReadRequest, etag: string): boolean {
  return method === 'GET' && headers['if-none-match'] !== undefined && matchesEtag(headers['if-none-match'], etag);
}

// Caches store responses to GET; a short one is never compressed, but a 304 is about a long one too.
function formatVary(isGet: boolean, isLong: boolean, readAccess: SendOptions['readAccess']): string {
  if (!isGet) return isLong ? 'Accept-Encoding' : '';
  return readAccess === 'token' ? 'Accept, Accept-Encoding, Authorization' : 'Accept, Accept-Encoding';
}
