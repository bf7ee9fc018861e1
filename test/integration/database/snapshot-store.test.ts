import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { createSnapshotStore, type SnapshotStore } from '../../../src/store/snapshot/snapshot-store.ts';
import { createClient } from '../../support/http/client.ts';
import { expectRevision } from '../../support/mutations/change-assertions.ts';
import { createMutations } from '../../support/mutations/mutations.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';

let database: Database;
beforeAll(async () => {
  database = await openDemoRegister();
});
afterAll(() => database.close());

async function openStore(): Promise<SnapshotStore> {
  const store = createSnapshotStore({
    database,
    onError: (error) => {
      throw error;
    },
  });
  const at = { revision: (await database.newestRevision()).revision, day: demoDay };
  await store.prepare(at, true);
  await expect.poll(() => store.find(at), { timeout: 20_000 }).toBeDefined();
  return store;
}

async function rename(shortName: string): Promise<number> {
  const administrator = createMutations(createClient(database, { today: demoDay, as: 'trust-admin' }));
  return expectRevision(await administrator.updateUnit({ reshId: 108597, shortName }));
}

describe('snapshots of new revisions', () => {
  it('are there for all requests that wait, also if another one is made first', async () => {
    const store = await openStore();
    const revisions = [await rename('First'), await rename('Second'), await rename('Third')];
    const waiting = revisions.flatMap((revision) => [revision, revision]);

    const found = await Promise.all(
      waiting.map(async (revision) => {
        const at = { revision, day: demoDay };
        await store.prepare(at, true);
        const snapshot = store.find(at);
        return snapshot?.unitAt(snapshot.tree.positionOf(108597)).shortName;
      }),
    );
    await store.close();

    expect(found).toEqual(['First', 'First', 'Second', 'Second', 'Third', 'Third']);
  });

  it('are there at once while another day is read', async () => {
    const store = await openStore();
    const at = { revision: await rename('Meanwhile'), day: demoDay };
    const past = { revision: 1, day: '2018-01-01' };

    // A second request for another day starts reading it in the background.
    for (let requests = 0; requests < 2; requests += 1) await store.prepare(past, false);
    const isPastRead = store.find(past) !== undefined;
    await store.prepare(at, true);
    const isCurrentRead = store.find(at) !== undefined;
    await store.close();

    expect([isPastRead, isCurrentRead, store.find(past)?.at]).toEqual([false, true, past]);
  });

  it('are there for all searches that wait', async () => {
    const store = await openStore();
    const { revision } = await database.newestRevision();
    await expect.poll(() => store.findSearchIndex(revision), { timeout: 20_000 }).toBeDefined();
    const revisions = [await rename('Fourth'), await rename('Fifth'), await rename('Sixth')];

    const found = await Promise.all(
      revisions.map(async (each) => ((await store.findSearchIndex(each))?.revision ?? -1) >= each),
    );
    await store.close();

    expect(found).toEqual([true, true, true]);
  });
});
