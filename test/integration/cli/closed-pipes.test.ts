import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProgram } from '../../support/processes/run-program.ts';

const root = join(import.meta.dirname, '../../..');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-closed-pipes-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([['--help'], ['extract', '--help'], ['token', '--as', 'kari'], ['migrate']])(
  'succeeds without output when the reader of its output is gone: %s',
  async (...command) => {
    const { child, output } = startProgram(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...command], {
      cwd: root,
      env: { DATA_DIR: folder },
    });
    child.stdout?.destroy();

    expect(await once(child, 'close')).toEqual([0, null]);
    expect(output()).toBe('');
  },
);
