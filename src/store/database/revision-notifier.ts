/** Tells those who wait that the register has a newer revision, whichever process made it. */
export interface Announcements {
  /**
   * Waits until there is a revision after one that is known.
   *
   * @returns the newest revision; undefined where the signal or the closing of the register ended the wait
   */
  beyond(known: number, signal: AbortSignal): Promise<number | undefined>;
  close(): Promise<void>;
}

/** What announcements are made from. */
interface Sources {
  readonly readNewest: () => Promise<number>;
  /** Calls `hear` when a change may have been made, until the function it gives is called */
  readonly listen: (hear: () => void) => Promise<() => Promise<void>>;
}

// What is heard is only a reason to look: whatever is not heard costs this much time, and nothing else.
const LOOK_ANYWAY_MS = 5_000;

interface Waiting {
  readonly known: number;
  readonly resolve: (newest: number | undefined) => void;
}

/** One look at the newest revision at a time, and one listener, however many wait; none before the first does. */
export const createAnnouncements = ({ readNewest, listen }: Sources): Announcements => {
  const waiting = new Set<Waiting>();
  let isClosed = false;
  let looking: Promise<void> | undefined;
  let heard = 0;
  let listening: Promise<() => Promise<void>> | undefined;

  // What was read is not kept: the newest revision is a lower one where the register was restored to an earlier state.
  const look = async (): Promise<void> => {
    for (let seen = -1; seen < heard && !isClosed;) {
      seen = heard;
      // A database out of reach is asked again by the next look.
      const newest = await readNewest().catch(() => 0);
      for (const one of waiting) if (one.known < newest) one.resolve(newest);
    }
    looking = undefined;
  };
  const hear = (): void => {
    if (isClosed || waiting.size === 0) return;
    heard += 1;
    looking ??= look();
  };
  const lookAnyway = setInterval(hear, LOOK_ANYWAY_MS).unref();
  const begin = (): void => {
    listening ??= listen(hear).catch(() => {
      listening = undefined;
      return async () => {};
    });
  };

  return {
    beyond: async (known, signal) => {
      if (isClosed || signal.aborted) return undefined;
      begin();
      return new Promise((resolve) => {
        const leave = (): void => one.resolve(undefined);
        const one: Waiting = {
          known,
          resolve: (found) => {
            waiting.delete(one);
            signal.removeEventListener('abort', leave);
            resolve(found);
          },
        };
        waiting.add(one);
        signal.addEventListener('abort', leave);
        hear();
      });
    },
    close: async () => {
      isClosed = true;
      clearInterval(lookAnyway);
      for (const one of waiting) one.resolve(undefined);
      await looking;
      await (
        await listening
      )?.();
    },
  };
};
