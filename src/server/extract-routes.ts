import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Day } from '../domain/time/day.ts';
import { ExtractError } from '../exchange/extract/extract-error.ts';
import { extractNames, openExtract, type Extract, type FindSnapshot } from '../exchange/extract/open-extract.ts';
import type { Database } from '../store/database/database.ts';
import type { LedgerHead } from '../store/database/newest-revision.ts';
import { createPinnedClient } from '../store/replicas/pinned-client.ts';
import type { ReplicaSet } from '../store/replicas/replica-set.ts';
import { acceptsGzip } from './accepts-gzip.ts';
import type { Authentication } from './authentication.ts';
import { formatCacheControl } from './cache-control.ts';
import { matchesEtag } from './etag.ts';
import { requestIdOf } from './request-log.ts';
import type { UnexpectedErrors } from './unexpected-errors.ts';

const basePath = '/extracts/';

/** Paths under which the extracts are served. */
export const extractPaths: readonly string[] = extractNames.map((name) => basePath + name);

/** What the routes of extracts need. */
export interface ExtractRoutesOptions {
  readonly database: Database;
  readonly replicas: ReplicaSet;
  readonly log: Logger;
  readonly unexpectedErrors: Pick<UnexpectedErrors, 'report'>;
  readonly today: () => Day;
  readonly authentication: Authentication;
  readonly readAccess: 'public' | 'token';
  readonly findSnapshot: FindSnapshot | undefined;
}

/** A response before it becomes a Fetch `Response`. */
interface ExtractResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Readable | null;
}

interface ResponseError {
  readonly code: string;
  readonly message: string;
  readonly parameter?: string;
}

interface NodeContext {
  readonly res?: { destroy(error?: Error): void };
}

/**
 * Serves the extracts at /extracts/.
 *
 * An error while the body streams closes the connection, so that no client mistakes half a register for all of it.
 */
export function extractRoutes(options: ExtractRoutesOptions): Plugin {
  const { database, replicas, log, unexpectedErrors, today, authentication, readAccess, findSnapshot } = options;
  const handleRequest = async (request: Request, url: URL, response: NodeContext['res']): Promise<ExtractResponse> => {
    const name = extractNames.find((known) => url.pathname === basePath + known);
    if (name === undefined) {
      const message = `There is no extract at ${url.pathname}; ask for ${extractPaths.join(', ')}.`;
      return buildErrorResponse(404, [{ code: 'NOT_FOUND', message }]);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const message =
        `Extracts are read-only, and ${request.method} is not allowed: ` + 'use GET, or HEAD for the headers only.';
      return buildErrorResponse(405, [{ code: 'METHOD_NOT_ALLOWED', message }], { allow: 'GET, HEAD' });
    }
    await authentication.authenticate(request);
    // The primary says which revision the extract has; a replica that has reached what is newest then can read it.
    let isOpen = false;
    let pin: Promise<LedgerHead> | undefined;
    const { prisma } = createPinnedClient({
      primary: database.prisma,
      replicas,
      readPin: async () => (isOpen ? (pin ??= database.newestRevision()) : undefined),
    });
    const extract = await openExtract(prisma, name, url.searchParams, today(), findSnapshot);
    isOpen = true;
    const isGzipped = acceptsGzip(request.headers.get('accept-encoding'));
    const headers = buildHeaders(extract, readAccess, isGzipped);
    if (matchesEtag(request.headers.get('if-none-match'), headers['etag'] ?? ''))
      return { status: 304, headers, body: null };
    return {
      status: 200,
      headers: {
        ...headers,
        'content-type': extract.contentType,
        'content-disposition': `attachment; filename="${extract.fileName}"`,
        ...(isGzipped && { 'content-encoding': 'gzip' }),
      },
      body:
        request.method === 'HEAD'
          ? null
          : streamBytes(extract, isGzipped, (error) => {
              log.error({ requestId: requestIdOf(request), err: error }, 'extract aborted');
              response?.destroy(error);
            }),
    };
  };
  return {
    onRequest: async (event) => {
      const { request, url, fetchAPI } = event;
      if (!`${url.pathname}/`.startsWith(basePath)) return;
      const { res } = event.serverContext as NodeContext;
      const { status, headers, body } = await handleRequest(request, url, res).catch((error: unknown) => {
        const errorResponse = toErrorResponse(error);
        if (errorResponse) return errorResponse;
        const message = unexpectedErrors.report(error, request);
        return buildErrorResponse(500, [{ code: 'INTERNAL_SERVER_ERROR', message }]);
      });
      const isError = status >= 400;
      event.endResponse(
        new fetchAPI.Response((isError && request.method === 'HEAD' ? null : body) as BodyInit | null, {
          status,
          headers: { ...headers, 'x-content-type-options': 'nosniff' },
        }),
      );
    },
  };
}

// Errors have the same form as in GraphQL responses.
function buildErrorResponse(
  status: number,
  errors: readonly ResponseError[],
  headers: Record<string, string> = {},
): ExtractResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: `${JSON.stringify({ errors: errors.map(({ message, ...extensions }) => ({ message, extensions })) })}\n`,
  };
}

function buildHeaders(extract: Extract, readAccess: 'public' | 'token', isGzipped: boolean): Record<string, string> {
  return {
    etag: `"${extract.tag}${isGzipped ? '-gzip' : ''}"`,
    'cache-control': formatCacheControl(readAccess, extract.isImmutable),
    vary: readAccess === 'token' ? 'Accept-Encoding, Authorization' : 'Accept-Encoding',
    'resh-revision': String(extract.revision),
    ...(extract.day !== null && { 'resh-valid-at': extract.day }),
    'resh-changes-since': String(extract.revision),
    'access-control-expose-headers':
      'ETag, Content-Disposition, Resh-Revision, Resh-Valid-At, Resh-Changes-Since, X-Request-Id',
  };
}

/** Streams the text as bytes, as fast as the client reads; when the client leaves, it stops reading the register. */
function streamBytes(extract: Extract, isGzipped: boolean, onError: (error: Error) => void): Readable {
  const onFinished = (error: NodeJS.ErrnoException | null | undefined): void => {
    if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ABORT_ERR') onError(error);
  };
  const text = Readable.from(extract.streamChunks(), { objectMode: false });
  if (isGzipped) return pipeline(text, createGzip(), onFinished);
  return text.on('error', onFinished);
}

function toErrorResponse(error: unknown): ExtractResponse | undefined {
  if (error instanceof ExtractError)
    return buildErrorResponse(error.problems.every(({ code }) => code === 'NOT_FOUND') ? 404 : 400, error.problems);
  if (!(error instanceof GraphQLError)) return undefined;
  const { code, http } = error.extensions;
  return buildErrorResponse(http?.status ?? 500, [{ code: String(code), message: error.message }], http?.headers);
}
