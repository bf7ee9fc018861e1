import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';

let database: Database;
let fetchPath: (path: string, request?: RequestInit) => Promise<Response>;

beforeAll(async () => {
  database = await openTestDatabase();
  const server = createServer({ database, log: pino({ level: 'silent' }) });
  fetchPath = async (path, request = {}) => server.fetch(`http://127.0.0.1${path}`, request);
});

afterAll(() => database.close());

it('redirects / to the explorer', async () => {
  const answer = await fetchPath('/', { headers: { accept: 'text/html' } });
  expect(answer.status).toBe(302);
  expect(answer.headers.get('location')).toBe('/graphql');
});

it.each(['/graphql', '/graphql/'])('serves the explorer at %s to a browser', async (path) => {
  const answer = await fetchPath(path, { headers: { accept: 'text/html' } });
  expect(answer.status).toBe(200);
  const page = await answer.text();
  expect(page).toContain('<title>resh-graph</title>');
  expect(page).toContain('query ShowTheTopAndOpenOneUnit');
});

it('returns 200 at /health', async () => {
  expect((await fetchPath('/health')).status).toBe(200);
});

it.each(['/grapql', '/api/graphql', '/graphql/schema', '/favicon.ico'])(
  'returns a plain-text hint with the address of the API at %s',
  async (path) => {
    const answer = await fetchPath(path, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await answer.text()).toBe(`No page at ${path}. The GraphQL API and its explorer are at /graphql.\n`);
  },
);

it('does not redirect a POST to /', async () => {
  expect((await fetchPath('/', { method: 'POST', body: '{}' })).status).toBe(404);
});
