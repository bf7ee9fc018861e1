import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { readCommands, runCommands, useClientFolders } from '../../support/client-folders.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';

const page = 'clients/org-chart.md';
const createFolder = useClientFolders();

let database: Database;
let server: ListeningServer;
let folder: string;
beforeAll(async () => {
  database = await openDemoRegister();
  server = await startHttpServer(database, { today: () => demoDay });
  folder = await createFolder(page);
});
afterAll(async () => {
  await server.close();
  await database.close();
});

describe('docs/clients/org-chart.md', () => {
  it.each(readCommands(page).map((run) => [run.commands.trim(), run] as const))(
    'shows the real output of %s',
    async (_commands, { commands, shown }) => {
      const env = { RESH_ORIGIN: new URL(server.url).origin };

      expect(await runCommands(commands, folder, server.url, env)).toBe(shown);
    },
  );

  it('has three programs', () => {
    expect(readCommands(page)).toHaveLength(3);
  });
});
