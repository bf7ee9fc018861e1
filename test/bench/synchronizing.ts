import { createWriteStream } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { synchronize } from '../../src/exchange/sync/synchronize.ts';
import { connect, createDatabase } from '../../src/store/database/database.ts';
import type { DatabaseLocation } from '../../src/store/database/connection.ts';
import { applyMigrations } from '../../src/store/database/migrations.ts';
import { synchronizeOptions } from '../support/builders/file-options.ts';
import { generateRegister } from '../support/registers/generated-register.ts';
import { generateDesiredState, formatUnitsFile } from '../support/registers/large-desired-state.ts';
import { parseOptions, readCount, runBenchmark } from './command-line.ts';
import { createEmbeddedLocation, createServerLocation } from './databases.ts';
import { createTemporaryFolder, type Defer } from './reading/with-clean-up.ts';

const help = `Measures synchronizing with a file in which a quarter each of the differences is new, moved, renamed and
absent units, then again without differences.

  npm run bench:sync            200,000 units: several minutes

  --units N         units of the register, 200,000 by default
  --differences N   differences of the file, 1,000 by default
  --help            prints this

It measures the embedded database, and the server in TEST_DATABASE_URL if it is set.
`;

interface Options {
  readonly units: number;
  readonly differences: number;
}

await runBenchmark(readOptions, measureSynchronizing);

function readOptions(): Options | string {
  const values = parseOptions(process.argv.slice(2), {
    units: { type: 'string', default: '200000' },
    differences: { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return help;
  return { units: readCount('units', values.units), differences: readCount('differences', values.differences) };
}

async function measureSynchronizing({ units, differences }: Options, defer: Defer): Promise<void> {
  printLine('| what | units | database | differences | seconds | stages |');
  printLine('| --- | --: | --- | --: | --: | --- |');
  const path = join(await createTemporaryFolder(defer), 'units.csv');
  await pipeline(formatUnitsFile(generateDesiredState(units, differences)), createWriteStream(path));
  await measureOn(await createEmbeddedLocation(defer), units, path);
  const server = await createServerLocation(defer);
  if (server) await measureOn(server, units, path);
  printLine(
    `Load of the machine: ${(loadavg()[0] ?? 0).toFixed(1)}; greatest memory of the process: ` +
      `${Math.round(process.resourceUsage().maxRSS / 1_024)} MB.`,
  );
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function measureOn(location: DatabaseLocation, units: number, path: string): Promise<void> {
  const connection = await connect(location);
  await connection.migrate(applyMigrations);
  const database = createDatabase(connection);
  try {
    await generateRegister(database, units);
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
        `| ${label} | ${units.toLocaleString('en')} | ${database.kind} | ${opened + moved + renamed + closed} | ` +
          `${seconds} | ${stages.join(', ')} |`,
      );
    };
    await run('a desired state with differences');
    await run('the same desired state again');
  } finally {
    await database.close();
  }
}
