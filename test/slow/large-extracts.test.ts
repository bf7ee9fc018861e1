import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openDatabase } from '../../src/store/database/database.ts';
import type { DatabaseLocation } from '../../src/store/database/connection.ts';
import { generateRegister } from '../support/registers/generated-register.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../support/database/server-database.ts';

const UNITS = 200_000;
const project = fileURLToPath(new URL('../..', import.meta.url));
const source = inject('testDatabaseSource');

let folder: string;
let environment: Record<string, string>;

let removeDatabase = async (): Promise<void> => {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-extracts-'));
  let location: DatabaseLocation = { kind: 'embedded', folder: join(folder, 'data') };
  environment = { DATA_DIR: join(folder, 'data') };
  if (source.kind === 'server') {
    const name = `${source.runName}_${randomBytes(6).toString('hex')}`;
    await createServerDatabase(source.url, name, source.template);
    location = { kind: 'server', url: databaseUrl(source.url, name) };
    environment = { DATABASE_URL: location.url };
    removeDatabase = () => dropServerDatabase(source.url, name);
  }
  const database = await openDatabase(location);
  await generateRegister(database, UNITS);
  await database.close();
});
afterAll(async () => {
  await removeDatabase();
  await rm(folder, { recursive: true, force: true });
});

/** Runs an extract in a process whose heap is too small for the register. */
async function runExtract(format: string, outputPath: string) {
  const child = spawn(
    process.execPath,
    [
      ...['--max-old-space-size=160', '--import', 'tsx', join(project, 'src/cli.ts')],
      ...['extract', '--format', format, '--out', outputPath],
    ],
    { cwd: project, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment } },
  );
  let stderr = '';
  let peakMemory = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const sampling = setInterval(() => {
    void readFile(`/proc/${child.pid}/status`, 'utf8').then(
      (status) => {
        peakMemory = Math.max(peakMemory, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
      },
      () => {},
    );
  }, 250);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(sampling);
  return { code, stderr, greatestMemory: peakMemory };
}

it.each([
  ['csv', 'units.csv', UNITS + 1],
  ['ndjson', 'units.ndjson', UNITS + 1],
  ['fhir', 'units.fhir.ndjson', UNITS],
  ['history', 'unit-history.csv', UNITS + 1],
])(`extracts ${UNITS} units as %s in bounded memory`, async (format, file, lines) => {
  const outputPath = join(folder, file);
  const { code, greatestMemory } = await runExtract(format, outputPath);
  expect(code).toBe(0);

  const text = await readFile(outputPath);
  let lineCount = 0;
  for (const byte of text) if (byte === 10) lineCount += 1;
  expect(lineCount).toBe(lines);
  expect((await stat(outputPath)).size).toBeGreaterThan(20_000_000);
  // In megabytes. On a server, only this process counts; otherwise the embedded database is included.
  expect(greatestMemory).toBeLessThan(source.kind === 'server' ? 450 : 1_000);
});
