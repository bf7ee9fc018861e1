import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import { rejectingVerifier, type TokenVerifier } from '../auth/tokens/token-verifier.ts';
import type { Viewer } from '../auth/viewer.ts';
import { createContext } from '../context.ts';
import type { Language } from '../domain/text/language.ts';
import { toOsloDay, type Day } from '../domain/time/day.ts';
import type { FindSnapshot } from '../exchange/extract/open-extract.ts';
import { isExplorerAt, renderExplorer } from '../explorer/explorer.ts';
import { notFoundHints } from '../explorer/not-found-hints.ts';
import { schema } from '../schema/index.ts';
import { BoundedCache, DOCUMENT_CHARACTER_LIMIT } from '../schema/kit/bounded-cache.ts';
import type { Database } from '../store/database/database.ts';
import { noReplicas, type ReplicaSet } from '../store/replicas/replica-set.ts';
import { createAuthentication } from './authentication.ts';
import { cacheControl } from './cache-control.ts';
import { compression } from './compression.ts';
import { cors } from './cors.ts';
import { errorCodes } from './error-codes.ts';
import { extractPaths, extractRoutes } from './extract-routes.ts';
import { chooseLanguage, responseLanguage } from './language.ts';
import { minRevisions } from './min-revision.ts';
import { mutationCursors } from './mutation-cursors.ts';
import { operationLimits } from './operation-limits.ts';
import { createPersistedDocuments, persistedQueries, type PersistedDocuments } from './persisted-queries.ts';
import { requestEncoding } from './input/request-encoding.ts';
import { requestForm } from './input/request-form.ts';
import { requestLog } from './request-log.ts';
import { scalarPages, scalarPaths } from './scalar-pages.ts';
import { subscriptions } from './subscriptions.ts';
import { textValidation } from './input/text-validation.ts';
import { createUnexpectedErrors } from './unexpected-errors.ts';
import { urlParameters } from './input/url-parameters.ts';

/** What a server needs. */
export interface ServerOptions {
  readonly database: Database;
  /** Answer reads of requests; none by default */
  readonly replicas?: ReplicaSet;
  readonly log: Logger;
  /** Returns today's date in Oslo; tests may replace it */
  readonly today?: () => Day;
  /** Verifies tokens; without it every token is refused */
  readonly tokenVerifier?: TokenVerifier;
  /** `token`: reading requires a token too; `public` by default */
  readonly readAccess?: 'public' | 'token';
  /** Finds the register in memory, from which extracts are read faster; without it they are read from the database */
  readonly findSnapshot?: FindSnapshot | undefined;
  /** Documents that clients name by their hash */
  readonly persistedDocuments?: PersistedDocuments;
  /** Most bytes of responses that are kept for the same requests; none by default */
  readonly responseCacheBytes?: number;
  /** Aborts when the server is about to stop; ends subscriptions */
  readonly shutdownSignal?: AbortSignal;
  /** How long a subscription's client may leave events unread, in milliseconds */
  readonly slowConsumerTimeoutMs?: number;
}

/** Path of GraphQL requests. */
export const endpoint = '/graphql';
const healthPath = '/health';

/**
 * Creates the HTTP server: GraphQL and its explorer at /graphql, extracts at /extracts/, the pages of the scalars at
 * /docs/scalars/, liveness at /health.
 */
export function createServer({
  database,
  replicas = noReplicas,
  log,
  today = () => toOsloDay(new Date()),
  tokenVerifier = rejectingVerifier,
  readAccess = 'public',
  findSnapshot,
  persistedDocuments = createPersistedDocuments(),
  shutdownSignal,
  slowConsumerTimeoutMs,
}: ServerOptions) {
  const authentication = createAuthentication(tokenVerifier, readAccess);
  const { findViewer } = authentication;
  const unexpectedErrors = createUnexpectedErrors(log);
  const createViewerContext = (viewer: Viewer | null, language: Language) =>
    createContext(database, today(), viewer, language, replicas);
  return createYoga({
    schema,
    context: ({ request }) => ({
      ...createViewerContext(findViewer(request), chooseLanguage(request)),
      lastEventId: request.headers.get('last-event-id'),
    }),
    plugins: [
      requestLog(log),
      cors,
      cacheControl,
      unexpectedErrors.plugin,
      minRevisions(database, unexpectedErrors),
      responseLanguage,
      authentication.plugin,
      requestEncoding,
      urlParameters,
      persistedQueries(persistedDocuments),
      requestForm,
      operationLimits,
      mutationCursors,
      errorCodes,
      textValidation,
      subscriptions({ log, createViewerContext, findViewer, shutdownSignal, slowConsumerTimeoutMs }),
      extractRoutes({ database, replicas, log, unexpectedErrors, today, authentication, readAccess, findSnapshot }),
      scalarPages,
      notFoundHints(endpoint, [healthPath, ...extractPaths, ...scalarPaths]),
      compression,
    ],
    graphqlEndpoint: endpoint,
    healthCheckEndpoint: healthPath,
    cors: false,
    landingPage: false,
    renderGraphiQL: renderExplorer,
    graphiql: ({ url }) => isExplorerAt(endpoint, url),
    logging: {
      debug: (...parts: unknown[]) => log.debug(parts.join(' ')),
      info: (...parts: unknown[]) => log.info(parts.join(' ')),
      warn: (...parts: unknown[]) => log.warn(parts.join(' ')),
      error: (...parts: unknown[]) => log.error(parts.join(' ')),
    },
    maskedErrors: { maskError: unexpectedErrors.wrap },
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
  });
}

// Yoga's own caches limit the number of documents, and one can have millions of characters.
function createDocumentCache<Value>() {
  const cache = new BoundedCache<Value>(DOCUMENT_CHARACTER_LIMIT);
  return {
    get: (document: string) => cache.find(document),
    set: (document: string, value: Value) => cache.store(document, value, document.length),
  };
}
