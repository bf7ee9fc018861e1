import { GraphQLError } from 'graphql';
import type { Day } from './domain/day.ts';
import type { Snapshot } from './domain/snapshot.ts';
import type { Database } from './store/database.ts';
import { createLoaders, type Loaders } from './store/loaders.ts';
import { readNewestRevision, type RecordedRevision } from './store/readers/revisions.ts';

/** Most objects that an operation may really bring: units, codes, places in pages. */
const OBJECT_LIMIT = 500_000;

/** Counts what one request brings, for what no estimate foresees: the way up and down a tree again and again. */
type Budget = (objects: number) => void;

// The call that goes beyond it throws LIMIT_EXCEEDED.
const createBudget = (): Budget => {
  let spent = 0;
  return (objects) => {
    spent += objects;
    if (spent > OBJECT_LIMIT)
      throw new GraphQLError(
        `The operation brings more than ${OBJECT_LIMIT} objects. Ask for smaller pages (first:) or fewer levels, and go on with «after».`,
        { extensions: { code: 'LIMIT_EXCEEDED' } },
      );
  };
};

/** What one request works with. */
export interface Context {
  readonly database: Database;
  /** Today in Oslo */
  readonly today: Day;
  readonly loaders: Loaders;
  /** Counts what the request brings, and refuses too much */
  readonly spend: Budget;
  /** The newest revision, read once for the whole request */
  readonly newestRevision: () => Promise<RecordedRevision>;
  /** Today, as known now */
  readonly present: () => Promise<Snapshot>;
}

export const createContext = (database: Database, today: Day): Context => {
  let newest: Promise<RecordedRevision> | undefined;
  const newestRevision = () => (newest ??= readNewestRevision(database.prisma));
  return {
    database,
    today,
    loaders: createLoaders(database.prisma),
    spend: createBudget(),
    newestRevision,
    present: async () => ({ revision: (await newestRevision()).revision, day: today }),
  };
};
