import type { Day } from './domain/day.ts';
import type { Snapshot } from './domain/snapshot.ts';
import type { Database } from './store/database.ts';
import { createLoaders, type Loaders } from './store/loaders.ts';
import { readNewestRevision, type RecordedRevision } from './store/readers/revisions.ts';

/** What one request works with. */
export interface Context {
  readonly database: Database;
  /** Today in Oslo */
  readonly today: Day;
  readonly loaders: Loaders;
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
    newestRevision,
    present: async () => ({ revision: (await newestRevision()).revision, day: today }),
  };
};
