import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperationContext } from '../../src/operations/engine/run-change.ts';
import { updateUnit } from '../../src/operations/update-unit.ts';
import { registerOperator } from '../../src/store/change/register-operator.ts';
import { connect, createDatabase, type Database } from '../../src/store/database/database.ts';
import type { DatabaseLocation } from '../../src/store/database/connection.ts';
import { applyMigrations } from '../../src/store/database/migrations.ts';
import { generateRegister } from '../support/registers/generated-register.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../support/database/server-database.ts';
import { createClient } from '../support/http/client.ts';
import { runBenchmark } from './command-line.ts';
import { median } from './reading/measure.ts';
import { readStat } from './reading/processes.ts';
import { assertCommitted, createMoves, prepareMergers, type LargeChange } from './writing-large-changes.ts';
import { readOptions, type Options } from './writing-options.ts';
import { createChangeObserver, phases, type ChangeObserver, type PhaseTimes } from './writing-phases.ts';

// Compares mutations with the minimum cost of a committed write on the same database, in one run. Absolute figures
// depend on the machine; ratios are comparable.
const ROUNDS = 3;
const WRITERS = 16;
const OBSERVED_CHANGES = 200;
const FEW_CHANGES = 100;
const serverUrl = process.env['TEST_DATABASE_URL'];

const renameMutation = `mutation Rename($input: UpdateUnitInput!) {
  updateUnit(input: $input) { change { revision } unit { reshId name } userErrors { message } }
}`;

/** What one rename costs with several writers. */
interface Costs {
  readonly statements: number;
  readonly perTransaction: number;
  readonly serverMs: number;
  readonly postgresqlMs: number;
}

// Printed after the table of rates.
const costLines: string[] = [];
const phaseLines: string[] = [];

await runBenchmark(() => readOptions(process.argv.slice(2)), measureWriting);

async function measureWriting(options: Options): Promise<void> {
  printLine('| what | units | database | resh-graph | plain rows | ratio |');
  printLine('| --- | --: | --- | --: | --: | --: |');
  const busy: number[] = [];
  for (const units of options.sizes) {
    busy.push(loadavg()[0] ?? 0);
    const folder = await mkdtemp(join(tmpdir(), 'resh-bench-'));
    try {
      await measureOn({ kind: 'embedded', folder }, units, options);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    if (!serverUrl) continue;
    const name = `resh_bench_${process.pid}_${units}`;
    await createServerDatabase(serverUrl, name);
    try {
      await measureOn({ kind: 'server', url: databaseUrl(serverUrl, name) }, units, options);
    } finally {
      await dropServerDatabase(serverUrl, name);
    }
  }
  busy.push(loadavg()[0] ?? 0);
  printLine('');
  printLine(
    `| a rename of ${WRITERS} writers | units | statements | renames per transaction | CPU, server | CPU, PostgreSQL |`,
  );
  printLine('| --- | --: | --: | --: | --: | --: |');
  for (const line of costLines) printLine(line);
  printLine('');
  printLine(`| milliseconds, one writer | units | ${Object.values(phases).join(' | ')} |`);
  printLine('| --- | --: | --: | --: | --: | --: | --: | --: | --: |');
  for (const line of phaseLines) printLine(line);
  printLine('');
  printLine(`Medians of ${ROUNDS} rounds; load of the machine: ${busy.map((load) => load.toFixed(1)).join(', ')}.`);
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Returns the writes per second of several writers, each starting the next write when the previous one is done. */
async function measureRate(writers: number, seconds: number, write: (n: number) => Promise<unknown>): Promise<number> {
  let completed = 0;
  let started = 0;
  const start = performance.now();
  const deadline = start + seconds * 1_000;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (performance.now() < deadline) {
        await write((started += 1));
        completed += 1;
      }
    }),
  );
  return (completed * 1_000) / (performance.now() - start);
}

async function measureSeconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

/** Measures what a rename costs with all writers, each starting the next one when the previous one is done. */
async function measureCosts(
  database: Database,
  observer: ChangeObserver,
  seconds: number,
  renameUnit: () => Promise<void>,
): Promise<Costs> {
  let completed = 0;
  const countedRename = async (): Promise<void> => {
    await renameUnit();
    completed += 1;
  };
  observer.takeCounts();
  const serverStart = process.cpuUsage();
  const postgresqlStart = await readPostgresqlCpu(database);
  await measureRate(WRITERS, seconds, countedRename);
  const { statements, transactions } = observer.takeCounts();
  const server = process.cpuUsage(serverStart);
  return {
    statements: statements / completed,
    perTransaction: completed / transactions,
    serverMs: (server.user + server.system) / 1_000 / completed,
    postgresqlMs: ((await readPostgresqlCpu(database)) - postgresqlStart) / completed,
  };
}

