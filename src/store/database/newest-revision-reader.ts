import type { LedgerHead } from './newest-revision.ts';

/**
 * Returns a function that reads the newest revision. Calls share a statement that begins after all of them: each gets
 * a revision at least as new as the newest one at its time.
 */
export function createNewestRevisionReader(read: () => Promise<LedgerHead>): () => Promise<LedgerHead> {
  let running: Promise<unknown> | undefined;
  let next: Promise<LedgerHead> | undefined;
  const start = async (): Promise<LedgerHead> => {
    await running?.catch(() => {});
    // Requests that have arrived at the same time share the statement too.
    await new Promise(setImmediate);
    next = undefined;
    const current = read();
    running = current;
    return current;
  };
  return () => (next ??= start());
}
