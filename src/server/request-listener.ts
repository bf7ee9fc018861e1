import type { IncomingMessage, ServerResponse } from 'node:http';
import { rejectingVerifier } from '../auth/tokens/token-verifier.ts';
import { toOsloDay } from '../domain/time/day.ts';
import type { Snapshot } from '../domain/time/snapshot.ts';
import type { RegisterSnapshot } from '../store/snapshot/register-snapshot.ts';
import { createSnapshotStore } from '../store/snapshot/snapshot-store.ts';
import { createAuthentication } from './authentication.ts';
import { createCompiledResponses } from './compiled/compiled-responses.ts';
import { isMinRevisionReached, minRevisionHeader } from './min-revision.ts';
import { createPersistedDocuments } from './persisted-queries.ts';
import { createServer, endpoint, type ServerOptions } from './server.ts';

/** Answers the requests of an HTTP server. */
export interface RequestListener {
  readonly listen: (request: IncomingMessage, response: ServerResponse) => void;
  /** Begins to read the register into memory, so that the first requests are fast. */
  warmUp(): void;
  /** Stops reading the register into memory, which needs the database. */
  close(): Promise<void>;
}

/** Creates a listener that answers queries from memory if it can, and all other requests with the executor's server. */
export function createRequestListener(options: ServerOptions): RequestListener {
  const { database, log, tokenVerifier = rejectingVerifier, readAccess = 'public' } = options;
  const today = options.today ?? (() => toOsloDay(new Date()));
  const snapshots = createSnapshotStore({
    database,
    onError: (error) => log.warn({ err: error }, 'the register could not be read into memory'),
  });
  const findSnapshot = async (at: Snapshot): Promise<RegisterSnapshot | undefined> => {
    const found = snapshots.find(at);
    if (found) return found;
    const { revision } = await database.newestRevision();
    await snapshots.prepare(at, at.revision === revision && at.day === today());
    return snapshots.find(at);
  };
  const persistedDocuments = createPersistedDocuments();
  const answerWithExecutor = createServer({ ...options, findSnapshot, persistedDocuments });
  const compiledResponses = createCompiledResponses(
    {
      database,
      snapshots,
      log,
      today,
      authentication: createAuthentication(tokenVerifier, readAccess),
      readAccess,
      endpoint,
      persistedDocuments,
      cacheBytes: options.responseCacheBytes ?? 0,
    },
    answerWithExecutor,
  );
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // The executor's server waits for the revision, or explains what is wrong with it.
    const minRevision = request.headers[minRevisionHeader]?.toString();
    const isReached = minRevision === undefined || (await isMinRevisionReached(database, minRevision));
    if (response.destroyed) return;
    if (isReached) await compiledResponses.answer(request, response);
    else await answerWithExecutor(request, response);
  };
  return {
    listen: (request, response) => {
      // The response knows that it must have no body.
      if (request.method === 'HEAD' && isGraphql(request)) request.method = 'GET';
      const needsRevision = request.headers[minRevisionHeader] !== undefined;
      if (!needsRevision && compiledResponses.repeat(request, response)) return;
      // Only a connection that breaks off while its body is read gets here.
      respond(request, response).catch(() => response.destroy());
    },
    warmUp: () => {
      const prepare = async () => {
        const { revision } = await database.newestRevision();
        await snapshots.prepare({ revision, day: today() }, true);
      };
      // The first request tries again.
      prepare().catch(() => {});
    },
    close: () => snapshots.close(),
  };
}

function isGraphql({ url = '' }: IncomingMessage): boolean {
  return url === endpoint || url.startsWith(`${endpoint}?`);
}
