import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ourFiles } from '../../src/exchange/import/stage-files.ts';
import { synchronize } from '../../src/exchange/sync/synchronize.ts';
import { connect, databaseOn, type DatabaseLocation } from '../../src/store/database/database.ts';
import { applyMigrations } from '../../src/store/database/migrations.ts';
import { growRegister } from '../support/grown-register.ts';
import { largePicture, pictureLines } from '../support/large-picture.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../support/server.ts';

// A full picture with a quarter each of new, moved, renamed and absent units, and the same picture again.
const UNITS = Number(process.env['BENCH_UNITS'] ?? 200_000);
const DIFFERENCES = Number(process.env['BENCH_DIFFERENCES'] ?? 1_000);
const serverUrl = process.env['TEST_DATABASE_URL'];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

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
  await pipeline(pictureLines(largePicture(UNITS, DIFFERENCES)), createWriteStream(path));
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
