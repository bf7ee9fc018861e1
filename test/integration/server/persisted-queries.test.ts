import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';

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

const variables = { reshId: 108597 };

function hashOf(document: string): string {
  return createHash('sha256').update(document).digest('hex');
}

function extensionsOf(sha256Hash: string) {
  return { persistedQuery: { version: 1, sha256Hash } };
}

async function post(request: Readonly<Record<string, unknown>>) {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ variables, ...request }),
  });
  return { status: response.status, body: await response.text() };
}

async function get(request: Readonly<Record<string, unknown>>) {
  const search = new URLSearchParams(
    Object.entries({ variables, ...request }).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  const response = await fetch(`${server.url}?${search.toString()}`);
  return { status: response.status, body: await response.text(), etag: response.headers.get('etag') };
}

describe('automatic persisted queries', () => {
  it.each([
    ['from memory', 'query ($reshId: ReshId!) { unit(reshId: $reshId) { name ancestors { reshId } } }'],
    ['by the executor', 'query ($reshId: ReshId!) { unit(reshId: $reshId) { name formerChildren { totalCount } } }'],
  ])('are answered %s once the document has been sent', async (_what, query) => {
    const extensions = extensionsOf(hashOf(query));
    const expected = await post({ query });
    expect(expected).toMatchObject({ status: 200, body: expect.stringContaining('"Kongsvinger"') as string });

    const unknown = [await post({ extensions }), await get({ extensions })];
    const sent = await post({ query, extensions });
    const named = [await post({ extensions }), await get({ extensions })];

    for (const { status, body } of unknown) {
      expect(status).toBe(200);
      expect(JSON.parse(body)).toEqual({
        errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
      });
    }
    expect([sent.body, ...named.map(({ body }) => body)]).toEqual([expected.body, expected.body, expected.body]);
  });

  it('are answered from memory by GET with an entity tag', async () => {
    const query = 'query ($reshId: ReshId!) { unit(reshId: $reshId) { shortName } }';
    const extensions = extensionsOf(hashOf(query));
    await post({ query, extensions });

    let etag: string | null = null;
    for (let attempts = 0; attempts < 200 && etag === null; attempts += 1) {
      etag = (await get({ extensions })).etag;
      if (etag === null) await new Promise((resolve) => setTimeout(resolve, 50));
    }

    expect(etag).toMatch(/^W\/"/);
  });

  it('refuse a document with the hash of another one, and keep nothing', async () => {
    const query = '{ validAt }';
    const wrongHash = hashOf('{ revision }');
    const refused = await post({ query, extensions: extensionsOf(wrongHash) });

    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.body)).toEqual({
      errors: [
        {
          message:
            `\`extensions.persistedQuery.sha256Hash\` is "${wrongHash}", but the SHA-256 of \`query\` is ` +
            `"${hashOf(query)}": send the hash of the document, in hexadecimal.`,
          extensions: { code: 'BAD_INPUT' },
        },
      ],
    });
    expect((await post({ extensions: extensionsOf(wrongHash) })).body).toContain('PersistedQueryNotFound');
  });

  it.each([5, true, ['{ validAt }'], {}])('leave a document that is not a text to be explained: %j', async (query) => {
    const { status, body } = await post({ query, extensions: extensionsOf(hashOf('')) });

    expect(status).toBe(400);
    expect(body).not.toContain('INTERNAL_SERVER_ERROR');
    expect(body).toContain('"code":"BAD_REQUEST"');
  });

  it('ignore extensions of other kinds', async () => {
    const { body } = await post({ query: '{ validAt }', extensions: { client: { name: 'chart' } } });

    expect(JSON.parse(body)).toEqual({ data: { validAt: demoDay } });
  });
});
