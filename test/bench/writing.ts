import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperationContext } from '../../src/operations/engine/run-change.ts';
import { mergeUnits } from '../../src/operations/merge-units.ts';
import { moveUnit } from '../../src/operations/move-unit.ts';
import type { Outcome } from '../../src/operations/engine/change-result.ts';
import { updateUnit } from '../../src/operations/update-unit.ts';
import { connect, databaseOn, type DatabaseLocation } from '../../src/store/database/database.ts';
import { applyMigrations } from '../../src/store/database/migrations.ts';
import { growRegister } from '../support/grown-register.ts';
import { growTrust } from '../support/grown-trust.ts';
import { registerOperator } from '../../src/store/change/operators.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../support/server.ts';

// Writing beside the least that any committed write costs on the same database, in one run: absolute figures are this machine's,
// the ratios travel.
const sizes = (process.env['BENCH_UNITS'] ?? '5000,200000').split(',').map(Number);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 3);
const ROUNDS = 3;
const WRITERS = 16;
const serverUrl = process.env['TEST_DATABASE_URL'];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;

/** How many a second are done by some who each begin anew when they are done. */
const perSecond = async (writers: number, write: (n: number) => Promise<unknown>): Promise<number> => {
  let done = 0;
  let begun = 0;
  const start = performance.now();
  const until = start + SECONDS * 1_000;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (performance.now() < until) {
        await write((begun += 1));
        done += 1;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - start);
};

const committed = (outcome: Outcome): void => {
  if (outcome.revision === null) throw new Error(`A change was refused: ${JSON.stringify(outcome.userErrors)}`);
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
};

// Each unit n of the grown register has children 6n-4 to 6n+1: at 200,000 units, 5,600 stand at and beneath this one.
const moved = { reshId: 26, units: 5_600, parents: [3, 5] } as const;

const trustUnits = 2_000;

const measure = async (location: DatabaseLocation, units: number): Promise<void> => {
  const connection = await connect(location);
  await connection.migrate(applyMigrations);
  const database = databaseOn(connection);
  try {
    await growRegister(database, units);
    await database.bulk((session) => session.execute('create table plain (n integer not null)'));
    const operator = { subject: 'bench', name: 'Bench' };
    await database.bulk((session) =>
      registerOperator(session, operator, { ...operator, email: undefined }, '2026-11-23'),
    );
    const context: OperationContext = { database, today: '2026-11-23', viewer: operator };
    const plain = (n: number) =>
      database.transaction((tx) => tx.query('insert into plain (n) values ($1::integer)', [n]));
    const rename = async (n: number) =>
      committed(await updateUnit(context, { reshId: 2 + ((n * 7_919) % (units - 2)), name: `Name ${n}` }));

    const tell = (what: string, figure: string, limit: string, ratio: string): void => {
      say(`| ${what} | ${units.toLocaleString('en')} | ${database.kind} | ${figure} | ${limit} | ${ratio} |`);
    };
    for (const writers of [1, WRITERS]) {
      const figures: { limit: number; made: number }[] = [];
      await rename(0);
      for (let round = 0; round < ROUNDS; round += 1)
        figures.push({ limit: await perSecond(writers, plain), made: await perSecond(writers, rename) });
      tell(
        `${writers === 1 ? 'one writer' : `${writers} writers`}, new names, a second`,
        median(figures.map(({ made }) => made)).toFixed(0),
        median(figures.map(({ limit }) => limit)).toFixed(0),
        `×${median(figures.map(({ limit, made }) => limit / made)).toFixed(1)}`,
      );
    }
    const plainRows = (rows: number) =>
      database.transaction(async (tx) => {
        await tx.query('insert into plain (n) select -1 from generate_series(1, $1::integer)', [rows]);
        await tx.query('update plain set n = -2 where n = -1');
      });
    const tellSeconds = async (what: string, rows: number, make: (round: number) => Promise<number>): Promise<void> => {
      const figures: { limit: number; made: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1)
        figures.push({ made: await make(round), limit: await seconds(() => plainRows(rows)) });
      tell(
        `${what}, seconds`,
        median(figures.map(({ made }) => made)).toFixed(2),
        median(figures.map(({ limit }) => limit)).toFixed(2),
        `×${median(figures.map(({ made, limit }) => made / limit)).toFixed(1)}`,
      );
    };

    const trusts: [number, number][] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      trusts.push([await growTrust(database, trustUnits), await growTrust(database, trustUnits)]);
    for (const dryRun of [true, false])
      await tellSeconds(
        `a merge of two trusts of ${trustUnits.toLocaleString('en')} units${dryRun ? ' as a dry run' : ''}`,
        2 * trustUnits,
        (round) =>
          seconds(async () => {
            const outcome = await mergeUnits(context, {
              ...{ sourceReshIds: trusts[round] ?? [], dryRun },
              target: { name: `Merged ${round}` },
            });
            if (!dryRun) committed(outcome);
            if (outcome.impact?.pathCount !== 2 * (trustUnits - 1) - 12) throw new Error('Other units were moved.');
          }),
      );

    if (units < 36 * 5_000) return;
    await tellSeconds(`a move of ${moved.units.toLocaleString('en')} units`, moved.units, (round) =>
      seconds(async () => {
        const newParentReshId = moved.parents[round % 2];
        const outcome = await moveUnit(context, { reshId: moved.reshId, newParentReshId });
        committed(outcome);
        if (outcome.impact?.pathCount !== moved.units - 1) throw new Error('Other units were moved.');
      }),
    );
  } finally {
    await database.close();
  }
};

say('| what | units | database | resh-graph | plain rows | ratio |');
say('| --- | --: | --- | --: | --: | --: |');
const busy: number[] = [];
for (const units of sizes) {
  busy.push(loadavg()[0] ?? 0);
  const folder = await mkdtemp(join(tmpdir(), 'resh-bench-'));
  try {
    await measure({ kind: 'embedded', folder }, units);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (!serverUrl) continue;
  const name = `resh_bench_${process.pid}_${units}`;
  await createServerDatabase(serverUrl, name);
  try {
    await measure({ kind: 'server', url: databaseUrl(serverUrl, name) }, units);
  } finally {
    await dropServerDatabase(serverUrl, name);
  }
}
busy.push(loadavg()[0] ?? 0);
say(`Medians of ${ROUNDS} rounds; load of the machine: ${busy.map((load) => load.toFixed(1)).join(', ')}.`);
