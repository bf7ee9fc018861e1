import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { testVerifier } from '../../support/http/tokens.ts';

let database: Database;
let sendRequest: (method: string, headers: Record<string, string>, body?: string) => Promise<Response>;

beforeAll(async () => {
  database = await openTestDatabase();
  const server = createServer({ database, log: pino({ level: 'silent' }), tokenVerifier: testVerifier });
  sendRequest = async (method, headers, body) =>
    server.fetch('http://127.0.0.1/graphql', {
      method,
      ...(body !== undefined && { body }),
      headers: { origin: 'https://chart.example.org', 'content-type': 'application/json', ...headers },
    });
});
afterAll(() => database.close());

function readCorsHeaders({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'));
}

it('allows requests with a token from any origin, with a preflight cached for a day', async () => {
  const answer = await sendRequest('OPTIONS', {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  });

  expect(answer.status).toBe(204);
  expect(readCorsHeaders(answer)).toEqual({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-allow-headers': 'authorization,content-type',
    'access-control-max-age': '86400',
    'access-control-expose-headers': 'X-Request-Id',
  });
});

it.each([
  ['a response', {}, 200],
  ['an error', { authorization: 'Bearer not-a-token' }, 401],
] as const)('allows a page to read %s and its request id, without cookies', async (_what, headers, status) => {
  const answer = await sendRequest('POST', headers, JSON.stringify({ query: '{ revision }' }));

  expect(answer.status).toBe(status);
  expect(readCorsHeaders(answer)).toEqual({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'X-Request-Id',
    vary: 'Accept-Language',
  });
});
