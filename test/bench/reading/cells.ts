import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { normalizeAnswer } from './answers.ts';
import { pastRevisionQueries, type QueryName } from './queries.ts';
import type { Server, StartedServer, System } from './servers.ts';
import { formatBodies, type VariablesByQuery } from './variables.ts';

/** A query to a system: a row of the table. */
export interface Cell {
  readonly query: QueryName;
  readonly system: System;
  readonly server: StartedServer;
  /** Bodies of the requests, and the file that has them */
  readonly bodies: readonly string[];
  readonly bodiesFile: string;
}

const MEMORY_TIMEOUT_MS = 60_000;

/** Writes the requests of each query to files; returns the cells of each query. */
export async function createCells(
  names: readonly QueryName[],
  servers: ReadonlyMap<System, StartedServer>,
  variables: VariablesByQuery,
  folder: string,
): Promise<Cell[][]> {
  const cells = new Map<QueryName, Cell[]>(names.map((name) => [name, []]));
  for (const [index, [system, server]] of [...servers].entries()) {
    for (const [query, bodies] of formatBodies(system.dialect, variables)) {
      const bodiesFile = join(folder, `${query}-${index}.jsonl`);
      await writeFile(bodiesFile, `${bodies.join('\n')}\n`);
      cells.get(query)?.push({ query, system, server, bodies, bodiesFile });
    }
  }
  return [...cells.values()].filter((ofQuery) => ofQuery.length > 0);
}

/**
 * Compares the answers of the systems to a query: to the first requests and to the last.
 *
 * @param pastNames names of units at the past revision by their names now
 * @returns the number of bytes of each system's first answer
 * @throws if an answer differs from that of the first system
 */
export async function compareAnswers(
  cells: readonly Cell[],
  pastNames: ReadonlyMap<string, string>,
): Promise<Map<Cell, number>> {
  const bytes = new Map<Cell, number>();
  const expected: string[] = [];
  for (const cell of cells) {
    const { query, system, server, bodies } = cell;
    const asked = [bodies[0], bodies[1], bodies.at(-1)].filter((body) => body !== undefined);
    for (const [index, body] of asked.entries()) {
      const text = await ask(server, body);
      if (index === 0) bytes.set(cell, Buffer.byteLength(text));
      const currentText = system.dialect === pastRevisionQueries ? replaceNames(text, pastNames) : text;
      if (system.dialect === pastRevisionQueries && index === 0 && query !== 'Q4' && currentText === text)
        throw new Error(`${system.name} answers ${query} without a past name: ${text.slice(0, 300)}`);
      const answer = normalizeAnswer(query, currentText);
      expected[index] ??= answer;
      if (expected[index] !== answer) throw new Error(describeDifference(query, system, answer, expected[index]));
    }
  }
  return bytes;
}

/** Replaces past names by those of now. */
function replaceNames(text: string, pastNames: ReadonlyMap<string, string>): string {
  return [...pastNames].reduce((replaced, [name, past]) => replaced.replaceAll(`"${past}"`, `"${name}"`), text);
}

async function ask(server: StartedServer, body: string): Promise<string> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return response.text();
}

function describeDifference(query: QueryName, { name }: System, answer: string, expected: string): string {
  let difference = 0;
  while (difference < answer.length && answer[difference] === expected[difference]) difference += 1;
  const start = Math.max(0, difference - 100);
  const [found, wanted] = [answer, expected].map((text) => text.slice(start, start + 300));
  return `${name} answers ${query} differently.\n  ${found}\n  instead of\n  ${wanted}`;
}

/** Asks resh-graph until its answers come from memory. */
export async function waitForMemory(cells: readonly Cell[], statements: StatementCounter): Promise<void> {
  const giveUpAt = Date.now() + MEMORY_TIMEOUT_MS;
  const inMemory = cells.filter(({ system }) => system.role === 'product');
  for (const cell of inMemory) {
    while ((await statements.count(cell)) > 1 && Date.now() < giveUpAt) await sleep(500);
  }
}

export interface StatementCounter {
  /** Counts the statements of one request. */
  count(cell: Cell): Promise<number>;
  close(): Promise<void>;
}

/** Creates a counter that reads `pg_stat_statements` of both databases. */
export async function createStatementCounter(
  databases: Readonly<Record<Server['database'], string>>,
): Promise<StatementCounter> {
  const clients = { peers: await connect(databases.peers), product: await connect(databases.product) };
  return {
    count: async ({ system, server, bodies }) => {
      const client = clients[system.server.database];
      const [first = '', second = first] = bodies;
      await ask(server, first);
      await sleep(100);
      const before = await readCalls(client);
      await ask(server, second);
      await sleep(50);
      return (await readCalls(client)) - before;
    },
    close: async () => {
      await Promise.all([clients.peers.end(), clients.product.end()]);
    },
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function readCalls(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ calls: string }>(`
    select coalesce(sum(calls), 0) as calls
    from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database())
      and query not like '%pg_stat_statements%'`);
  return Number(rows[0]?.calls);
}
