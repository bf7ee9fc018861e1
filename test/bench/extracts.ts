import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { openExtract, type ExtractName } from '../../src/exchange/extract/open-extract.ts';
import { connect, databaseOn, type Database, type DatabaseLocation } from '../../src/store/database/database.ts';
import { applyMigrations } from '../../src/store/database/migrations.ts';
import { growRegister } from '../support/grown-register.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../support/server.ts';

// Extracts beside COPY of the rows they are made of, on one register in one run: absolute figures are this machine's, the ratios
// travel.
const UNITS = Number(process.env['BENCH_UNITS'] ?? 200_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const serverUrl = process.env['TEST_DATABASE_URL'];
const today = '2026-11-23';
const megabyte = 1024 * 1024;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;

interface Contender {
  readonly name: string;
  /** Reads all of it and gives the number of bytes */
  readonly read: () => Promise<number>;
}

const copied = `copy (
  select resh_id, type, name, short_name, parent_resh_id, organization_number, treatment_site_number, designation_code,
    designation_text, responsible_person, valid_from, valid_to, path
  from unit_version
  where superseded_rev is null and valid_from <= '${today}' and (valid_to is null or valid_to > '${today}')
  order by path_text
) to stdout with (format csv)`;

const copyOnServer = (url: string): Contender => ({
  name: '\\copy of the same rows (COPY TO STDOUT)',
  read: async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      let bytes = 0;
      for await (const chunk of client.query(copyTo(copied))) bytes += (chunk as Buffer).length;
      return bytes;
    } finally {
      await client.end();
    }
  },
});

const extractAs = ({ prisma }: Database, name: ExtractName): Contender => ({
  name,
  read: async () => {
    let bytes = 0;
    const { chunks } = await openExtract(prisma, name, [], today);
    for await (const chunk of chunks()) bytes += Buffer.byteLength(chunk);
    return bytes;
  },
});

/** Seconds that reading takes, bytes, and megabytes by which the process is greatest meanwhile above what it was before. */
const measured = async ({ read }: Contender) => {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = 0;
  const look = () => {
    most = Math.max(most, process.memoryUsage().rss - before);
  };
  const looking = setInterval(look, 20);
  const start = performance.now();
  const bytes = await read();
  const seconds = (performance.now() - start) / 1_000;
  look();
  clearInterval(looking);
  return { seconds, bytes, memory: most / megabyte };
};

const measure = async (location: DatabaseLocation): Promise<void> => {
  const connection = await connect(location);
  await connection.migrate(applyMigrations);
  const database = databaseOn(connection);
  try {
    await growRegister(database, UNITS);
    const names = ['units.csv', 'units.ndjson', 'units.fhir.ndjson', 'unit-history.csv'] as const;
    const contenders = [
      ...(location.kind === 'server' ? [copyOnServer(location.url)] : []),
      ...names.map((name) => extractAs(database, name)),
    ];
    const figures = contenders.map((): Awaited<ReturnType<typeof measured>>[] => []);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [place, contender] of contenders.entries()) figures[place]?.push(await measured(contender));
    for (const [place, { name }] of contenders.entries()) {
      const of = figures[place] ?? [];
      const rate = UNITS / median(of.map(({ seconds }) => seconds));
      const ratio = median(of.map(({ seconds }, round) => seconds / (figures[0]?.[round]?.seconds ?? seconds)));
      const size = (of[0]?.bytes ?? 0) / megabyte;
      const memory = Math.max(...of.map(({ memory }) => memory));
      say(
        `| ${name} | ${database.kind} | ${Math.round(rate).toLocaleString('en')} | ×${ratio.toFixed(1)} | ${size.toFixed(0)} MB | ${memory.toFixed(0)} MB |`,
      );
    }
  } finally {
    await database.close();
  }
};

const load = loadavg()[0] ?? 0;
say(
  `| ${UNITS.toLocaleString('en')} units as | database | rows a second | time, beside the first | size | memory it adds |`,
);
say('| --- | --- | --: | --: | --: | --: |');
if (serverUrl) {
  const name = `resh_bench_${process.pid}`;
  await createServerDatabase(serverUrl, name);
  try {
    await measure({ kind: 'server', url: databaseUrl(serverUrl, name) });
  } finally {
    await dropServerDatabase(serverUrl, name);
  }
}
const folder = await mkdtemp(join(tmpdir(), 'resh-bench-'));
try {
  await measure({ kind: 'embedded', folder });
} finally {
  await rm(folder, { recursive: true, force: true });
}
say(`Medians of ${ROUNDS} rounds; load of the machine: ${load.toFixed(1)} to ${(loadavg()[0] ?? 0).toFixed(1)}.`);
