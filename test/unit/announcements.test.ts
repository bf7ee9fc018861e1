import { expect, it } from 'vitest';
import { createAnnouncements, type Announcements } from '../../src/store/database/revision-notifier.ts';

const never = new AbortController().signal;

/** Announcements of a register whose newest revision a test sets. */
const openRegister = () => {
  const register = { newest: 0, isAway: false, hear: () => {}, listeners: 0, looks: 0 };
  const announcements: Announcements = createAnnouncements({
    readNewest: async () => {
      register.looks += 1;
      if (register.isAway) throw new Error('The database is away.');
      return register.newest;
    },
    listen: async (hear) => {
      register.listeners += 1;
      register.hear = hear;
      return async () => void (register.listeners -= 1);
    },
  });
  const commit = (): void => {
    register.newest += 1;
    register.hear();
  };
  return { register, announcements, commit };
};

it('tells all who wait by one listener and one look', async () => {
  const { register, announcements, commit } = openRegister();
  const waiting = Promise.all(Array.from({ length: 50 }, () => announcements.beyond(0, never)));
  await Promise.resolve();
  const before = register.looks;
  commit();
  expect(new Set(await waiting)).toEqual(new Set([1]));
  expect([register.listeners, register.looks - before]).toEqual([1, 1]);
  await announcements.close();
  expect(register.listeners).toBe(0);
});

it('tells what was committed while the database was away, when it hears again', async () => {
  const { register, announcements, commit } = openRegister();
  const waiting = announcements.beyond(0, never);
  register.isAway = true;
  commit();
  await new Promise(setImmediate);
  register.isAway = false;
  register.hear();
  expect(await waiting).toBe(1);
  await announcements.close();
});

it('tells no revision that is there no more: the register was restored to an earlier state', async () => {
  const { register, announcements } = openRegister();
  register.newest = 34;
  expect(await announcements.beyond(32, never)).toBe(34);
  register.newest = 33;
  expect(await announcements.beyond(32, never)).toBe(33);
  await announcements.close();
});

it('ends a wait when its signal does, and every wait when it closes', async () => {
  const { announcements } = openRegister();
  const gone = new AbortController();
  const [left, closed] = [announcements.beyond(0, gone.signal), announcements.beyond(0, never)];
  gone.abort();
  expect(await left).toBeUndefined();
  await announcements.close();
  expect(await closed).toBeUndefined();
  expect(await announcements.beyond(0, never)).toBeUndefined();
});
