import { GraphQLError } from 'graphql';
import type { Viewer } from './auth/viewer.ts';
import type { Day } from './domain/day.ts';
import type { Snapshot } from './domain/snapshot.ts';
import type { Database } from './store/database.ts';
import { createLoaders, type Loaders } from './store/loaders.ts';
import { readNewestRevision, type RecordedRevision } from './store/readers/revisions.ts';

/** Most objects that an operation may really bring: units, codes, places in pages. */
const OBJECT_LIMIT = 250_000;

/** What one request may bring, counted as it brings it, for what no estimate foresees: the way up and down a tree again and again. */
interface Budget {
  /** Counts objects; each call beyond the limit throws LIMIT_EXCEEDED */
  readonly spend: (objects: number) => void;
  /** The error of the limit, once it is passed: it stands for the whole answer */
  readonly exceeded: () => GraphQLError | undefined;
}

const createBudget = (): Budget => {
  let spent = 0;
  let exceeded: GraphQLError | undefined;
  return {
    exceeded: () => exceeded,
    spend: (objects) => {
      spent += objects;
      if (spent <= OBJECT_LIMIT) return;
      // One error for all fields that fail by it, and with a path, so that the executor makes no copy for each.
      exceeded ??= new GraphQLError(
        `The operation brings more than ${OBJECT_LIMIT} objects. Ask for smaller pages (first:) or fewer levels, and go on with «after».`,
        { path: [], extensions: { code: 'LIMIT_EXCEEDED' } },
      );
      throw exceeded;
    },
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

export const createContext = (database: Database, today: Day, viewer: Viewer | null): Context => {
  let newest: Promise<RecordedRevision> | undefined;
  const newestRevision = () => (newest ??= readNewestRevision(database.prisma));
  return {
    database,
    today,
    viewer,
    loaders: createLoaders(database.prisma),
    ...createBudget(),
    newestRevision,
    forgetNewest: () => {
      newest = undefined;
    },
    present: async () => ({ revision: (await newestRevision()).revision, day: today }),
  };
};
