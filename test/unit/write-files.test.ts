import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFiles } from '../../src/cli/write-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const generateLines = async function* (text: string, count: number) {
  for (let line = 0; line < count; line += 1) {
    await setImmediate();
    yield `${text}\n`;
  }
};

it('leaves one whole file when two are written concurrently under one name', async () => {
  const path = join(folder, 'units.csv');
  await Promise.all([
    writeFiles([{ path, chunks: generateLines('first', 200) }]),
    writeFiles([{ path, chunks: generateLines('other', 100) }]),
  ]);

  expect(['first\n'.repeat(200), 'other\n'.repeat(100)]).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['units.csv']);
});

it('leaves the existing file after a failed write, without temporary files', async () => {
  const path = join(folder, 'units.csv');
  await writeFile(path, 'before');
  const failingChunks = async function* () {
    yield* generateLines('half', 10);
    throw new Error('The connection is lost');
  };
  const pendingWrite = writeFiles([
    { path, chunks: generateLines('whole', 1) },
    { path: join(folder, 'codes.csv'), chunks: failingChunks() },
  ]);

  await expect(pendingWrite).rejects.toThrow('The connection is lost');
  expect(await readdir(folder)).toEqual(['units.csv']);
  expect(await readFile(path, 'utf8')).toBe('before');
});
