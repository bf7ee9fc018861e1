import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient as createSseClient } from 'graphql-sse';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { readCommands, useClientFolders } from '../../support/client-folders.ts';
import { createClient } from '../../support/http/client.ts';
import { startCuttingProxy, type CuttingProxy } from '../../support/http/cutting-proxy.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import { createMutations } from '../../support/mutations/mutations.ts';
import { startProgram, stopProgram, waitForOutput } from '../../support/processes/run-program.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';

const page = 'clients/graphql-sse.md';
const [follow] = readCommands(page);
const createFolder = useClientFolders();

let database: Database;
let server: ListeningServer;
let proxy: CuttingProxy | undefined;
beforeEach(async () => {
  database = await openDemoRegister();
  server = await startHttpServer(database, { today: () => demoDay });
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
  await server.close();
  await database.close();
});

async function renameUnit(name: string): Promise<void> {
  const administrator = createMutations(createClient(database, { today: demoDay, as: 'trust-admin' }));
  expectAccepted(await administrator.updateUnit({ reshId: 108597, shortName: name }));
}

describe('docs/clients/graphql-sse.md', () => {
  const run = (folder: string, url: string) =>
    startProgram(process.execPath, ['--import', 'tsx', 'follow.ts'], { cwd: folder, env: { RESH_URL: url } });

  it('prints what the page shows', async () => {
    const program = run(await createFolder(page), server.url);
    try {
      await waitForOutput(program, follow?.shown ?? '');
    } finally {
      await stopProgram(program);
    }

    expect(program.output()).toBe(follow?.shown);
  });

  it('delivers each change once and in order through a proxy that cuts connections anywhere', async () => {
    const folder = await createFolder(page);
    const file = join(folder, 'follow-changes.ts');
    const code = await readFile(file, 'utf8');
    expect(code).toContain('const pauseMs = 1_000;');
    await writeFile(file, code.replace('const pauseMs = 1_000;', 'const pauseMs = 20;'));
    let seed = 20_261_130;
    const chooseByteLimit = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % 1_500;
    };
    proxy = await startCuttingProxy(server.url, chooseByteLimit);

    const program = run(folder, proxy.url);
    try {
      await waitForOutput(program, '2 DEMO\n');
      for (let count = 1; count <= 40; count += 1) {
        await renameUnit(`Name ${count}`);
        if (count % 10 === 0) proxy.cut();
      }
      await waitForOutput(program, '42 UPDATE_UNIT\n');
    } finally {
      await stopProgram(program);
    }

    expect(proxy.cutCount()).toBeGreaterThan(8);
    expect(program.output()).toBe(
      `1 DEMO\n2 DEMO\n${Array.from({ length: 40 }, (_, index) => `${index + 3} UPDATE_UNIT\n`).join('')}`,
    );
  });

  it('reports a document that the server refuses, and does not repeat it', async () => {
    const folder = await createFolder(page);
    const file = join(folder, 'follow.ts');
    const code = await readFile(file, 'utf8');
    await writeFile(file, code.replace('{ revision operation }', '{ revision operations }'));

    const program = run(folder, server.url);

    await vi.waitFor(() => expect(program.child.exitCode).toBe(1), { timeout: 30_000 });
    expect(program.output()).toContain('Cannot query field "operations"');
  });
});

describe('graphql-sse without the link', () => {
  const query = 'subscription Follow($since: Revision) { changes(since: $since) { revision } }';

  /** Subscribes through a proxy; reconnects when `reconnect` is called. */
  function subscribe(url: string, variables: Record<string, unknown>) {
    const revisions: unknown[] = [];
    let reconnect = (): void => {};
    let isWaiting = false;
    const client = createSseClient({
      url,
      retry: () =>
        new Promise((resolve) => {
          isWaiting = true;
          reconnect = () => {
            isWaiting = false;
            resolve();
          };
        }),
    });
    client.subscribe<{ changes: { revision: number } }>(
      { query, variables },
      { next: ({ data }) => revisions.push(data?.changes.revision), error: () => {}, complete: () => {} },
    );
    return { revisions, isWaiting: () => isWaiting, reconnect: () => reconnect(), dispose: () => client.dispose() };
  }

  it('delivers changes a second time if it subscribed with a revision', async () => {
    proxy = await startCuttingProxy(server.url);
    const subscription = subscribe(proxy.url, { since: 0 });
    await vi.waitFor(() => expect(subscription.revisions).toEqual([1, 2]));

    proxy.cut();
    await vi.waitFor(() => expect(subscription.isWaiting()).toBe(true));
    subscription.reconnect();

    await vi.waitFor(() => expect(subscription.revisions).toEqual([1, 2, 1, 2]));
    subscription.dispose();
  });

  it('loses the changes made in between if it subscribed without one', async () => {
    proxy = await startCuttingProxy(server.url);
    const subscription = subscribe(proxy.url, {});
    const renameUntil = (length: number) =>
      vi.waitFor(
        async () => {
          await renameUnit(`Name ${Math.random()}`);
          expect(subscription.revisions.length).toBeGreaterThanOrEqual(length);
        },
        { timeout: 10_000 },
      );
    await renameUntil(1);

    proxy.cut();
    await vi.waitFor(() => expect(subscription.isWaiting()).toBe(true));
    await renameUnit('Made in between');
    const { revision } = await database.newestRevision();
    subscription.reconnect();
    await renameUntil(2);

    expect(subscription.revisions).not.toContain(revision);
    subscription.dispose();
  });
});
