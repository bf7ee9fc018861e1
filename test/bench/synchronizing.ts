import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ourFiles } from '../../src/exchange/import/stage-files.ts';
import { synchronize } from '../../src/exchange/import/synchronize.ts';
import { connect, databaseOn, type DatabaseLocation } from '../../src/store/database.ts';
import { applyMigrations } from '../../src/store/schema-engine.ts';
import { grown, growRegister } from '../support/grown-register.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../support/server.ts';

// A full picture with a quarter each of new, moved, renamed and absent units, and the same picture again.
const UNITS = Number(process.env['BENCH_UNITS'] ?? 200_000);
const DIFFERENCES = Number(process.env['BENCH_DIFFERENCES'] ?? 1_000);
const serverUrl = process.env['TEST_DATABASE_URL'];

const quarter = Math.floor(DIFFERENCES / 4);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

// Each unit n of the grown register has children 6n-4 to 6n+1: from here on none has any.
const firstLeaf = Math.ceil(UNITS / 6) + 10;
const isIn = (reshId: number, place: number): boolean =>
  reshId >= firstLeaf + place * quarter && reshId < firstLeaf + (place + 1) * quarter;

const lines = function* () {
  yield 'resh_id,type,name,short_name,designation,treatment_site_number,parent_resh_id\n';
  for (let reshId = 1; reshId <= UNITS + quarter; reshId += 1) {
    const isNew = reshId > UNITS;
    if (isIn(reshId, 0)) continue;
    const parent = isNew || isIn(reshId, 1) ? 100 + (reshId % 50) : (grown.ancestorsOf(reshId).at(-1) ?? '');
    const type = reshId <= 7 ? 'ORGANIZATION' : 'DEPARTMENT';
    const name = isIn(reshId, 2) ? `Ny avdeling ${reshId}` : `Avdeling ${reshId}`;
    yield `${reshId},${type},${name},A${reshId},05,${grown.site},${reshId === 1 ? '' : parent}\n`;
  }
};

const measure = async (location: DatabaseLocation, path: string): Promise<void> => {
  const connection = await connect(location);
  await connection.migrate(applyMigrations);
  const database = databaseOn(connection);
  try {
    await growRegister(database, UNITS);
    const run = async (what: string): Promise<void> => {
      const start = performance.now();
      const stages: string[] = [];
      let [stage, began] = ['', start];
      const outcome = await synchronize(database, {
        ...{ path, reading: ourFiles, day: '2026-03-01', today: '2026-03-01', within: null, dryRun: false },
        ...{ skipInvalid: false, allowMassClose: false, rejects: null, report: null },
        actor: { subject: 'bench', name: 'Bench' },
        onProblems: (problems) => {
          for (const problem of problems) if (problem.kind !== 'WARNING') throw new Error(JSON.stringify(problem));
        },
        onProgress: (step) => {
          if (step.stage === stage) return;
          if (stage !== '') stages.push(`${stage} ${((performance.now() - began) / 1_000).toFixed(1)}`);
          [stage, began] = [step.stage, performance.now()];
        },
      });
      stages.push(`${stage} ${((performance.now() - began) / 1_000).toFixed(1)}`);
      const { opened, moved, renamed, closed } = outcome.counts;
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      say(
        `| ${what} | ${UNITS.toLocaleString('en')} | ${database.kind} | ${opened + moved + renamed + closed} | ${seconds} | ${stages.join(', ')} |`,
      );
    };
    await run('a picture with differences');
    await run('the same picture again');
  } finally {
    await database.close();
  }
};

say('| what | units | database | differences | seconds | of which |');
say('| --- | --: | --- | --: | --: | --- |');
const folder = await mkdtemp(join(tmpdir(), 'resh-bench-'));
try {
  const path = join(folder, 'units.csv');
  await pipeline(lines, createWriteStream(path));
  await measure({ kind: 'embedded', folder: join(folder, 'data') }, path);
  if (serverUrl) {
    const name = `resh_bench_${process.pid}`;
    await createServerDatabase(serverUrl, name);
    try {
      await measure({ kind: 'server', url: databaseUrl(serverUrl, name) }, path);
    } finally {
      await dropServerDatabase(serverUrl, name);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
say(
  `Load of the machine: ${(loadavg()[0] ?? 0).toFixed(1)}; greatest memory of the process: ${Math.round(process.resourceUsage().maxRSS / 1_024)} MB.`,
);
