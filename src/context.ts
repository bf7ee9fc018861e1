import { GraphQLError } from 'graphql';
import type { Viewer } from './auth/viewer.ts';
import type { Day } from './domain/time/day.ts';
import type { Snapshot } from './domain/time/snapshot.ts';
import type { Database } from './store/database/database.ts';
import { eachStatement, type AroundStatement } from './store/database/wrap-statements.ts';
import { createLoaders, type Loaders } from './store/read/loaders.ts';
import { readNewestRevision, type RecordedRevision } from './store/read/revisions.ts';
import { inTurns, NoTurnError } from './store/database/semaphore.ts';

/** Most objects that an operation may really bring: units, codes, places in pages. */
const OBJECT_LIMIT = 250_000;
/** Most values that an operation may really bring, each field of each object: while they are put together nobody else is answered. */
const VALUE_LIMIT = 1_000_000;
/** Statements that one request runs at once: whoever asks for much leaves connections to others. */
const STATEMENTS_AT_ONCE = 4;
/** Longest that a statement waits for others of its request, in milliseconds. */
const PATIENCE_MS = 60_000;

/** What one request may bring, counted as it brings it, for what no estimate foresees: the way up and down a tree again and again. */
interface Budget {
  /** Counts objects; each call beyond the limit throws LIMIT_EXCEEDED */
  readonly spend: (objects: number) => void;
  /** Counts a value; each call beyond the limit throws LIMIT_EXCEEDED */
  readonly countValue: () => void;
  /** Throws LIMIT_EXCEEDED, with the message of the limit that was passed first */
  readonly exceed: (message: string) => never;
  /** The error of the limit, once it is passed: it stands for the whole answer */
  readonly exceeded: () => GraphQLError | undefined;
}

const createBudget = (): Budget => {
  let spent = 0;
  let values = 0;
  let exceeded: GraphQLError | undefined;
  const exceed = (message: string): never => {
    // One error for all fields that fail by it, and with a path, so that the executor makes no copy for each.
    exceeded ??= new GraphQLError(message, { path: [], extensions: { code: 'LIMIT_EXCEEDED' } });
    throw exceeded;
  };
  return {
    exceed,
    exceeded: () => exceeded,
    spend: (objects) => {
      spent += objects;
      if (spent > OBJECT_LIMIT)
        exceed(
          `The operation brings more than ${OBJECT_LIMIT} objects. Ask for smaller pages (first:) or fewer levels, and go on with «after».`,
        );
    },
    countValue: () => {
      values += 1;
      if (values > VALUE_LIMIT)
        exceed(
          `The operation brings more than ${VALUE_LIMIT} values. Ask for smaller pages (first:) or fewer fields, and go on with «after».`,
        );
    },
  };
};

/** Runs the statements of one request a few at a time, and no more of them once a limit is passed. */
const inTurnWithin = ({ exceed, exceeded }: Budget): AroundStatement => {
  const inTurn = inTurns(STATEMENTS_AT_ONCE, PATIENCE_MS);
  return async (statement) => {
    try {
      return await inTurn(async () => {
        const error = exceeded();
        if (error) throw error;
        return statement();
      });
    } catch (error) {
      if (error instanceof NoTurnError)
        return exceed(
          `The operation takes more than ${PATIENCE_MS / 1_000} seconds. Ask for less at a time: fewer searches, differences or filters.`,
        );
      throw error;
    }
  };
};

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
  readonly forgetNewest: () => void;
  /** Today, as known now */
  readonly present: () => Promise<Snapshot>;
}

export const createContext = (shared: Database, today: Day, viewer: Viewer | null): Context => {
  const budget = createBudget();
  const database = { ...shared, prisma: eachStatement(shared.prisma, inTurnWithin(budget)) };
  let newest: Promise<RecordedRevision> | undefined;
  const newestRevision = () => (newest ??= readNewestRevision(database.prisma));
  return {
    ...budget,
    database,
    today,
    viewer,
    loaders: createLoaders(database.prisma),
    newestRevision,
    forgetNewest: () => {
      newest = undefined;
    },
    present: async () => ({ revision: (await newestRevision()).revision, day: today }),
  };
};
