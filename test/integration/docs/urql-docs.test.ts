import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { readCommands, runCommands, useClientFolders } from '../../support/client-folders.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';

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

describe('docs/clients/urql.md', () => {
  it('answers the second query from the cache and never mixes two states of a unit', async () => {
    const folder = await createFolder('clients/urql.md');
    const [run] = readCommands('clients/urql.md');

    expect(await runCommands(run?.commands ?? '', folder, server.url)).toBe(run?.shown);
  });
});
