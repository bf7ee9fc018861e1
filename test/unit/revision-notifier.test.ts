import { expect, it } from 'vitest';
import { createRevisionNotifier, type RevisionNotifier } from '../../src/store/database/revision-notifier.ts';

const neverAborted = new AbortController().signal;

/** Opens a notifier whose newest revision a test sets. */
function openNotifier() {
  const register = { newest: 0, isAway: false, notify: () => {}, listeners: 0, looks: 0 };
  const notifier: RevisionNotifier = createRevisionNotifier({
    readNewest: async () => {
      register.looks += 1;
      if (register.isAway) throw new Error('The database is away.');
      return register.newest;
    },
    listen: async (onNotify) => {
      register.listeners += 1;
      register.notify = onNotify;
      return async () => void (register.listeners -= 1);
    },
  });
  const commit = (): void => {
    register.newest += 1;
    register.notify();
  };
  return { register, announcements: notifier, commit };
}

it('notifies all waiters through one listener and one query', async () => {
  const { register, announcements, commit } = openNotifier();
  const pendingWaits = Promise.all(
    Array.from({ length: 50 }, () => announcements.waitForRevisionAfter(0, neverAborted)),
  );
  await Promise.resolve();
  const before = register.looks;
  commit();

  expect(new Set(await pendingWaits)).toEqual(new Set([1]));
  expect([register.listeners, register.looks - before]).toEqual([1, 1]);

  await announcements.close();
  expect(register.listeners).toBe(0);
});

it('reports changes committed during an outage after reconnecting', async () => {
  const { register, announcements, commit } = openNotifier();
  const pendingWait = announcements.waitForRevisionAfter(0, neverAborted);
  register.isAway = true;
  commit();
  await new Promise(setImmediate);
  register.isAway = false;
  register.notify();

  expect(await pendingWait).toBe(1);

  await announcements.close();
});

it('ignores a revision that is gone after a restore to an earlier state', async () => {
  const { register, announcements } = openNotifier();
  register.newest = 34;

  expect(await announcements.waitForRevisionAfter(32, neverAborted)).toBe(34);

  register.newest = 33;
  expect(await announcements.waitForRevisionAfter(32, neverAborted)).toBe(33);

  await announcements.close();
});

it('ends a wait on its abort signal and all waits on close', async () => {
  const { announcements } = openNotifier();
  const abortController = new AbortController();
  const [abortedWait, closedWait] = [
    announcements.waitForRevisionAfter(0, abortController.signal),
    announcements.waitForRevisionAfter(0, neverAborted),
  ];
  abortController.abort();

  expect(await abortedWait).toBeUndefined();

  await announcements.close();
  expect(await closedWait).toBeUndefined();
  expect(await announcements.waitForRevisionAfter(0, neverAborted)).toBeUndefined();
});
