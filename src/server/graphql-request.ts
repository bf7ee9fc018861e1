import type { IncomingMessage } from 'node:http';
import type { OperationRequest } from '../schema/compiled/compiled-operations.ts';

/** Longest body of a request that is read here; the executor's server has its own limit for longer ones. */
const MAX_BODY_BYTES = 1_000_000;

const jsonMediaTypes = ['application/graphql-response+json', 'application/json'];
const requestKeys = ['query', 'operationName', 'variables'];

/** A request whose body may have been read; the executor's server takes it from there. */
export type ReadRequest = IncomingMessage & { body?: string };

/**
 * Reads a GraphQL request sent with POST and JSON, or with GET. A body that was read is stored in the request.
 *
 * @returns undefined for any other request, and for one that is not well-formed
 */
export async function readGraphqlRequest(
  request: ReadRequest,
  endpoint: string,
): Promise<OperationRequest | undefined> {
  if (isJsonPost(request, endpoint)) return parseBody(await readBody(request));
  if (request.method === 'GET' && request.url?.startsWith(`${endpoint}?`))
    return parseSearch(new URLSearchParams(request.url.slice(endpoint.length + 1)));
  return undefined;
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
function readBody(request: ReadRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('The client left while it sent its request.'));
    });
    request.on('end', () => {
      request.body = Buffer.concat(chunks).toString();
      resolve(request.body);
    });
  });
}

function parseBody(body: string): OperationRequest | undefined {
  const parsed = parseJson(body);
  return isObject(parsed) ? toOperationRequest(parsed) : undefined;
}

function parseSearch(search: URLSearchParams): OperationRequest | undefined {
  const parameters = Object.fromEntries(search);
  // A repeated parameter is for the executor's server to judge.
  if (Object.keys(parameters).length !== search.size) return undefined;
  if (parameters['variables'] === undefined) return toOperationRequest(parameters);
  const variables = parseJson(parameters['variables']);
  return isObject(variables) ? toOperationRequest({ ...parameters, variables }) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toOperationRequest(parsed: Record<string, unknown>): OperationRequest | undefined {
  const { query, operationName = null, variables = null } = parsed;
  const isRequest =
    Object.keys(parsed).every((key) => requestKeys.includes(key)) &&
    typeof query === 'string' &&
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
export function chooseMediaType(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === '*/*') return 'application/json';
  const parts = accept.toLowerCase().replaceAll(/\s/g, '').split(',');
  if (parts.some((part) => part.startsWith('text/html'))) return undefined;
  for (const part of parts) {
    const [mediaType = '', ...parameters] = part.split(';');
    const charset = parameters.find((parameter) => parameter.includes('charset=')) ?? 'charset=utf-8';
    if (charset !== 'charset=utf-8') continue;
    if (mediaType === '*/*' || mediaType === 'application/*') return 'application/json';
    if (jsonMediaTypes.includes(mediaType)) return mediaType;
  }
  return undefined;
}
