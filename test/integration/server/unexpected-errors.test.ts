import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { subscribeToFeed } from '../../support/http/feed-subscriber.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { buildWorld, units } from '../../support/world/world.ts';

const requestId = 'request-of-this-test';
const message = `Unexpected error; report it with request id ${requestId}.`;
const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId };

let database: Database;
let server: ListeningServer;
let lines: Record<string, unknown>[];
beforeEach(async () => {
  lines = [];
  const log = pino(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
        done();
      },
    }),
  );
  database = await openTestDatabase();
  await buildWorld(database);
  server = await startHttpServer(database, { log });
});
afterEach(async () => {
  await server.close();
  await database.close();
});

/** Breaks the database, so that reading a table fails. */
async function hideTable(name: string): Promise<void> {
  await database.bulk((session) => session.execute(`alter table ${name} rename to hidden`));
}

function listLoggedErrors(): unknown[] {
  return lines.filter(({ msg }) => msg === 'unexpected error');
}

it('have the id of the request in the response and, in full, in the log', async () => {
  await hideTable('mapping_node');

  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': requestId },
    body: JSON.stringify({ query: '{ mappingRoots(systemId: "any") { name } }' }),
  });

  expect(await response.json()).toMatchObject({ errors: [{ message, path: ['mappingRoots'], extensions }] });
  expect(response.headers.get('x-request-id')).toBe(requestId);
  expect(listLoggedErrors()).toMatchObject([{ requestId }]);
  expect(JSON.stringify(listLoggedErrors())).toContain('mapping_node');
});

it('end a subscription with the id of its request', async () => {
  const fields = 'units { nodes { unit { name } } }';
  await hideTable('unit_version');

  const subscriber = await subscribeToFeed(server.url, { since: 0, fields, headers: { 'x-request-id': requestId } });

  expect((await subscriber.next())?.errors).toMatchObject([{ message, extensions }]);
  expect(await subscriber.next()).toBeUndefined();
  expect(listLoggedErrors()).toMatchObject([{ requestId }]);
  expect(JSON.stringify(listLoggedErrors())).toContain('unit_version');
});

it('are answered by extracts with the id of the request', async () => {
  await hideTable('unit_version');

  const url = new URL(`/extracts/units.csv?within=${units.north}&validAt=2020-01-01`, server.url);
  const response = await fetch(url, { headers: { 'x-request-id': requestId } });

  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ errors: [{ message, extensions: { code: extensions.code } }] });
  expect(listLoggedErrors()).toMatchObject([{ requestId }]);
});
