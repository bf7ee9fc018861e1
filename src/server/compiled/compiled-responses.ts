import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { printSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Day } from '../../domain/time/day.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { ResponseScope } from '../../schema/compiled/compile-operation.ts';
import { createCompiledOperations, type PreparedRequest } from '../../schema/compiled/compiled-operations.ts';
import { schema } from '../../schema/index.ts';
import type { Database } from '../../store/database/database.ts';
import type { RegisterSnapshot } from '../../store/snapshot/register-snapshot.ts';
import type { SearchIndex } from '../../store/snapshot/search/search-index.ts';
import type { SnapshotStore } from '../../store/snapshot/snapshot-store.ts';
import type { Authentication } from '../authentication.ts';
import { chooseMediaType, readGraphqlRequest, type JsonMediaType, type ReadRequest } from './graphql-request.ts';
import { parseDocument } from '../operation-limits.ts';
import type { PersistedDocuments } from '../persisted-queries.ts';
import { chooseRequestId } from '../request-log.ts';
import { createResponseCache, type StoredResponse } from './response-cache.ts';
import { compressResponse, isNotModified, mustCompress, sendResponse } from './send-response.ts';

export interface CompiledResponsesOptions {
  readonly database: Database;
  readonly snapshots: SnapshotStore;
  readonly log: Logger;
  readonly today: () => Day;
  readonly authentication: Pick<Authentication, 'verifyHeader'>;
  readonly readAccess: 'public' | 'token';
  readonly endpoint: string;
  readonly persistedDocuments: PersistedDocuments;
  /** Most bytes of responses that are kept for the same requests; 0 keeps none */
  readonly cacheBytes: number;
}

interface PreparedResponse {
  readonly prepared: PreparedRequest;
  readonly scope: ResponseScope;
  readonly current: Snapshot;
  readonly searchIndex: SearchIndex | undefined;
}

const noBody = Buffer.alloc(0);

/** Answers requests from memory. */
export interface CompiledResponses {
  /** Answers a request from snapshots, or hands it to the executor's server. */
  answer(request: ReadRequest, response: ServerResponse): Promise<void>;
  /**
   * Answers a request at once if its response is kept and never changes.
   *
   * @returns false if it did not
   */
  repeat(request: ReadRequest, response: ServerResponse): boolean;
}

/**
 * Creates what answers requests from memory.
 *
 * @param executorServer answers the requests that memory cannot
 */
export function createCompiledResponses(
  {
    database,
    snapshots,
    log,
    today,
    authentication,
    readAccess,
    endpoint,
    persistedDocuments,
    cacheBytes,
  }: CompiledResponsesOptions,
  executorServer: (request: ReadRequest, response: ServerResponse) => unknown,
): CompiledResponses {
  const prepareOperation = createCompiledOperations(schema, parseDocument);
  const cache = createResponseCache(cacheBytes);

  return {
    answer: async (request, response) => {
      const startedAt = performance.now();
      const mediaType = chooseMediaType(request.headers.accept);
      const stored = mediaType === undefined ? undefined : await findResponse(request);
      if (stored && mustCompress(request, stored)) await compressResponse(stored);
      // The executor's server would not notice that the client left before.
      if (response.destroyed) return;
      if (mediaType !== undefined && stored) send(request, response, { stored, mediaType, startedAt });
      else executorServer(request, response);
    },
    repeat: (request, response) => {
      if (cacheBytes === 0 || request.method !== 'GET' || !isAnonymousReader(request)) return false;
      const startedAt = performance.now();
      const mediaType = chooseMediaType(request.headers.accept);
      const stored = cache.find(request.url ?? '');
      if (mediaType === undefined || !stored?.isPinned || mustCompress(request, stored)) return false;
      send(request, response, { stored, mediaType, startedAt });
      return true;
    },
  };

  function send(
    request: ReadRequest,
    response: ServerResponse,
    { stored, mediaType, startedAt }: { stored: StoredResponse; mediaType: JsonMediaType; startedAt: number },
  ): void {
    const requestId = chooseRequestId(request.headers['x-request-id']?.toString());
    const status = sendResponse(request, response, stored, { mediaType, requestId, readAccess });
    if (!log.isLevelEnabled('info')) return;
    log.info(
      {
        requestId,
        method: request.method,
        path: endpoint,
        status,
        milliseconds: Math.round(performance.now() - startedAt),
        ...(stored.operationName !== undefined && { operation: stored.operationName }),
      },
      'request',
    );
  }

  /** Says whether a request has no token and needs none. */
  function isAnonymousReader({ headers }: ReadRequest): boolean {
    return headers.authorization === undefined && readAccess === 'public';
  }

  // The executor's server explains what is wrong with a token.
  async function isAuthenticated(request: ReadRequest): Promise<boolean> {
    if (isAnonymousReader(request)) return true;
    return authentication.verifyHeader(request.headers.authorization ?? null).then(
      () => true,
      () => false,
    );
  }

  async function findResponse(request: ReadRequest): Promise<StoredResponse | undefined> {
    const known = request.method === 'GET' ? cache.find(request.url ?? '') : undefined;
    if (known?.isPinned) return (await isAuthenticated(request)) ? known : undefined;
    const operation = await readGraphqlRequest(request, endpoint, persistedDocuments);
    try {
      const prepared = operation && prepareOperation(operation);
      // What follows takes time, and the executor's server must notice by itself when a client leaves.
      if (!prepared || !(await isAuthenticated(request))) return undefined;
      const newest = await database.newestRevision();
      if (snapshots.noteNewest(newest)) cache.clear();
      const current = { revision: newest.revision, day: today() };
      const scope = prepared.findScope(current);
      const found = scope && (await findSnapshots(scope.snapshots, current));
      const searchIndex = scope?.usesSearchIndex ? await snapshots.findSearchIndex(current.revision) : undefined;
      return found && createResponse(request, { prepared, scope, current, searchIndex }, found);
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
    request: ReadRequest,
    { prepared, scope, current, searchIndex }: PreparedResponse,
    found: readonly RegisterSnapshot[],
  ): StoredResponse | undefined {
    const { operationName, write } = prepared;
    const { isPinned } = scope;
    const etag = formatEtag(found);
    const key = getCacheKey(request);
    const known = cache.find(key);
    if (known?.etag === etag) return known;
    if (isNotModified(request, etag)) return { etag, body: noBody, isPinned, operationName };
    const findSnapshot = ({ revision, day }: Snapshot) =>
      found.find(({ at }) => at.revision === revision && at.day === day);
    const body = write({ current, findSnapshot, searchIndex });
    const response = body && { etag, body, isPinned, operationName };
    // The register may have been restored since the snapshots were found.
    if (response && found.every((snapshot) => snapshots.find(snapshot.at) === snapshot)) cache.store(key, response);
    return response;
  }
}

function getCacheKey({ method, url = '', body }: ReadRequest): string {
  if (method === 'GET') return url;
  return typeof body === 'string' ? body : '';
}

/**
 * Returns the weak entity tag of a response that shows snapshots: the same operation has the same bytes from them,
 * until the schema changes.
 */
function formatEtag(snapshots: readonly RegisterSnapshot[]): string {
  schemaHash ??= createHash('sha256').update(printSchema(schema)).digest('hex').slice(0, 8);
  return `W/"${schemaHash}-${snapshots.map(({ hash, at }) => `${hash?.slice(0, 16) ?? '0'}.${at.day}`).join('-')}"`;
}

let schemaHash: string | undefined;
