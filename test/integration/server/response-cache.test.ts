import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCompiledResponses } from '../../../src/server/compiled/compiled-responses.ts';
import { createPersistedDocuments } from '../../../src/server/persisted-queries.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { readSnapshot } from '../../../src/store/snapshot/read-snapshot.ts';
import { RegisterSnapshot } from '../../../src/store/snapshot/register-snapshot.ts';
import type { SnapshotUnit } from '../../../src/store/snapshot/snapshot-unit.ts';
import { createClient } from '../../support/http/client.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { expectRevision } from '../../support/mutations/change-assertions.ts';
import { createMutations } from '../../support/mutations/mutations.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';

let database: Database;
let server: ListeningServer;
let newestRevisionReads = 0;
let today = demoDay;
let restoredHash: string | undefined;

beforeAll(async () => {
  database = await openDemoRegister();
  const observed: Database = {
    ...database,
    newestRevision: async () => {
      newestRevisionReads += 1;
      const newest = await database.newestRevision();
      return restoredHash === undefined ? newest : { ...newest, hash: restoredHash };
    },
  };
  server = await startHttpServer(observed, { today: () => today, responseCacheBytes: 1_000_000 });
});
beforeEach(() => {
  newestRevisionReads = 0;
});
afterAll(async () => {
  await server.close();
  await database.close();
});

const facts = 'reshId name shortName ancestors { name descendants(first: 30) { nodes { reshId name } } }';
const liveQuery = `{ unit(reshId: 108597) { ${facts} } }`;
const pinnedQuery = `{ register(validAt: "2018-01-01", revision: 1) { unit(reshId: 108597) { ${facts} } } }`;

function get(query: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}?query=${encodeURIComponent(query)}`, { headers });
}

/** Sends a GET until its response comes from memory. */
async function getFromMemory(query: string): Promise<Response> {
  for (let attempts = 0; attempts < 200; attempts += 1) {
    const response = await get(query);
    if (response.headers.has('etag')) return response;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The register was not read into memory.');
}

/** Counts what is read from a snapshot while a response is written. */
class CountingSnapshot extends RegisterSnapshot {
  reads = 0;
  override unitAt(position: number): SnapshotUnit {
    this.reads += 1;
    return super.unitAt(position);
  }
}

/** Serves responses from one snapshot alone, with memory for some of them. */
async function startSnapshotServer(snapshot: RegisterSnapshot) {
  const responses = createCompiledResponses(
    {
      database,
      snapshots: {
        noteNewest: () => false,
        find: () => snapshot,
        prepare: async () => {},
        findSearchIndex: async () => undefined,
        close: async () => {},
      },
      log: pino({ level: 'silent' }),
      today: () => demoDay,
      authentication: { verifyHeader: async () => null },
      readAccess: 'public',
      endpoint: '/graphql',
      persistedDocuments: createPersistedDocuments(),
      cacheBytes: 1_000_000,
    },
    (_request, response) => response.writeHead(500).end(),
  );
  const http = createHttpServer((request, response) => void responses.answer(request, response));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return { http, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql` };
}

describe('a server with a response cache', () => {
  it('repeats a response about today without writing it again while the register is unchanged', async () => {
    const { revision } = await database.newestRevision();
    const snapshot = new CountingSnapshot(
      { revision, day: demoDay },
      await readSnapshot(database, { revision, day: demoDay }),
    );
    const { http, url } = await startSnapshotServer(snapshot);
    // A cursor is written for each response; names of units would be copied.
    const query = '{ unit(reshId: 100089) { children(first: 2) { pageInfo { endCursor } } } }';
    const countReads = async (init?: RequestInit): Promise<number> => {
      const before = snapshot.reads;
      const response = await fetch(init ? url : `${url}?query=${encodeURIComponent(query)}`, init);
      expect(await response.text()).toContain('"endCursor":"');
      return snapshot.reads - before;
    };
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };

    const [first, second] = [await countReads(), await countReads()];
    const [firstPost, secondPost] = [await countReads(post), await countReads(post)];
    http.close();

    expect([first > 0, second, firstPost > 0, secondPost]).toEqual([true, 0, true, 0]);
  });

  it('shows the next day from midnight on', async () => {
    const administrator = createMutations(createClient(database, { today: demoDay, as: 'trust-admin' }));
    const planned = { reshId: 108597, shortName: 'Tomorrow', effectiveOn: '2026-11-24' };
    expectRevision(await administrator.updateUnit(planned));
    const query = '{ validAt unit(reshId: 108597) { shortName } }';
    expect(await (await getFromMemory(query)).text()).not.toContain('Tomorrow');

    today = '2026-11-24';
    const afterMidnight = [await get(query), await getFromMemory(query), await get(query)];
    today = demoDay;
    const dayBefore = await get(query);

    const expected = '{"data":{"validAt":"2026-11-24","unit":{"shortName":"Tomorrow"}}}';
    expect(await Promise.all(afterMidnight.map((response) => response.text()))).toEqual([expected, expected, expected]);
    expect(await dayBefore.text()).toContain('"validAt":"2026-11-23"');
  });

  it('repeats a response that never changes without reading the newest revision', async () => {
    const first = await getFromMemory(pinnedQuery);
    newestRevisionReads = 0;

    const second = await get(pinnedQuery);
    const uncompressed = await get(pinnedQuery, { 'accept-encoding': 'identity' });
    const notModified = await get(pinnedQuery, { 'if-none-match': first.headers.get('etag') ?? '' });

    expect(newestRevisionReads).toBe(0);
    const body = await first.text();
    expect(body).toContain('Sykehuset Innlandet HF');
    expect([await second.text(), await uncompressed.text()]).toEqual([body, body]);
    expect(second.headers.get('content-encoding')).toBe('gzip');
    expect(uncompressed.headers.get('content-encoding')).toBeNull();
    expect([notModified.status, await notModified.text()]).toEqual([304, '']);
  });

  it('forgets responses that never change when the register has been restored', async () => {
    const body = await (await getFromMemory(pinnedQuery)).text();
    await get(pinnedQuery);

    restoredHash = 'another';
    await get(liveQuery);
    newestRevisionReads = 0;
    const restored = await getFromMemory(pinnedQuery);
    restoredHash = undefined;

    expect(newestRevisionReads).toBeGreaterThan(0);
    expect(await restored.text()).toBe(body);
  });

  it('shows a change in the next response', async () => {
    const before = await getFromMemory(liveQuery);
    expect(await (await get(liveQuery)).text()).toBe(await before.text());
    const administrator = createMutations(createClient(database, { today: demoDay, as: 'trust-admin' }));
    expectRevision(await administrator.updateUnit({ reshId: 108597, shortName: 'Another' }));

    const after = await get(liveQuery);

    expect(await after.text()).toContain('"shortName":"Another"');
    expect(newestRevisionReads).toBeGreaterThanOrEqual(3);
  });

  it('answers the same request by POST with the same bytes', async () => {
    const body = JSON.stringify({ query: liveQuery });
    const post = () => fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const expected = await (await getFromMemory(liveQuery)).text();

    expect([await (await post()).text(), await (await post()).text()]).toEqual([expected, expected]);
  });

  it('refuses an invalid token for a stored response', async () => {
    await getFromMemory(pinnedQuery);

    expect((await get(pinnedQuery, { authorization: 'Bearer nonsense' })).status).toBe(401);
  });
});
