import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram, startProgram } from '../support/processes/run-program.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const copied = ['package.json', 'package-lock.json', 'prisma.config.ts', 'prisma/schema.prisma', 'src/tools'];
const copiedOutputs = ['src/generated/stamp', 'src/generated/prisma', 'src/generated/pothos.ts'];

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'resh-launch-'));
  for (const path of [...copied, ...copiedOutputs])
    await cp(join(project, path), join(root, path), { recursive: true });
  await mkdir(join(root, 'node_modules'));
  for (const name of ['esbuild', 'tsx', 'prisma'])
    await symlink(join(project, 'node_modules', name), join(root, 'node_modules', name));
  await writeFile(join(root, 'src/main.ts'), 'export {};\n');
  await writeProgram(`import { word } from './word.ts';\nprocess.stdout.write(word + process.argv.slice(2).join());\n`);
  await writeWord('first');
});

afterEach(() => rm(root, { recursive: true, force: true }));

function writeProgram(text: string): Promise<void> {
  return writeFile(join(root, 'src/cli.ts'), text);
}

function writeWord(word: string): Promise<void> {
  return writeFile(join(root, 'src/word.ts'), `export const word: string = '${word} ';\n`);
}

function launch(...args: string[]): Promise<string> {
  return runProgram(process.execPath, ['src/tools/launch.js', 'cli', ...args], { cwd: root });
}

async function launchAndFail(): Promise<string> {
  const { child, output } = startProgram(process.execPath, ['src/tools/launch.js', 'cli'], { cwd: root });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(1);
  return output();
}

function listBuilds(): Promise<string[]> {
  return readdir(join(root, 'node_modules/.cache/resh-graph'));
}

describe('launching a program', () => {
  it('compiles it once, and again after an edit', async () => {
    expect(await launch('--help', 'a b')).toBe('first --help,a b');
    const builds = await listBuilds();
    expect(builds).toHaveLength(1);

    expect(await launch()).toBe('first ');
    expect(await listBuilds()).toEqual(builds);

    await writeWord('second');
    expect(await launch()).toBe('second ');

    await writeWord('first');
    expect(await launch()).toBe('first ');
    expect(await listBuilds()).toHaveLength(2);
  });

  it('keeps the five newest builds', async () => {
    for (const word of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await writeWord(word);
      await launch();
    }

    expect(await listBuilds()).toHaveLength(5);
  });

  it('works for several processes that start at once', async () => {
    expect(await Promise.all([launch('1'), launch('2'), launch('3')])).toEqual(['first 1', 'first 2', 'first 3']);
    expect(await listBuilds()).toHaveLength(1);
  });

  it('works where it may not keep a build', async () => {
    await writeFile(join(root, 'node_modules/.cache'), '');

    expect(await launch('--help')).toBe('first --help');
  });

  it('names files and lines of the sources in the stack of an error', async () => {
    await writeProgram(`interface Named {\n  name: string;\n}\nconst named = {} as Named;\nnamed.name.trim();\n`);

    expect(await launchAndFail()).toMatch(/TypeError: [^\n]*\n\s+at [^\n]*src\/cli\.ts:5:12/);
  });

  it('prints where a source has a syntax error, and compiles the corrected source', async () => {
    await writeProgram('const = 1;\n');

    expect(await launchAndFail()).toContain('src/cli.ts:1:6');

    await writeProgram('process.stdout.write(import.meta.url);\n');
    expect(await launch()).toMatch(/^file:.*\/src\/cli\.ts$/);
    expect(await listBuilds()).toHaveLength(1);
  });

  it('takes the lock of a process that was killed while it generated', async () => {
    await writeFile(join(root, 'src/generated/lock'), String(2 ** 22 + 1));

    expect(await launch()).toBe('first ');
    expect(await readdir(join(root, 'src/generated'))).not.toContain('lock');
  });
});
