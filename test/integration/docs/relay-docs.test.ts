import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { formatSchema } from '../../../src/tools/format-schema.ts';
import { readCodeBlocks } from '../../support/code-blocks.ts';
import { readCommands, runCommands, useClientFolders } from '../../support/client-folders.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { signToken } from '../../support/http/tokens.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';

const page = 'clients/relay.md';
const createFolder = useClientFolders();

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

it('docs/clients/relay.md pages, refetches and refreshes as it shows', async () => {
  const [run] = readCommands(page);
  const folder = await createFolder(page);
  await writeFile(join(folder, 'schema.graphql'), formatSchema(schema));
  const config = readCodeBlocks(page).find(({ language }) => language === 'json')?.text ?? '';
  await writeFile(join(folder, 'relay.config.json'), config);

  const output = await runCommands(run?.commands ?? '', folder, server.url, {
    RESH_TOKEN: await signToken('operator'),
  });

  // The output of the compiler comes first.
  expect(output.slice(output.indexOf('live'))).toBe(run?.shown);
});
