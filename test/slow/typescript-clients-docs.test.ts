import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { readCodeBlocks } from '../support/code-blocks.ts';
import { demoDay, openDemoRegister } from '../support/registers/demo-register.ts';
import { startHttpServer, type ListeningServer } from '../support/http/http-server.ts';
import { runProgram } from '../support/processes/run-program.ts';

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));

let database: Database;
let server: ListeningServer;
beforeAll(async () => {
  database = await openDemoRegister();
  server = await startHttpServer(database, { today: () => demoDay });
});
afterAll(async () => {
  await server.close();
  await database.close();
});

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Prepares the folder that a page describes, with its packages installed. */
async function prepareFolder(page: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'resh-client-'));
  folders.push(folder);
  await symlink(packages, join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const { file, text } of readCodeBlocks(page)) if (file) await writeFile(join(folder, file), text);
  return folder;
}

/** Returns the commands of a page except those that install packages, and the output that it shows. */
function readCommands(page: string) {
  const blocks = readCodeBlocks(page);
  const index = blocks.findIndex(({ language, text }) => language === 'sh' && !text.includes('npm install'));
  return { commands: blocks[index]?.text ?? '', shown: blocks[index + 1]?.text };
}

function runShell(commands: string, cwd: string): Promise<string> {
  return runProgram('sh', ['-ec', commands], { cwd, env: { RESH_URL: server.url, NO_COLOR: '1', CI: 'true' } });
}

function readConfigBlock(page: string): string {
  return readCodeBlocks(page).find(({ language }) => language === 'json')?.text ?? '';
}

describe('docs/clients/typescript.md', () => {
  it('has types generated from the schema of the server and prints the documented output', async () => {
    const folder = await prepareFolder('clients/typescript.md');
    const { commands, shown } = readCommands('clients/typescript.md');
    const output = await runShell(commands, folder);

    // The output of codegen comes first.
    expect(output.slice(-(shown ?? '').length)).toBe(shown);

    await writeFile(join(folder, 'tsconfig.json'), readConfigBlock('clients/typescript.md'));
    expect(await runShell('npx tsc', folder)).toBe('');

    // A field that is not selected does not compile.
    const script = await readFile(join(folder, 'ancestry.ts'), 'utf8');
    await writeFile(
      join(folder, 'ancestry.ts'),
      script.replace('register.unit', 'register').replace('unit }', 'units }'),
    );

    await expect(runShell('npx tsc', folder)).rejects.toThrow("Property 'units' does not exist");
  });
});

describe('docs/clients/urql.md', () => {
  it('answers the second query from the cache and never mixes two states of a unit', async () => {
    const folder = await prepareFolder('clients/urql.md');
    const { commands, shown } = readCommands('clients/urql.md');
    expect(await runShell(commands, folder)).toBe(shown);

    await writeFile(join(folder, 'tsconfig.json'), readConfigBlock('clients/typescript.md'));
    expect(await runShell('npx tsc', folder)).toBe('');
  });
});
