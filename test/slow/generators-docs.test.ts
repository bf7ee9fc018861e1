import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import type { Database } from '../../src/store/database/database.ts';
import { formatSchema } from '../../src/tools/format-schema.ts';
import { readCommands, runCommands, useClientFolders } from '../support/client-folders.ts';
import { readCodeBlocks } from '../support/code-blocks.ts';
import { openTestDatabase } from '../support/database/database.ts';
import { startHttpServer, type ListeningServer } from '../support/http/http-server.ts';

const page = 'clients/generators.md';
const hasJavac = isInstalled('javac', '-version', 'the generated Java is NOT compiled');
const hasMcs = isInstalled('mcs', '--version', 'the generated C# is NOT compiled');
const hasGqlclientgen = isInstalled('gqlclientgen', '-h', 'schema.graphql is NOT read by it');
const createFolder = useClientFolders();

// Debian has no package of System.Text.Json.
const jsonPropertyName = `namespace System.Text.Json.Serialization {
  [AttributeUsage(AttributeTargets.Property)]
  public sealed class JsonPropertyNameAttribute : Attribute { public JsonPropertyNameAttribute(string name) {} }
}
`;

function isInstalled(program: string, argument: string, consequence: string): boolean {
  const isFound = spawnSync(program, [argument]).error === undefined;
  if (!isFound) process.stderr.write(`There is no ${program} on this machine: ${consequence}.\n`);
  return isFound;
}

let database: Database;
let server: ListeningServer;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  server = await startHttpServer(database);
  folder = await createFolder(page);
  const [run] = readCommands(page);
  await runCommands(run?.commands ?? '', folder, server.url);
});
afterAll(async () => {
  await server.close();
  await database.close();
});

function readGenerated(file: string): Promise<string> {
  return readFile(join(folder, file), 'utf8');
}

describe('docs/clients/generators.md', () => {
  it('generates TypeScript that compiles with the program on the page', async () => {
    const tsconfig = readCodeBlocks('clients/typescript.md').find(({ language }) => language === 'json')?.text ?? '';
    await writeFile(join(folder, 'tsconfig.json'), tsconfig);

    expect(await runCommands('npx tsc', folder, server.url)).toBe('');
  });

  it('maps the scalars in every language, so that none is an unknown type', async () => {
    const [java, csharp] = await Promise.all(['java/org/example/resh/Resh.java', 'csharp/Resh.cs'].map(readGenerated));

    expect(java).toMatch(/Integer getReshId\(\)/);
    expect(csharp).toMatch(/public int reshId/);
    expect([java, csharp].join('\n')).not.toMatch(/\b(?:ReshId|OrganizationNumber|Revision|Date|DateTime|any) \w+[;)]/);
  });

  it.skipIf(!hasJavac)('generates Java that javac compiles', async () => {
    await runCommands('javac -d classes java/org/example/resh/Resh.java', folder, server.url);

    expect(await readdir(join(folder, 'classes/org/example/resh'))).toContain('Resh.class');
  });

  it.skipIf(!hasMcs)('generates C# that mcs compiles', async () => {
    await writeFile(join(folder, 'csharp/JsonPropertyName.cs'), jsonPropertyName);
    await runCommands(
      'mcs -target:library -out:Resh.dll -r:System.ComponentModel.DataAnnotations csharp/*.cs',
      folder,
      server.url,
    );

    expect(await readdir(folder)).toContain('Resh.dll');
  });

  it('leaves the parent of a unit out of the C# interface, and in every class', async () => {
    const csharp = await readGenerated('csharp/Resh.cs');

    expect(csharp).not.toMatch(/^ *UnitState parent \{/m);
    expect(csharp).toMatch(/public Unit parent \{/);
    expect(csharp).toMatch(/public UnitState parent \{/);
  });

  it.skipIf(!hasGqlclientgen)('has a schema file that gqlclientgen of Debian reads', async () => {
    await writeFile(join(folder, 'schema.graphql'), formatSchema(schema));
    await runCommands('gqlclientgen -s schema.graphql -o resh.go -n resh', folder, server.url);

    expect(await readGenerated('resh.go')).toContain('type Register struct');
  });
});
