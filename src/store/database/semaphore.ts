/** Work waited longer than the timeout for its turn. The code is PostgreSQL's `lock_not_available`. */
export class AcquireTimeoutError extends Error {
  override readonly name = 'AcquireTimeoutError';
  readonly code = '55P03';
}

/**
 * Creates a semaphore: at most `permits` pieces of work run at once, in the order of their calls.
 *
 * @param timeoutMs how long work waits for its turn before it fails with AcquireTimeoutError
 */
export function createSemaphore(permits: number, timeoutMs: number): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let running = 0;
  const acquire = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const grant = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(grant), 1);
        reject(new AcquireTimeoutError(`Waited more than ${timeoutMs / 1_000} seconds for other work to end.`));
      }, timeoutMs);
      queue.push(grant);
    });
  return async (work) => {
    if (running < permits) running += 1;
    else await acquire();
    try {
      return await work();
    } finally {
      // The permit goes directly to the next in the queue, so work that arrives later cannot overtake it.
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** Returns a function that runs work one piece at a time, in the order of the calls. */
export function createSerialRunner(): <T>(work: () => Promise<T>) => Promise<T> {
  let previous: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = previous.then(work);
    previous = result.catch(() => {});
    return result;
  };
}
