import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { Database } from '../database/database.ts';
import type { LedgerHead } from '../database/newest-revision.ts';
import { advanceSnapshot, RestoredRegisterError } from './advance-snapshot.ts';
import { readSnapshot } from './read-snapshot.ts';
import type { RegisterSnapshot } from './register-snapshot.ts';
import { createSearchIndexStore, type SearchIndexStore } from './search/search-index-store.ts';

/** Snapshots of the register in memory. */
export interface SnapshotStore {
  /**
   * Drops all snapshots if the newest revision shows that the register was restored to an earlier state.
   *
   * @returns whether it was
   */
  noteNewest(newest: LedgerHead): boolean;
  /** Returns a snapshot if it is in memory. */
  find(at: Snapshot): RegisterSnapshot | undefined;
  /**
   * Makes a snapshot available to requests. Waits only if it follows from an older one of the same day by few rows;
   * otherwise the snapshot is read in the background.
   *
   * @param isCurrent whether it is that of today and the newest revision; any other is read when it is requested a
   *   second time
   */
  prepare(at: Snapshot, isCurrent: boolean): Promise<void>;
  /** Returns the search index with all revisions up to one; undefined until it has been read. */
  readonly findSearchIndex: SearchIndexStore['find'];
  /** Stops reading, and waits for what is being read. */
  close(): Promise<void>;
}

export interface SnapshotStoreOptions {
  readonly database: Database;
  /** Receives errors of reading in the background */
  readonly onError: (error: unknown) => void;
}

/** Most snapshots in memory, and most units of them together, about 200 bytes each; one snapshot is always kept. */
const SNAPSHOT_LIMIT = 4;
const UNIT_LIMIT = 2_000_000;
/** Most snapshots for which the store remembers a request. */
const REQUESTED_LIMIT = 100;
/** Time after an error before the next attempt, in milliseconds. */
const RETRY_DELAY_MS = 5_000;

/** Creates a store that advances one snapshot at a time, and reads one at a time in the background. */
export function createSnapshotStore({ database, onError }: SnapshotStoreOptions): SnapshotStore {
  const snapshots = new Map<string, RegisterSnapshot>();
  const requested = new Map<string, true>();
  const searchIndexes = createSearchIndexStore(database, onError);
  let advancing: Promise<boolean> | undefined;
  let reading: Promise<void> | undefined;
  let isClosed = false;
  let retryAt = 0;
  let newestSeen: LedgerHead = { revision: 0, hash: null };
  let clearCount = 0;

  const clear = (): void => {
    clearCount += 1;
    snapshots.clear();
    searchIndexes.clear();
  };
  const canMake = (at: Snapshot): boolean => !snapshots.has(formatKey(at)) && !isClosed && Date.now() >= retryAt;
  const handleError = (error: unknown): void => {
    retryAt = Date.now() + RETRY_DELAY_MS;
    if (!isClosed) onError(error);
  };
  /** @param startedAt `clearCount` when the snapshot was begun */
  const keep = (snapshot: RegisterSnapshot, startedAt: number): void => {
    // What was read while the register was restored may be of the state before.
    if (startedAt !== clearCount) return;
    remember(snapshots, formatKey(snapshot.at), snapshot, SNAPSHOT_LIMIT);
    let unitCount = [...snapshots.values()].reduce((sum, { units }) => sum + units.length, 0);
    for (const [key, { units }] of snapshots) {
      if (unitCount <= UNIT_LIMIT || snapshots.size === 1) return;
      snapshots.delete(key);
      unitCount -= units.length;
    }
  };
  const advance = async (base: RegisterSnapshot, at: Snapshot): Promise<boolean> => {
    const startedAt = clearCount;
    try {
      const snapshot = await advanceSnapshot(database, base, at.revision);
      // A base that is too old for one revision is too old for those after it.
      snapshots.delete(formatKey(base.at));
      if (!snapshot) return false;
      keep(snapshot, startedAt);
      return true;
    } catch (error) {
      if (error instanceof RestoredRegisterError) clear();
      else handleError(error);
      return false;
    } finally {
      advancing = undefined;
    }
  };
  const read = async (at: Snapshot): Promise<void> => {
    const startedAt = clearCount;
    try {
      keep(await readSnapshot(database, at), startedAt);
    } catch (error) {
      handleError(error);
    } finally {
      reading = undefined;
    }
  };

  return {
    noteNewest: (newest) => {
      const isOlder = newest.revision < newestSeen.revision;
      const isRestored = isOlder || (newest.revision === newestSeen.revision && newest.hash !== newestSeen.hash);
      if (isRestored) clear();
      newestSeen = newest;
      return isRestored;
    },
    find: (at) => {
      const snapshot = snapshots.get(formatKey(at));
      if (snapshot) remember(snapshots, formatKey(at), snapshot, SNAPSHOT_LIMIT);
      return snapshot;
    },
    prepare: async (at, isCurrent) => {
      const key = formatKey(at);
      const wasRequested = requested.has(key);
      remember(requested, key, true, REQUESTED_LIMIT);
      // What another request is waiting for may be what this one needs.
      while (advancing) await advancing;
      if (!canMake(at)) return;
      const base = findBase(snapshots.values(), at);
      if (base) advancing = advance(base, at);
      if (await advancing) return;
      if ((base || isCurrent || wasRequested) && canMake(at)) reading ??= read(at);
    },
    findSearchIndex: (revision) => searchIndexes.find(revision),
    close: async () => {
      isClosed = true;
      await Promise.all([searchIndexes.close(), advancing, reading]);
    },
  };
}

function formatKey({ revision, day }: Snapshot): string {
  return `${revision} ${day}`;
}

/** Finds the newest snapshot of the same day at an earlier revision. */
function findBase(snapshots: Iterable<RegisterSnapshot>, { revision, day }: Snapshot): RegisterSnapshot | undefined {
  return [...snapshots]
    .filter(({ at }) => at.day === day && at.revision < revision)
    .sort((one, other) => other.at.revision - one.at.revision)[0];
}

/** Sets a value as the one used last, and forgets the one that has not been used for longest. */
function remember<Value>(values: Map<string, Value>, key: string, value: Value, limit: number): void {
  values.delete(key);
  values.set(key, value);
  const [oldest] = values.keys();
  if (values.size > limit && oldest !== undefined) values.delete(oldest);
}
