import type { Viewer } from './auth/viewer.ts';
import { createBudget, type Budget } from './context/budget.ts';
import { createStatementLimiter } from './context/statement-limiter.ts';
import type { Language } from './domain/text/language.ts';
import type { Day } from './domain/time/day.ts';
import type { Snapshot } from './domain/time/snapshot.ts';
import type { Database } from './store/database/database.ts';
import { wrapStatements } from './store/database/wrap-statements.ts';
import { createLoaders, type Loaders } from './store/read/loaders.ts';
import { readNewestRevision, type RecordedRevision } from './store/read/revisions.ts';
import { createPinnedClient } from './store/replicas/pinned-client.ts';
import { noReplicas, type ReplicaSet } from './store/replicas/replica-set.ts';

/** The state of one request. */
export interface Context extends Budget {
  readonly database: Database;
  /** Today in Oslo */
  readonly today: Day;
  /** The person identified by the token; null without a token */
  readonly viewer: Viewer | null;
  /** Language of messages */
  readonly language: Language;
  /** Id of the last event that a reconnecting client received (Last-Event-ID) */
  readonly lastEventId?: string | null;
  readonly loaders: Loaders;
  /** The newest revision, read once for the request, and again after a change made by it */
  readonly newestRevision: () => Promise<RecordedRevision>;
  /** Forgets the newest revision, because this request has made a change */
  readonly invalidateNewestRevision: () => void;
  /** Sends all later reads of this request to the primary, because they belong to a change or to later revisions */
  readonly usePrimary: () => void;
  /** Today, as known now */
  readonly currentSnapshot: () => Promise<Snapshot>;
}

/**
 * Creates the context of one request: its loaders, its budget, and a database that runs few of its statements at once.
 *
 * @param replicas answer reads of the request if they have reached the newest revision, as read from the primary
 */
export function createContext(
  sharedDatabase: Database,
  today: Day,
  viewer: Viewer | null,
  language: Language,
  replicas: ReplicaSet = noReplicas,
): Context {
  const budget = createBudget();
  const limit = createStatementLimiter(budget);
  const primary = wrapStatements(sharedDatabase.prisma, limit);
  let newest: Promise<RecordedRevision> | undefined;
  const newestRevision = () => (newest ??= readNewestRevision(primary));
  const { prisma, usePrimary } = createPinnedClient({ primary, replicas, limit, readPin: newestRevision });
  return {
    ...budget,
    database: { ...sharedDatabase, prisma },
    today,
    viewer,
    language,
    loaders: createLoaders(prisma),
    newestRevision,
    usePrimary,
    invalidateNewestRevision: () => {
      newest = undefined;
    },
    currentSnapshot: async () => ({ revision: (await newestRevision()).revision, day: today }),
  };
}
