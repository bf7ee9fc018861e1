import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { generateRegister } from '../../support/registers/generated-register.ts';

let database: Database;
let sendQuery: (query: string, headers?: Record<string, string>) => Promise<Response>;

beforeAll(async () => {
  database = await openTestDatabase();
  await generateRegister(database, 200);
  const server = createServer({ database, log: pino({ level: 'silent' }) });
  sendQuery = async (query, headers = {}) =>
    server.fetch(`http://127.0.0.1/graphql?query=${encodeURIComponent(query)}`, { headers });
});
afterAll(() => database.close());

const largeQuery = '{ unit(reshId: 1) { descendants(first: 100) { nodes { id name } } } }';

it.each(['gzip', 'br, GZIP;q=0.5'])('compresses a large answer for Accept-Encoding "%s"', async (acceptEncoding) => {
  const uncompressed = await sendQuery(largeQuery);
  const compressed = await sendQuery(largeQuery, { 'accept-encoding': acceptEncoding });
  const bytes = Buffer.from(await compressed.arrayBuffer());
  const text = await uncompressed.text();

  expect(compressed.headers.get('content-encoding')).toBe('gzip');
  expect(compressed.headers.get('content-length')).toBe(String(bytes.length));
  expect(gunzipSync(bytes).toString()).toBe(text);
  expect(bytes.length).toBeLessThan(text.length / 2);
});

it.each([undefined, 'br', 'gzip;q=0'])(
  'does not compress for Accept-Encoding "%s" and sends Vary',
  async (acceptEncoding) => {
    const answer = await sendQuery(
      largeQuery,
      acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding },
    );

    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(answer.headers.get('vary')).toBe('Accept-Language, Accept-Encoding');
    expect(await answer.json()).toHaveProperty('data.unit.descendants.nodes.length', 100);
  },
);

it('does not compress a small answer', async () => {
  const answer = await sendQuery('{ revision }', { 'accept-encoding': 'gzip' });

  expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual([null, 'Accept-Language']);
});
