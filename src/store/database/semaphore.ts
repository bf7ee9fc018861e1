/** Somebody waited for a turn longer than anybody should. The code is PostgreSQL's for a lock that is not to be had. */
export class NoTurnError extends Error {
  override readonly name = 'NoTurnError';
  readonly code = '55P03';
}

/**
 * Lets work run a few at a time, in the order in which it comes.
 *
 * @param patienceMs how long anything waits for its turn; then it fails with NoTurnError
 */
export const inTurns = (atOnce: number, patienceMs: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const waiting: (() => void)[] = [];
  let running = 0;
  const turn = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(impatience);
        resolve();
      };
      const impatience = setTimeout(() => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(new NoTurnError(`There was no turn within ${patienceMs / 1_000} seconds.`));
      }, patienceMs);
      waiting.push(begin);
    });
  return async (work) => {
    if (running < atOnce) running += 1;
    else await turn();
    try {
      return await work();
    } finally {
      // A turn is handed on as it is: whoever comes meanwhile does not get in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
};
