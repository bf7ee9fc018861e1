import type { LedgerHead } from './newest-revision.ts';

/**
 * Returns a function that reads the newest revision. Calls share a statement that begins after all of them: each gets
 * a revision at least as new as the newest one at its time.
 */
export function createNewestRevisionReader(read: () => Promise<LedgerHead>): () => Promise<LedgerHead> {
  let running: Promise<LedgerHead> | undefined;
  let next: Promise<LedgerHead> | undefined;
  const start = (): Promise<LedgerHead> => {
    next = undefined;
    const current = read().finally(() => {
      if (running === current) running = undefined;
    });
    running = current;
    return current;
  };
  return () => {
    if (!running) return start();
    return (next ??= running.then(start, start));
  };
}
