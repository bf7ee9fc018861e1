import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { readCommands, runCommands, useClientFolders } from '../../support/client-folders.ts';
import { createClient } from '../../support/http/client.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { signToken } from '../../support/http/tokens.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import { createMutations } from '../../support/mutations/mutations.ts';
import { startProgram, stopProgram, waitForOutput } from '../../support/processes/run-program.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';

const page = 'clients/apollo.md';
const [twoDays, live, persisted, interfaces] = readCommands(page);
const createFolder = useClientFolders();

let database: Database;
let server: ListeningServer;
let folder: string;
beforeEach(async () => {
  database = await openDemoRegister();
  server = await startHttpServer(database, { today: () => demoDay });
  folder = await createFolder('clients/graphql-sse.md', page);
});
afterEach(async () => {
  await server.close();
  await database.close();
});

describe('docs/clients/apollo.md', () => {
  it('sends no request for a day that was shown, and shows its own change', async () => {
    const output = await runCommands(twoDays?.commands ?? '', folder, server.url, {
      RESH_TOKEN: await signToken('trust-admin'),
    });

    expect(output).toBe(twoDays?.shown);
  });

  it.each(['public', 'token'] as const)(
    'shows a change of somebody else without another request; reading is %s',
    async (readAccess) => {
      const token = readAccess === 'token' ? { RESH_TOKEN: await signToken('reader') } : {};
      await server.close();
      server = await startHttpServer(database, { today: () => demoDay, readAccess });
      const [first = '', second = ''] = live?.shown.trim().split('\n') ?? [];
      const program = startProgram(process.execPath, ['--import', 'tsx', 'live.ts'], {
        cwd: folder,
        env: { RESH_URL: server.url, ...token },
      });
      try {
        await waitForOutput(program, first);
        const administrator = createMutations(createClient(database, { today: demoDay, as: 'trust-admin' }));
        expectAccepted(await administrator.updateUnit({ reshId: 108597, name: 'Kongsvinger sykehus' }));
        await waitForOutput(program, second);
      } finally {
        await stopProgram(program);
      }

      expect(program.output()).toBe(live?.shown);
    },
  );

  it('sends the hash of a document, and the document only if the server does not know it', async () => {
    expect(await runCommands(persisted?.commands ?? '', folder, server.url)).toBe(persisted?.shown);
  });

  it('reads a fragment on an interface with its possible types only', async () => {
    expect(await runCommands(interfaces?.commands ?? '', folder, server.url)).toBe(interfaces?.shown);
  });
});
