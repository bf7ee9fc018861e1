/** Somebody waited for a turn longer than anybody should. The code is PostgreSQL's for a lock that is not to be had. */
export class AcquireTimeoutError extends Error {
  override readonly name = 'NoTurnError';
  readonly code = '55P03';
}

/**
 * Lets work run a few at a time, in the order in which it comes.
 *
 * @param timeoutMs how long anything waits for its turn; then it fails with NoTurnError
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
        reject(new AcquireTimeoutError(`There was no turn within ${timeoutMs / 1_000} seconds.`));
      }, timeoutMs);
      queue.push(grant);
    });
  return async (work) => {
    if (running < permits) running += 1;
    else await acquire();
    try {
      return await work();
    } finally {
      // A turn is handed on as it is: whoever comes meanwhile does not get in between.
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
