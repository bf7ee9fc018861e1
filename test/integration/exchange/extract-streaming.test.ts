import { once } from 'node:events';
import { createServer as createHttpServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createRequestListener } from '../../../src/server/request-listener.ts';
import { createServer } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { generateRegister } from '../../support/registers/generated-register.ts';
import { createStatementCounter, readStatementName } from '../../support/database/statement-counter.ts';

const UNITS = 10_000;
const PAGES = 10;
const counter = createStatementCounter();
let pagesRead = 0;
const logged: string[] = [];
let database: Database;
let http: Server;
let baseUrl: string;
beforeAll(async () => {
  database = await openTestDatabase({
    observe: (statement) => {
      counter.observe(statement);
      if (readStatementName(statement.sql) === 'units of an extract') pagesRead += 1;
    },
  });
  await generateRegister(database, UNITS);
  const log = pino({ level: 'error' }, { write: (line: string) => logged.push(line) });
  http = createHttpServer(createServer({ database, log, today: () => '2026-11-23' }));
  http.keepAliveTimeout = 60_000;
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}/extracts/`;
});
afterEach(() => logged.splice(0));
afterAll(async () => {
  http.closeAllConnections();
  http.close();
  await database.close();
});

async function recordStatements(path: string) {
  return (await counter.during(async () => (await fetch(baseUrl + path)).text())).statements.map(readStatementName);
}

it('runs the same number of statements for each page, whatever the number of units', async () => {
  const pageStatements = [
    'units of an extract',
    'unbroken periods of units',
    'codes of the units of an extract',
    'codes',
    'treatment sites',
  ];
  const detailStatements = [
    'identifiers of units',
    'international names of units',
    'addresses on paths',
    'contact points on paths',
  ];
  const repeatPageStatements = (count: number, statements: readonly string[]) =>
    Array.from({ length: count }, () => statements).flat();

  // The page after the last full one is empty.
  const finalStatements = ['units of an extract'];
  expect(await recordStatements('units.csv')).toEqual([
    'newest revision',
    ...repeatPageStatements(PAGES, pageStatements),
    ...finalStatements,
  ]);
  expect(await recordStatements('units.csv?within=2')).toEqual([
    'newest revision',
    'units by RESH-id',
    'units by RESH-id',
    ...repeatPageStatements(3, pageStatements),
  ]);
  expect(await recordStatements('units.ndjson')).toEqual([
    'newest revision',
    ...repeatPageStatements(PAGES, [...pageStatements, ...detailStatements]),
    ...finalStatements,
  ]);
  expect(await recordStatements('unit-history.csv')).toEqual([
    'newest revision',
    ...repeatPageStatements(PAGES / 2, ['history of units']),
    'history of units',
  ]);
});

async function startRequest(path: string): Promise<IncomingMessage> {
  const request = get(baseUrl + path, { agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** Returns the number of pages read after `before`, once no more are read. */
async function waitForPages(before: number): Promise<number> {
  let lastCount = -1;
  while (lastCount !== pagesRead) {
    lastCount = pagesRead;
    await setTimeout(500);
  }
  return pagesRead - before;
}

it('reads at the speed of the client, never blocks changes, and stops when the client disconnects', async () => {
  const before = pagesRead;
  const response = await startRequest('units.ndjson');
  response.on('error', () => {});
  const pagesWhilePaused = await waitForPages(before);

  expect(pagesWhilePaused).toBeGreaterThan(0);
  // Only what fits into the socket buffers is sent.
  expect(pagesWhilePaused).toBeLessThan(PAGES);

  await database.transaction((tx) => tx.query('select 1'));

  response.destroy();
  expect(await waitForPages(before)).toBeLessThanOrEqual(pagesWhilePaused + 1);
  expect(logged).toEqual([]);
});

it('reads units from memory once the register is there, with the same bytes', async () => {
  const listener = createRequestListener({ database, log: pino({ level: 'silent' }), today: () => '2026-11-23' });
  const server = createHttpServer(listener.listen).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/extracts/`;
    for (const name of ['units.csv', 'units.ndjson', 'units.fhir.ndjson']) {
      const stored = await (await fetch(baseUrl + name)).text();
      let text = '';
      await expect
        .poll(
          async () => {
            const { statements } = await counter.during(async () => {
              text = await (await fetch(url + name)).text();
            });
            return statements.map(readStatementName).includes('units of an extract');
          },
          { timeout: 30_000 },
        )
        .toBe(false);

      expect(text).toBe(stored);
    }
  } finally {
    server.closeAllConnections();
    server.close();
    await listener.close();
  }
});

it('aborts the connection and logs when it fails halfway, plain and compressed', async () => {
  await database.bulk((session) =>
    session.execute('update unit_version set path = path[1:1] || 5 || path[2:] where resh_id = 10000'),
  );
  for (const encoding of ['gzip', 'identity']) {
    const pendingResponse = fetch(`${baseUrl}units.csv`, { headers: { 'accept-encoding': encoding } });
    await expect(pendingResponse.then((answer) => answer.text())).rejects.toThrow();
  }

  expect(logged.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    'extract aborted',
    'extract aborted',
  ]);
  expect(logged[0]).toContain('npm run resh -- verify');
});
