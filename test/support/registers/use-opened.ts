import { afterAll, beforeAll } from 'vitest';

/**
 * Opens something before the tests of a file or block, and closes it after them.
 *
 * @returns a function that returns what was opened, for tests and hooks
 */
export function useOpened<Opened extends { close(): Promise<unknown> }>(open: () => Promise<Opened>): () => Opened {
  let opened: Opened | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.close());

  return () => {
    if (!opened) throw new Error('Nothing is open yet: use it in tests and hooks only.');
    return opened;
  };
}
