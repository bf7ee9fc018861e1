import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { synchronize } from '../../src/exchange/sync/synchronize.ts';
import { connect, createDatabase } from '../../src/store/database/database.ts';
import type { DatabaseLocation } from '../../src/store/database/connection.ts';
import { applyMigrations } from '../../src/store/database/migrations.ts';
import { synchronizeOptions } from '../support/builders/file-options.ts';
import { generateRegister } from '../support/registers/generated-register.ts';
import { generateDesiredState, formatUnitsFile } from '../support/registers/large-desired-state.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../support/database/server-database.ts';

// Synchronizes with a desired state in which a quarter each of the differences is new, moved, renamed and absent units,
// then again without differences.
const UNITS = Number(process.env['BENCH_UNITS'] ?? 200_000);
const DIFFERENCES = Number(process.env['BENCH_DIFFERENCES'] ?? 1_000);
const serverUrl = process.env['TEST_DATABASE_URL'];

printLine('| what | units | database | differences | seconds | stages |');

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

printLine('| --- | --: | --- | --: | --: | --- |');
const folder = await mkdtemp(join(tmpdir(), 'resh-bench-'));
try {
  const path = join(folder, 'units.csv');
  await pipeline(formatUnitsFile(generateDesiredState(UNITS, DIFFERENCES)), createWriteStream(path));
  await runBenchmark({ kind: 'embedded', folder: join(folder, 'data') }, path);
  if (serverUrl) {
    const name = `resh_bench_${process.pid}`;
    await createServerDatabase(serverUrl, name);
    try {
      await runBenchmark({ kind: 'server', url: databaseUrl(serverUrl, name) }, path);
    } finally {
      await dropServerDatabase(serverUrl, name);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function runBenchmark(location: DatabaseLocation, path: string): Promise<void> {
  const connection = await connect(location);
  await connection.migrate(applyMigrations);
  const database = createDatabase(connection);
  try {
    await generateRegister(database, UNITS);
    const run = async (label: string): Promise<void> => {
      const start = performance.now();
      const stages: string[] = [];
      let [stage, startedAt] = ['', start];
      const options = synchronizeOptions({
        path,
        day: '2026-03-01',
        onProblems: (problems) => {
          for (const problem of problems) if (problem.kind !== 'WARNING') throw new Error(JSON.stringify(problem));
        },
        onProgress: (step) => {
          if (step.stage === stage) return;
          if (stage !== '') stages.push(`${stage} ${((performance.now() - startedAt) / 1_000).toFixed(1)}`);
          [stage, startedAt] = [step.stage, performance.now()];
        },
      });
      const outcome = await synchronize(database, options);
      stages.push(`${stage} ${((performance.now() - startedAt) / 1_000).toFixed(1)}`);
      const { opened, moved, renamed, closed } = outcome.counts;
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      printLine(
        `| ${label} | ${UNITS.toLocaleString('en')} | ${database.kind} | ${opened + moved + renamed + closed} | ` +
          `${seconds} | ${stages.join(', ')} |`,
      );
    };
    await run('a desired state with differences');
    await run('the same desired state again');
  } finally {
    await database.close();
  }
}

printLine(
  `Load of the machine: ${(loadavg()[0] ?? 0).toFixed(1)}; greatest memory of the process: ` +
    `${Math.round(process.resourceUsage().maxRSS / 1_024)} MB.`,
);
