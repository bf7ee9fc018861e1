import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { readCodeBlocks, type CodeBlock } from './code-blocks.ts';
import { runProgram } from './processes/run-program.ts';

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));

/**
 * Returns a function that creates the folder that pages describe, with the files on them and the packages of the
 * project. The folders are removed after the tests of the file.
 */
export function useClientFolders(): (...pages: readonly string[]) => Promise<string> {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));
  return async (...pages) => {
    const folder = await mkdtemp(join(tmpdir(), 'resh-client-'));
    folders.push(folder);
    await symlink(packages, join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    for (const { file, text } of pages.flatMap(readCodeBlocks)) if (file) await writeFile(join(folder, file), text);
    return folder;
  };
}

/** Commands on a page, and the output that it shows for them. */
export interface ShownCommands {
  readonly commands: string;
  readonly shown: string;
}

/** Returns the commands of a page except those that install packages. */
export function readCommands(page: string): ShownCommands[] {
  const blocks: readonly CodeBlock[] = readCodeBlocks(page);
  return blocks.flatMap(({ language, text }, index) =>
    language === 'sh' && !text.includes('npm install')
      ? [{ commands: text, shown: blocks[index + 1]?.text ?? '' }]
      : [],
  );
}

/** Runs commands in the folder of a client; they find the server in RESH_URL. */
export function runCommands(
  commands: string,
  folder: string,
  url: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return runProgram('sh', ['-ec', commands], {
    cwd: folder,
    env: { RESH_URL: url, NO_COLOR: '1', CI: 'true', ...env },
  });
}
