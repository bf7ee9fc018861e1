import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { signToken } from '../../support/http/tokens.ts';
import { buildWorld, subjects, units } from '../../support/world/world.ts';

let database: Database;
let server: ListeningServer;
beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
  server = await startHttpServer(database);
});
afterAll(async () => {
  await server.close();
  await database.close();
});

function send(query: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
}

async function readNewest(): Promise<number> {
  return (await database.newestRevision()).revision;
}

async function rename(name: string): Promise<void> {
  const query = `mutation { updateUnit(input: { reshId: ${units.ward}, name: "${name}" }) { change { revision } } }`;
  const response = await send(query, { authorization: `Bearer ${await signToken(subjects.operator)}` });
  expect(await response.json()).toMatchObject({ data: { updateUnit: { change: {} } } });
}

describe('X-Min-Revision', () => {
  it.each([
    ['from memory', '{ revision }'],
    ['by the executor', '{ revision knownAt }'],
  ])('lets a request whose revision exists be answered %s', async (_how, query) => {
    const newest = await readNewest();

    const response = await send(query, { 'x-min-revision': String(newest) });

    expect(await response.json()).toMatchObject({ data: { revision: newest } });
  });

  it('waits for a revision that is about to be recorded', async () => {
    const next = (await readNewest()) + 1;
    const waiting = send(`{ revision unit(reshId: ${units.ward}) { name } }`, { 'x-min-revision': String(next) });

    await rename('Recorded while a request waits');

    expect(await (await waiting).json()).toEqual({
      data: { revision: next, unit: { name: 'Recorded while a request waits' } },
    });
  });

  it.each([
    ['a query', () => server.url],
    ['an extract', () => new URL('/extracts/units.csv', server.url)],
  ])('returns 503 with both revisions for %s if the revision does not come', async (_what, url) => {
    const newest = await readNewest();

    const response = await fetch(url(), { headers: { 'x-min-revision': '4000000' } });

    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toEqual({
      errors: [
        {
          message:
            `\`X-Min-Revision\` is 4000000, but the newest revision is ${newest}, also after 2 seconds: ` +
            'send a revision that this register has returned, or try again.',
          extensions: { code: 'REVISION_NOT_REACHED' },
        },
      ],
    });
  });

  it.each(['', '-1', '1.5', 'newest', '99999999999'])('returns 400 for "%s"', async (header) => {
    const response = await send('{ revision }', { 'x-min-revision': header });

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      errors: [
        {
          message:
            `\`X-Min-Revision\` is "${header}", which is not a revision: ` +
            'send the revision of a change, such as 57, or omit the header.',
          extensions: { code: 'BAD_INPUT' },
        },
      ],
    });
  });

  it('can be sent by a page of another origin', async () => {
    const response = await fetch(server.url, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://chart.example.org',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-min-revision',
      },
    });

    expect(response.headers.get('access-control-allow-headers')).toBe('x-min-revision');
  });
});
