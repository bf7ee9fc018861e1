import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient } from '../../support/http/client.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { expectRevision } from '../../support/mutations/change-assertions.ts';
import { createMutations } from '../../support/mutations/mutations.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';

let database: Database;
let server: ListeningServer;
let newestRevisionReads = 0;

beforeAll(async () => {
  database = await openDemoRegister();
  const observed: Database = {
    ...database,
    newestRevision: () => {
      newestRevisionReads += 1;
      return database.newestRevision();
    },
  };
  server = await startHttpServer(observed, { today: () => demoDay, responseCacheBytes: 1_000_000 });
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

describe('a server with a response cache', () => {
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
