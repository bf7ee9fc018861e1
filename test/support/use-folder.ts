import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/**
 * Creates an empty folder for each test of a file or block, and removes it after the test.
 *
 * @returns a function that returns the path of the folder, for tests and hooks
 */
export function useFolder(): () => string {
  let folder: string | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'resh-test-'));
  });
  afterEach(() => folder && rm(folder, { recursive: true, force: true }));

  return () => {
    if (folder === undefined) throw new Error('There is no folder yet: use it in tests and hooks only.');
    return folder;
  };
}
