import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChangeResult } from '../../src/operations/engine/change-result.ts';
import type { OperationContext } from '../../src/operations/engine/run-change.ts';
import { mergeUnits } from '../../src/operations/merge-units.ts';
import { moveUnit } from '../../src/operations/move-unit.ts';
import { updateUnit } from '../../src/operations/update-unit.ts';
import { registerOperator } from '../../src/store/change/register-operator.ts';
import { connect, createDatabase, type Database } from '../../src/store/database/database.ts';
import type { DatabaseLocation } from '../../src/store/database/connection.ts';
import { applyMigrations } from '../../src/store/database/migrations.ts';
import { generateRegister } from '../support/registers/generated-register.ts';
import { generateTrust } from '../support/registers/generated-trust.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../support/database/server-database.ts';
import { createClient } from '../support/http/client.ts';
import { readStat } from './reading/processes.ts';
import { createChangeObserver, phases, type ChangeObserver, type PhaseTimes } from './writing-phases.ts';

// Compares mutations with the minimum cost of a committed write on the same database, in one run. Absolute figures
// depend on the machine; ratios are comparable.
const sizes = (process.env['BENCH_UNITS'] ?? '5000,200000').split(',').map(Number);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 3);
const ROUNDS = 3;
const WRITERS = 16;
const OBSERVED_CHANGES = 200;
const serverUrl = process.env['TEST_DATABASE_URL'];

// Unit n of the generated register has children 6n-4 to 6n+1: at 200,000 units, this subtree has 5,600 units.
const movedSubtree = { reshId: 26, units: 5_600, parents: [3, 5] } as const;

const trustUnits = 2_000;

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

printLine('| what | units | database | resh-graph | plain rows | ratio |');

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

printLine('| --- | --: | --- | --: | --: | --: |');
// Printed after the table of rates.
const costLines: string[] = [];
const phaseLines: string[] = [];
const busy: number[] = [];
for (const units of sizes) {
  busy.push(loadavg()[0] ?? 0);
  const folder = await mkdtemp(join(tmpdir(), 'resh-bench-'));
  try {
    await runBenchmark({ kind: 'embedded', folder }, units);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (!serverUrl) continue;
  const name = `resh_bench_${process.pid}_${units}`;
  await createServerDatabase(serverUrl, name);
  try {
    await runBenchmark({ kind: 'server', url: databaseUrl(serverUrl, name) }, units);
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

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}

/** Returns the writes per second of several writers, each starting the next write when the previous one is done. */
async function measureRate(writers: number, write: (n: number) => Promise<unknown>): Promise<number> {
  let completed = 0;
  let started = 0;
  const start = performance.now();
  const deadline = start + SECONDS * 1_000;
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

function assertCommitted(outcome: ChangeResult): void {
  if (outcome.revision === null) throw new Error(`A change was refused: ${JSON.stringify(outcome.userErrors)}`);
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
  await measureRate(WRITERS, countedRename);
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

async function runBenchmark(location: DatabaseLocation, units: number): Promise<void> {
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

    const printRow = (label: string, figure: string, limit: string, ratio: string): void => {
      printLine(`| ${label} | ${units.toLocaleString('en')} | ${database.kind} | ${figure} | ${limit} | ${ratio} |`);
    };
    for (const writers of [1, WRITERS]) {
      const results: { limit: number; made: number }[] = [];
      await renameUnit();
      for (let round = 0; round < ROUNDS; round += 1)
        results.push({
          limit: await measureRate(writers, insertPlainRow),
          made: await measureRate(writers, renameUnit),
        });
      printRow(
        `${writers === 1 ? 'one writer' : `${writers} writers`}, renames per second`,
        median(results.map(({ made }) => made)).toFixed(0),
        median(results.map(({ limit }) => limit)).toFixed(0),
        `×${median(results.map(({ limit, made }) => limit / made)).toFixed(1)}`,
      );
    }
    const label = `| ${database.kind} | ${units.toLocaleString('en')}`;
    const costs = await measureCosts(database, observer, renameUnit);
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

    const insertPlainRows = (rows: number) =>
      database.transaction(async (tx) => {
        await tx.query('insert into plain (n) select -1 from generate_series(1, $1::integer)', [rows]);
        await tx.query('update plain set n = -2 where n = -1');
      });
    const printSeconds = async (
      label: string,
      rows: number,
      change: (round: number) => Promise<number>,
    ): Promise<void> => {
      const results: { limit: number; made: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1)
        results.push({ made: await change(round), limit: await measureSeconds(() => insertPlainRows(rows)) });
      printRow(
        `${label}, seconds`,
        median(results.map(({ made }) => made)).toFixed(2),
        median(results.map(({ limit }) => limit)).toFixed(2),
        `×${median(results.map(({ made, limit }) => made / limit)).toFixed(1)}`,
      );
    };

    const trusts: [number, number][] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      trusts.push([await generateTrust(database, trustUnits), await generateTrust(database, trustUnits)]);
    for (const dryRun of [true, false])
      await printSeconds(
        `merge of two trusts of ${trustUnits.toLocaleString('en')} units${dryRun ? ', dry run' : ''}`,
        2 * trustUnits,
        (round) =>
          measureSeconds(async () => {
            const outcome = await mergeUnits(context, {
              sourceReshIds: trusts[round] ?? [],
              dryRun,
              target: { name: `Merged ${round}` },
            });
            if (!dryRun) assertCommitted(outcome);
            if (outcome.impact?.pathCount !== 2 * (trustUnits - 1) - 12) throw new Error('Other units were moved.');
          }),
      );

    if (units < 36 * 5_000) return;
    await printSeconds(`move of ${movedSubtree.units.toLocaleString('en')} units`, movedSubtree.units, (round) =>
      measureSeconds(async () => {
        const newParentReshId = movedSubtree.parents[round % 2];
        const outcome = await moveUnit(context, { reshId: movedSubtree.reshId, newParentReshId });
        assertCommitted(outcome);
        if (outcome.impact?.pathCount !== movedSubtree.units - 1) throw new Error('Other units were moved.');
      }),
    );
  } finally {
    await database.close();
  }
}
