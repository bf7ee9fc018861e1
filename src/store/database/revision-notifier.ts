/** Notifies waiters of new revisions, including those that other processes recorded. */
export interface RevisionNotifier {
  /**
   * Waits for a revision after the given one.
   *
   * @returns the newest revision, or undefined if the signal or the closing of the register ended the wait
   */
  waitForRevisionAfter(revision: number, signal: AbortSignal): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Sources of a notifier. */
interface NotifierSources {
  readonly readNewest: () => Promise<number>;
  /** Calls `onNotify` after changes, perhaps without a change, until the returned function is called */
  readonly listen: (onNotify: () => void) => Promise<() => Promise<void>>;
}

// Notifications only trigger a check. A lost notification delays waiters by at most this interval.
const POLL_INTERVAL_MS = 5_000;

interface Waiter {
  readonly knownRevision: number;
  readonly resolve: (newest: number | undefined) => void;
}

/** Creates a notifier with one check at a time and one listener for all waiters; the first waiter starts both. */
export function createRevisionNotifier({ readNewest, listen }: NotifierSources): RevisionNotifier {
  const waiters = new Set<Waiter>();
  let isClosed = false;
  let pendingCheck: Promise<void> | undefined;
  let notificationCount = 0;
  let listener: Promise<() => Promise<void>> | undefined;

  // The newest revision is not cached: it is lower after the register was restored to an earlier state.
  const checkForNewRevision = async (): Promise<void> => {
    let handledCount = -1;
    while (handledCount < notificationCount && !isClosed) {
      handledCount = notificationCount;
      // While the database is unreachable, the next check tries again.
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
      const stopListening = await listener;
      await stopListening?.();
    },
  };
}
