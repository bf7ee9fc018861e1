import { GraphQLError } from 'graphql';
import type { Viewer } from './auth/viewer.ts';
import type { Day } from './domain/time/day.ts';
import type { Snapshot } from './domain/time/snapshot.ts';
import type { Database } from './store/database/database.ts';
import { createSemaphore, AcquireTimeoutError } from './store/database/semaphore.ts';
import { wrapStatements, type StatementWrapper } from './store/database/wrap-statements.ts';
import { createLoaders, type Loaders } from './store/read/loaders.ts';
import { readNewestRevision, type RecordedRevision } from './store/read/revisions.ts';

/** Most objects that an operation may really bring: units, codes, places in pages. */
export const OBJECT_LIMIT = 250_000;
/** Most values that an operation may really bring, each field of each object: while they are put together nobody else is answered. */
export const VALUE_LIMIT = 1_000_000;
/** Statements that one request runs at once: whoever asks for much leaves connections to others. */
export const MAX_CONCURRENT_STATEMENTS = 4;
/** Longest that a statement waits for others of its request, in milliseconds. */
export const STATEMENT_TIMEOUT_MS = 60_000;

/** What one request may bring, counted as it brings it, for what no estimate foresees: the way up and down a tree again and again. */
interface Budget {
  /** Counts objects; each call beyond the limit throws LIMIT_EXCEEDED */
  readonly countObjects: (objects: number) => void;
  /** Counts a value; each call beyond the limit throws LIMIT_EXCEEDED */
  readonly countValue: () => void;
  /** Throws LIMIT_EXCEEDED, with the message of the limit that was passed first */
  readonly throwLimitError: (message: string) => never;
  /** The error of the limit, once it is passed: it stands for the whole answer */
  readonly limitError: () => GraphQLError | undefined;
}

/** What one request works with. */
export interface Context extends Budget {
  readonly database: Database;
  /** Today in Oslo */
  readonly today: Day;
  /** Who asks; null where no token was sent */
  readonly viewer: Viewer | null;
  /** What a client that connects again by itself was told last, as it says (Last-Event-ID) */
  readonly lastEventId?: string | null;
  readonly loaders: Loaders;
  /** The newest revision, read once for the whole request, or anew after a change of its own */
  readonly newestRevision: () => Promise<RecordedRevision>;
  /** Reads the newest revision anew when it is next asked for: a change of this request made another */
  readonly invalidateNewestRevision: () => void;
  /** Today, as known now */
  readonly currentSnapshot: () => Promise<Snapshot>;
}

export function createContext(sharedDatabase: Database, today: Day, viewer: Viewer | null): Context {
  const budget = createBudget();
  const database = { ...sharedDatabase, prisma: wrapStatements(sharedDatabase.prisma, createStatementLimiter(budget)) };
  let newest: Promise<RecordedRevision> | undefined;
  const newestRevision = () => (newest ??= readNewestRevision(database.prisma));
  return {
    ...budget,
    database,
    today,
    viewer,
    loaders: createLoaders(database.prisma),
    newestRevision,
    invalidateNewestRevision: () => {
      newest = undefined;
    },
    currentSnapshot: async () => ({ revision: (await newestRevision()).revision, day: today }),
  };
}

function createBudget(): Budget {
  let objectCount = 0;
  let valueCount = 0;
  let limitError: GraphQLError | undefined;
  const throwLimitError = (message: string): never => {
    // One error for all fields that fail by it, and with a path, so that the executor makes no copy for each.
    limitError ??= new GraphQLError(message, { path: [], extensions: { code: 'LIMIT_EXCEEDED' } });
    throw limitError;
  };
  return {
    throwLimitError,
    limitError: () => limitError,
    countObjects: (objects) => {
      objectCount += objects;
      if (objectCount > OBJECT_LIMIT)
        throwLimitError(
          `The operation brings more than ${OBJECT_LIMIT} objects. Ask for smaller pages (first:) or fewer levels, and go on with «after».`,
        );
    },
    countValue: () => {
      valueCount += 1;
      if (valueCount > VALUE_LIMIT)
        throwLimitError(
          `The operation brings more than ${VALUE_LIMIT} values. Ask for smaller pages (first:) or fewer fields, and go on with «after».`,
        );
    },
  };
}

/** Runs the statements of one request a few at a time, and no more of them once a limit is passed. */
function createStatementLimiter({ throwLimitError, limitError }: Budget): StatementWrapper {
  const withPermit = createSemaphore(MAX_CONCURRENT_STATEMENTS, STATEMENT_TIMEOUT_MS);
  return async (statement) => {
    try {
      return await withPermit(async () => {
        const error = limitError();
        if (error) throw error;
        return statement();
      });
    } catch (error) {
      if (error instanceof AcquireTimeoutError)
        return throwLimitError(
          `The operation takes more than ${STATEMENT_TIMEOUT_MS / 1_000} seconds. Ask for less at a time: fewer searches, differences or filters.`,
        );
      throw error;
    }
  };
}
