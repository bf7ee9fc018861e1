import { once } from 'node:events';
import { createServer as createHttpServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createServer } from '../../src/server/server.ts';
import type { Database } from '../../src/store/database/database.ts';
import { countStatements } from '../support/counting.ts';
import { openTestDatabase } from '../support/database.ts';
import { growRegister } from '../support/grown-register.ts';

const UNITS = 10_000;
const PAGES = 10;
const counter = countStatements();
let pagesRead = 0;
const logged: string[] = [];
let database: Database;
let http: Server;
let base: string;
beforeAll(async () => {
  database = await openTestDatabase({
    observe: (statement) => {
      counter.observe(statement);
      if (nameOf(statement.sql) === 'units of an extract') pagesRead += 1;
    },
  });
  await growRegister(database, UNITS);
  const log = pino({ level: 'error' }, { write: (line: string) => logged.push(line) });
  http = createHttpServer(createServer({ database, log, today: () => '2026-11-23' }));
  http.keepAliveTimeout = 60_000;
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}/extracts/`;
});
afterEach(() => logged.splice(0));
afterAll(async () => {
  http.closeAllConnections();
  http.close();
  await database.close();
});

const nameOf = (sql: string): string => /-- (.*)/.exec(sql)?.[1] ?? sql;
const statementsOf = async (path: string) =>
  (await counter.during(async () => (await fetch(base + path)).text())).statements.map(nameOf);

it('runs as many statements for each page, however many units it has', async () => {
  const ofPage = [
    'units of an extract',
    'unbroken periods of the units of an extract',
    'codes of the units of an extract',
    'codes',
    'treatment sites',
  ];
  const details = [
    'identifiers of units',
    'international names of units',
    'addresses on paths',
    'contact points on paths',
  ];
  const pages = (count: number, statements: readonly string[]) =>
    Array.from({ length: count }, () => statements).flat();

  // The page after the last full one is empty.
  const end = ['units of an extract'];
  expect(await statementsOf('units.csv')).toEqual(['newest revision', ...pages(PAGES, ofPage), ...end]);
  expect(await statementsOf('units.csv?within=2')).toEqual([
    ...['newest revision', 'units by RESH-id', 'units by RESH-id'],
    ...pages(3, ofPage),
  ]);
  expect(await statementsOf('units.ndjson')).toEqual([
    'newest revision',
    ...pages(PAGES, [...ofPage, ...details]),
    ...end,
  ]);
  expect(await statementsOf('unit-history.csv')).toEqual([
    'newest revision',
    ...pages(PAGES / 2, ['history of units']),
    'history of units',
  ]);
});

const begin = async (path: string): Promise<IncomingMessage> => {
  const request = get(base + path, { agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
};

/** Pages read since a moment, once no more are. */
const pagesSince = async (before: number): Promise<number> => {
  for (let seen = -1; seen !== pagesRead;) {
    seen = pagesRead;
    await setTimeout(500);
  }
  return pagesRead - before;
};

it('reads no faster than it is taken, lets others change the register meanwhile, and stops when the client goes away', async () => {
  const before = pagesRead;
  const response = await begin('units.ndjson');
  response.on('error', () => {});
  const whileNobodyTakes = await pagesSince(before);
  expect(whileNobodyTakes).toBeGreaterThan(0);
  // What the sockets take in is sent, and no more.
  expect(whileNobodyTakes).toBeLessThan(PAGES);
  await database.transaction((tx) => tx.query('select 1'));

  response.destroy();
  expect(await pagesSince(before)).toBeLessThanOrEqual(whileNobodyTakes + 1);
  expect(logged).toEqual([]);
});

it('breaks the connection off where it fails under way, plain and zipped, and says so in the log', async () => {
  await database.bulk((session) =>
    session.execute('update unit_version set path = path[1:1] || 5 || path[2:] where resh_id = 10000'),
  );
  for (const encoding of ['gzip', 'identity']) {
    const asked = fetch(`${base}units.csv`, { headers: { 'accept-encoding': encoding } });
    await expect(asked.then((answer) => answer.text())).rejects.toThrow();
  }

  expect(logged.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    'an extract broke off',
    'an extract broke off',
  ]);
  expect(logged[0]).toContain('npm run resh -- verify');
});
