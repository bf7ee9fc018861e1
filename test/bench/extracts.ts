import { loadavg } from 'node:os';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { extractNames, openExtract, type ExtractName } from '../../src/exchange/extract/open-extract.ts';
import { connect, createDatabase, type Database } from '../../src/store/database/database.ts';
import type { DatabaseLocation } from '../../src/store/database/connection.ts';
import { applyMigrations } from '../../src/store/database/migrations.ts';
import { readSnapshot } from '../../src/store/snapshot/read-snapshot.ts';
import type { RegisterSnapshot } from '../../src/store/snapshot/register-snapshot.ts';
import { generateRegister } from '../support/registers/generated-register.ts';
import { parseOptions, readCount, runBenchmark } from './command-line.ts';
import { createEmbeddedLocation, createServerLocation } from './databases.ts';
import { median } from './reading/measure.ts';
import type { Defer } from './reading/with-clean-up.ts';

const help = `Measures extracts beside COPY of the same rows, on one register in one run. Absolute figures depend on the
machine; ratios are comparable.

  npm run bench:extracts        200,000 units: several minutes

  --units N       units of the register, 200,000 by default
  --rounds N      rounds, 3 by default; the table has medians
  --help          prints this

It measures the server in TEST_DATABASE_URL, if it is set, and the embedded database.
`;

interface Options {
  readonly units: number;
  readonly rounds: number;
}

const today = '2026-11-23';
const megabyte = 1024 * 1024;

interface Contender {
  readonly name: string;
  /** Reads everything and returns the number of bytes */
  readonly read: () => Promise<number>;
}

const copyStatement = `copy (
  select resh_id, type, name, short_name, parent_resh_id, organization_number, treatment_site_number, designation_code,
    designation_text, responsible_person, valid_from, valid_to, path
  from unit_version
  where superseded_rev is null and valid_from <= '${today}' and (valid_to is null or valid_to > '${today}')
  order by path_text
) to stdout with (format csv)`;

await runBenchmark(readOptions, measureExtracts);

function readOptions(): Options | string {
  const values = parseOptions(process.argv.slice(2), {
    units: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return help;
  return { units: readCount('units', values.units), rounds: readCount('rounds', values.rounds) };
}

async function measureExtracts(options: Options, defer: Defer): Promise<void> {
  const load = loadavg()[0] ?? 0;
  const units = options.units.toLocaleString('en');
  printLine(`| ${units} units as | database | rows a second | relative time | size | memory added | rss |`);
  printLine('| --- | --- | --: | --: | --: | --: | --: |');
  const server = await createServerLocation(defer);
  if (server) await measureOn(server, options);
  await measureOn(await createEmbeddedLocation(defer), options);
  const loads = `${load.toFixed(1)} to ${(loadavg()[0] ?? 0).toFixed(1)}`;
  printLine(`Medians of ${options.rounds} rounds; load of the machine: ${loads}.`);
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function measureOn(location: DatabaseLocation, options: Options): Promise<void> {
  const connection = await connect(location);
  await connection.migrate(applyMigrations);
  const database = createDatabase(connection);
  try {
    await generateRegister(database, options.units);
    const copies = location.kind === 'server' ? [createServerCopy(location.url)] : [];
    await compare(database, options, [...copies, ...extractNames.map((name) => createExtract(database, name))]);
    // Read last, because the memory of a process with a snapshot in it varies more.
    const snapshot = await readSnapshot(database, { revision: (await database.newestRevision()).revision, day: today });
    const unitExtracts = extractNames.filter((name) => name.startsWith('units.'));
    await compare(database, options, [
      ...copies,
      ...unitExtracts.map((name) => createExtract(database, name, snapshot)),
    ]);
  } finally {
    await database.close();
  }
}

/** Measures contenders in turn, and prints a line for each; times are relative to the first. */
async function compare(
  database: Database,
  { units, rounds }: Options,
  contenders: readonly Contender[],
): Promise<void> {
  const figures = contenders.map((): Awaited<ReturnType<typeof measureContender>>[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, contender] of contenders.entries()) figures[index]?.push(await measureContender(contender));
  for (const [index, { name }] of contenders.entries()) {
    const results = figures[index] ?? [];
    const rate = units / median(results.map(({ seconds }) => seconds));
    const ratio = median(results.map(({ seconds }, round) => seconds / (figures[0]?.[round]?.seconds ?? seconds)));
    const size = (results[0]?.bytes ?? 0) / megabyte;
    const memory = Math.max(...results.map(({ memory }) => memory));
    const rss = Math.max(...results.map(({ rss }) => rss));
    printLine(
      `| ${name} | ${database.kind} | ${Math.round(rate).toLocaleString('en')} | ×${ratio.toFixed(1)} | ` +
        `${size.toFixed(0)} MB | ${memory.toFixed(0)} MB | ${rss.toFixed(0)} MB |`,
    );
  }
}

function createServerCopy(url: string): Contender {
  return {
    name: '\\copy of the same rows (COPY TO STDOUT)',
    read: async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        let bytes = 0;
        for await (const chunk of client.query(copyTo(copyStatement))) bytes += (chunk as Buffer).length;
        return bytes;
      } finally {
        await client.end();
      }
    },
  };
}

/** @param snapshot register in memory, from which the extract is read; without it, from the database */
function createExtract({ prisma }: Database, name: ExtractName, snapshot?: RegisterSnapshot): Contender {
  return {
    name: snapshot ? `${name}, from memory` : name,
    read: async () => {
      let bytes = 0;
      const { streamChunks } = await openExtract(prisma, name, [], today, async () => snapshot);
      for await (const chunk of streamChunks()) bytes += chunk.length;
      return bytes;
    },
  };
}

/** Returns the seconds, the bytes, the megabytes by which the process grew at its peak, and those that it then had. */
async function measureContender({ read }: Contender) {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peakMemory = 0;
  const sampleMemory = () => {
    peakMemory = Math.max(peakMemory, process.memoryUsage().rss - before);
  };
  const sampling = setInterval(sampleMemory, 20);
  const start = performance.now();
  const bytes = await read();
  const seconds = (performance.now() - start) / 1_000;
  sampleMemory();
  clearInterval(sampling);
  return { seconds, bytes, memory: peakMemory / megabyte, rss: (before + peakMemory) / megabyte };
}
