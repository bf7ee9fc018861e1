import type { Database } from '../../database/database.ts';
import { RestoredRegisterError } from '../advance-snapshot.ts';
import { advanceSearchIndex, readSearchIndex } from './read-search-index.ts';
import type { SearchIndex } from './search-index.ts';

/** Keeps the search index in memory from the first search on. */
export interface SearchIndexStore {
  /**
   * Returns the index with all revisions up to one. It reads the rows of new revisions first; the first time, it begins
   * to read the whole index and returns undefined until that is done.
   */
  find(revision: number): Promise<SearchIndex | undefined>;
  clear(): void;
  /** Stops reading, and waits for what is being read. */
  close(): Promise<void>;
}

/** Time after an error before the next attempt, in milliseconds. */
const RETRY_DELAY_MS = 5_000;

/**
 * Creates a store without an index.
 *
 * @param onError receives errors of reading in the background
 */
export function createSearchIndexStore(database: Database, onError: (error: unknown) => void): SearchIndexStore {
  let index: SearchIndex | undefined;
  let reading: Promise<void> | undefined;
  let isClosed = false;
  let retryAt = 0;
  let clearCount = 0;

  const read = async (revision: number): Promise<void> => {
    const [base, clearCountBefore] = [index, clearCount];
    try {
      if (base) await advanceSearchIndex(database, base, revision);
      const next = base ?? (await readSearchIndex(database, revision));
      // What was read while the register was restored may be of the state before.
      if (clearCount === clearCountBefore) index = next;
    } catch (error) {
      // An index that was advanced in part is of no use.
      index = undefined;
      if (error instanceof RestoredRegisterError) return;
      retryAt = Date.now() + RETRY_DELAY_MS;
      if (!isClosed) onError(error);
    } finally {
      reading = undefined;
    }
  };

  return {
    find: async (revision) => {
      // What another search is waiting for may be enough for this one.
      while (index && reading) await reading;
      if (index && index.revision >= revision) return index;
      if (isClosed || Date.now() < retryAt) return undefined;
      reading ??= read(revision);
      if (index) await reading;
      return index && index.revision >= revision ? index : undefined;
    },
    clear: () => {
      index = undefined;
      clearCount += 1;
    },
    close: async () => {
      isClosed = true;
      await reading;
    },
  };
}
