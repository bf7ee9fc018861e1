/**
 * Returns a function that reads the newest revision. Calls share a statement that begins after all of them: each gets
 * a revision at least as new as the newest one at its time.
 */
export function createNewestRevisionReader(read: () => Promise<number>): () => Promise<number> {
  let running: Promise<number> | undefined;
  let next: Promise<number> | undefined;
  const start = (): Promise<number> => {
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
