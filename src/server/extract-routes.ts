import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Authentication } from './authentication.ts';
import type { Day } from '../domain/time/day.ts';
import { ExtractError } from '../exchange/extract/extract-error.ts';
import { extractNames, openExtract, type Extract } from '../exchange/extract/open-extract.ts';
import { currentRequestId } from './request-log.ts';
import type { Database } from '../store/database/database.ts';
import { takesGzip } from './accepts-gzip.ts';

const folder = '/extracts/';

/** Paths under which the extracts are served. */
export const extractPaths: readonly string[] = extractNames.map((name) => folder + name);

/** What the extracts work with. */
export interface ExtractsOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly today: () => Day;
  readonly authentication: Authentication;
  readonly readAccess: 'public' | 'token';
}

/** An answer before its form: headers and what follows them. */
interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Readable | null;
}

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly parameter?: string;
}

// Errors have the form that the API's have.
const refusal = (status: number, faults: readonly Fault[], headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body: `${JSON.stringify({ errors: faults.map(({ message, ...extensions }) => ({ message, extensions })) })}\n`,
});

const refusalOf = (error: unknown): Answer | undefined => {
  if (error instanceof ExtractError)
    return refusal(error.problems.every(({ code }) => code === 'NOT_FOUND') ? 404 : 400, error.problems);
  if (!(error instanceof GraphQLError)) return undefined;
  const { code, http } = error.extensions;
  return refusal(http?.status ?? 500, [{ code: String(code), message: error.message }], http?.headers);
};

const isMatch = (condition: string | null, tag: string): boolean =>
  (condition ?? '')
    .split(',')
    .map((text) => text.trim().replace(/^W\//, ''))
    .some((text) => text === '*' || text === tag);

const headersOf = (extract: Extract, readAccess: 'public' | 'token', isZipped: boolean): Record<string, string> => {
  const access = readAccess === 'token' ? 'private' : 'public';
  return {
    etag: `"${extract.tag}${isZipped ? '-gzip' : ''}"`,
    // What was asked for by revision and day never changes; the rest is asked for again, and is most often answered with 304.
    'cache-control': extract.isFixed ? `${access}, max-age=31536000, immutable` : `${access}, no-cache`,
    vary: readAccess === 'token' ? 'Accept-Encoding, Authorization' : 'Accept-Encoding',
    'resh-revision': String(extract.revision),
    ...(extract.day !== null && { 'resh-valid-at': extract.day }),
    'resh-changes-since': String(extract.revision),
    'access-control-expose-headers':
      'ETag, Content-Disposition, Resh-Revision, Resh-Valid-At, Resh-Changes-Since, X-Request-Id',
  };
};

/** The text as bytes, read as fast as they are taken; told to end, it asks the register for no more. */
const bytesOf = (extract: Extract, isZipped: boolean, onFailed: (error: Error) => void): Readable => {
  const told = (error: NodeJS.ErrnoException | null | undefined): void => {
    if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ABORT_ERR') onFailed(error);
  };
  const text = Readable.from(extract.chunks(), { objectMode: false });
  if (isZipped) return pipeline(text, createGzip(), told);
  return text.on('error', told);
};

interface NodeContext {
  readonly res?: { destroy(error?: Error): void };
}

/**
 * Serves the extracts at /extracts/.
 *
 * A failure under way breaks the connection off: nobody takes the first half of a register for all of it.
 */
export const extracts = ({ database, log, today, authentication, readAccess }: ExtractsOptions): Plugin => {
  const answer = async (request: Request, url: URL, response: NodeContext['res']): Promise<Answer> => {
    const name = extractNames.find((known) => url.pathname === folder + known);
    if (name === undefined) {
      const message = `There is no extract at ${url.pathname}; ask for ${extractPaths.join(', ')}.`;
      return refusal(404, [{ code: 'NOT_FOUND', message }]);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const message = `An extract is only read: ask with GET, or with HEAD for its headers alone, and not with ${request.method}.`;
      return refusal(405, [{ code: 'METHOD_NOT_ALLOWED', message }], { allow: 'GET, HEAD' });
    }
    await authentication.identify(request);
    const extract = await openExtract(database.prisma, name, url.searchParams, today());
    const isZipped = takesGzip(request);
    const headers = headersOf(extract, readAccess, isZipped);
    if (isMatch(request.headers.get('if-none-match'), headers['etag'] ?? ''))
      return { status: 304, headers, body: null };
    return {
      status: 200,
      headers: {
        ...headers,
        'content-type': extract.contentType,
        'content-disposition': `attachment; filename="${extract.fileName}"`,
        ...(isZipped && { 'content-encoding': 'gzip' }),
      },
      body:
        request.method === 'HEAD'
          ? null
          : bytesOf(extract, isZipped, (error) => {
              log.error({ requestId: currentRequestId(), err: error }, 'an extract broke off');
              response?.destroy(error);
            }),
    };
  };
  return {
    onRequest: async (event) => {
      const { request, url, fetchAPI } = event;
      if (!`${url.pathname}/`.startsWith(folder)) return;
      const { res } = event.serverContext as NodeContext;
      const { status, headers, body } = await answer(request, url, res).catch((error: unknown) => {
        const refused = refusalOf(error);
        if (refused) return refused;
        const requestId = currentRequestId();
        log.error({ requestId, err: error }, 'unexpected error');
        return refusal(500, [
          { code: 'INTERNAL_SERVER_ERROR', message: `Unexpected error; ask for request ${requestId}.` },
        ]);
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
};
