import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { schema } from '../../src/schema/index.ts';
import { formatSchema } from '../../src/tools/format-schema.ts';
import { readCommands, runCommands, useClientFolders } from '../support/client-folders.ts';
import { readCodeBlocks } from '../support/code-blocks.ts';
import { demoDay, openDemoRegister } from '../support/registers/demo-register.ts';
import { startHttpServer, type ListeningServer } from '../support/http/http-server.ts';

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

const createFolder = useClientFolders();

function runShell(commands: string, folder: string): Promise<string> {
  return runCommands(commands, folder, server.url);
}

function readConfigBlock(page: string): string {
  return readCodeBlocks(page).find(({ language }) => language === 'json')?.text ?? '';
}

describe('docs/clients/typescript.md', () => {
  it('has types generated from the schema of the server and prints the documented output', async () => {
    const folder = await createFolder('clients/typescript.md');
    const [run] = readCommands('clients/typescript.md');
    const output = await runShell(run?.commands ?? '', folder);

    // The output of codegen comes first.
    expect(output.slice(-(run?.shown ?? '').length)).toBe(run?.shown);

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
  it('compiles with the types that its commands generate', async () => {
    const folder = await createFolder('clients/urql.md');
    const [run] = readCommands('clients/urql.md');
    await runShell(run?.commands ?? '', folder);

    await writeFile(join(folder, 'tsconfig.json'), readConfigBlock('clients/typescript.md'));
    expect(await runShell('npx tsc', folder)).toBe('');
  });
});

it.each([[['clients/graphql-sse.md']], [['clients/graphql-sse.md', 'clients/apollo.md']], [['clients/org-chart.md']]])(
  '%s: the programs compile',
  async (pages) => {
    const folder = await createFolder(...pages);
    await writeFile(join(folder, 'tsconfig.json'), readConfigBlock('clients/typescript.md'));

    expect(await runShell('npx tsc', folder)).toBe('');
  },
);

it('clients/relay.md: the programs compile', async () => {
  const folder = await createFolder('clients/relay.md');
  await writeFile(join(folder, 'schema.graphql'), formatSchema(schema));
  await writeFile(join(folder, 'relay.config.json'), readConfigBlock('clients/relay.md'));
  await writeFile(join(folder, 'tsconfig.json'), readConfigBlock('clients/typescript.md'));

  expect(await runShell('npx relay-compiler > compiler.log && npx tsc', folder)).toBe('');
});
