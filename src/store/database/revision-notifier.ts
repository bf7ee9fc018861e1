/** Tells those who wait that the register has a newer revision, whichever process made it. */
export interface RevisionNotifier {
  /**
   * Waits until there is a revision after one that is known.
   *
   * @returns the newest revision; undefined where the signal or the closing of the register ended the wait
   */
  waitForRevisionAfter(revision: number, signal: AbortSignal): Promise<number | undefined>;
  close(): Promise<void>;
}

/** What announcements are made from. */
interface NotifierSources {
  readonly readNewest: () => Promise<number>;
  /** Calls `hear` when a change may have been made, until the function it gives is called */
  readonly listen: (onNotify: () => void) => Promise<() => Promise<void>>;
}

// What is heard is only a reason to look: whatever is not heard costs this much time, and nothing else.
const POLL_INTERVAL_MS = 5_000;

interface Waiter {
  readonly knownRevision: number;
  readonly resolve: (newest: number | undefined) => void;
}

/** One look at the newest revision at a time, and one listener, however many wait; none before the first does. */
export function createRevisionNotifier({ readNewest, listen }: NotifierSources): RevisionNotifier {
  const waiters = new Set<Waiter>();
  let isClosed = false;
  let pendingCheck: Promise<void> | undefined;
  let notificationCount = 0;
  let listener: Promise<() => Promise<void>> | undefined;

  // What was read is not kept: the newest revision is a lower one where the register was restored to an earlier state.
  const checkForNewRevision = async (): Promise<void> => {
    for (let handledCount = -1; handledCount < notificationCount && !isClosed;) {
      handledCount = notificationCount;
      // A database out of reach is asked again by the next look.
      const newest = await readNewest().catch(() => 0);
      for (const waiter of waiters) if (waiter.knownRevision < newest) waiter.resolve(newest);
    }
    pendingCheck = undefined;
  };
  const onNotify = (): void => {
    if (isClosed || waiters.size === 0) return;
    notificationCount += 1;
    pendingCheck ??= checkForNewRevision();
  };
  const pollTimer = setInterval(onNotify, POLL_INTERVAL_MS).unref();
  const startListening = (): void => {
    listener ??= listen(onNotify).catch(() => {
      listener = undefined;
      return async () => {};
    });
  };

  return {
    waitForRevisionAfter: async (knownRevision, signal) => {
      if (isClosed || signal.aborted) return undefined;
      startListening();
      return new Promise((resolve) => {
        const stopWaiting = (): void => waiter.resolve(undefined);
        const waiter: Waiter = {
          knownRevision,
          resolve: (revision) => {
            waiters.delete(waiter);
            signal.removeEventListener('abort', stopWaiting);
            resolve(revision);
          },
        };
        waiters.add(waiter);
        signal.addEventListener('abort', stopWaiting);
        onNotify();
      });
    },
    close: async () => {
      isClosed = true;
      clearInterval(pollTimer);
      for (const waiter of waiters) waiter.resolve(undefined);
      await pendingCheck;
      await (
        await listener
      )?.();
    },
  };
}