/** Returns the CPU time of the connections to the database; 0 unless the server runs on this machine under Linux. */
async function readPostgresqlCpu(database: Database): Promise<number> {
  const backends = await database.client.query<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database()',
  );
  return backends.reduce((total, { pid }) => total + (readStat(pid)?.cpuMs ?? 0), 0);
}

function formatPhases(times: PhaseTimes): string {
  return (Object.keys(phases) as (keyof PhaseTimes)[]).map((phase) => times[phase].toFixed(2)).join(' | ');
}

async function measureOn(location: DatabaseLocation, units: number, { seconds, changes }: Options): Promise<void> {
  const observer = createChangeObserver();
  const connection = observer.observeTransactions(await connect(location));
  await connection.migrate(applyMigrations);
  const database = createDatabase(connection, observer.observe);
  try {
    await generateRegister(database, units);
    await database.bulk((session) => session.execute('create table plain (n integer not null)'));
    const operator = { subject: 'bench', name: 'Bench' };
    await database.bulk((session) =>
      registerOperator(session, operator, { ...operator, email: undefined }, '2026-11-23'),
    );
    const context: OperationContext = { database, today: '2026-11-23', viewer: operator };
    const insertPlainRow = (n: number) =>
      database.transaction((tx) => tx.query('insert into plain (n) values ($1::integer)', [n]));
    // Every rename gives a unit another name, in every round.
    let renames = 0;
    const createRename = () => {
      renames += 1;
      return { reshId: 2 + ((renames * 7_919) % (units - 2)), name: `Name ${renames}` };
    };
    const renameUnit = async () => assertCommitted(await updateUnit(context, createRename()));

    const renameUntil = async (revision: number) => {
      let { revision: newest } = await database.newestRevision();
      await Promise.all(
        Array.from({ length: WRITERS }, async () => {
          while ((newest += 1) <= revision) await renameUnit();
        }),
      );
    };

    const printRow = (label: string, figure: string, limit: string, ratio: string): void => {
      printLine(`| ${label} | ${units.toLocaleString('en')} | ${database.kind} | ${figure} | ${limit} | ${ratio} |`);
    };
    const insertPlainRows = (rows: number) =>
      database.transaction(async (tx) => {
        await tx.query('insert into plain (n) select -1 from generate_series(1, $1::integer)', [rows]);
        await tx.query('update plain set n = -2 where n = -1');
      });
    const printSeconds = async ({ label, rows, make }: LargeChange, after: string): Promise<void> => {
      const results: { limit: number; made: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1)
        results.push({ made: await measureSeconds(make), limit: await measureSeconds(() => insertPlainRows(rows)) });
      printRow(
        `${label}, ${after}, seconds`,
        median(results.map(({ made }) => made)).toFixed(2),
        median(results.map(({ limit }) => limit)).toFixed(2),
        `×${median(results.map(({ made, limit }) => made / limit)).toFixed(1)}`,
      );
    };
    const moves = createMoves(context, units);
    const measureLargeChanges = async (): Promise<void> => {
      const { revision } = await database.newestRevision();
      const after = `after ${revision.toLocaleString('en')} changes`;
      for (const change of await prepareMergers(database, context, ROUNDS)) await printSeconds(change, after);
      for (const change of moves) await printSeconds(change, after);
    };

    await renameUntil(FEW_CHANGES);
    await measureLargeChanges();
    for (const writers of [1, WRITERS]) {
      const results: { limit: number; made: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1)
        results.push({
          limit: await measureRate(writers, seconds, insertPlainRow),
          made: await measureRate(writers, seconds, renameUnit),
        });
      printRow(
        `${writers === 1 ? 'one writer' : `${writers} writers`}, renames per second`,
        median(results.map(({ made }) => made)).toFixed(0),
        median(results.map(({ limit }) => limit)).toFixed(0),
        `×${median(results.map(({ limit, made }) => limit / made)).toFixed(1)}`,
      );
    }
    const label = `| ${database.kind} | ${units.toLocaleString('en')}`;
    const costs = await measureCosts(database, observer, seconds, renameUnit);
    const postgresql = database.kind === 'embedded' ? '' : `${costs.postgresqlMs.toFixed(1)} ms`;
    costLines.push(
      `${label} | ${costs.statements.toFixed(1)} | ${costs.perTransaction.toFixed(1)} | ` +
        `${costs.serverMs.toFixed(1)} ms | ${postgresql} |`,
    );
    const client = createClient(database, { today: context.today, as: operator.subject });
    const times = await observer.measurePhases(OBSERVED_CHANGES, () =>
      client.send({ query: renameMutation, variables: { input: createRename() } }),
    );
    phaseLines.push(`${label} | ${formatPhases(times)} |`);

    await renameUntil(changes);
    await measureLargeChanges();
  } finally {
    await database.close();
  }
}
