import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openDatabase } from '../../src/store/database/database.ts';
import { generateRegister } from '../support/registers/generated-register.ts';
import { createRegisterLocation, type RegisterLocation } from '../support/processes/register-location.ts';
import { spawnResh, waitForExit } from '../support/processes/resh-process.ts';

const UNITS = 200_000;
const source = inject('testDatabaseSource');

let folder: string;
let register: RegisterLocation;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-extracts-'));
  register = await createRegisterLocation(folder);
  const database = await openDatabase(register.location);
  await generateRegister(database, UNITS);
  await database.close();
});
afterAll(async () => {
  await register.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Runs an extract in a process whose heap is too small for the register. */
function runExtract(format: string, outputPath: string) {
  const command = ['extract', '--format', format, '--out', outputPath];
  return waitForExit(spawnResh(command, register.environment, ['--max-old-space-size=160']));
}

it.each([
  ['csv', 'units.csv', UNITS + 1],
  ['ndjson', 'units.ndjson', UNITS + 1],
  ['fhir', 'units.fhir.ndjson', UNITS],
  ['history', 'unit-history.csv', UNITS + 1],
])(`extracts ${UNITS} units as %s in bounded memory`, async (format, file, lines) => {
  const outputPath = join(folder, file);
  const { code, peakMemory } = await runExtract(format, outputPath);

  expect(code).toBe(0);

  const text = await readFile(outputPath);
  let lineCount = 0;
  for (const byte of text) if (byte === 10) lineCount += 1;

  expect(lineCount).toBe(lines);
  expect((await stat(outputPath)).size).toBeGreaterThan(20_000_000);
  // In megabytes. On a server, only this process counts; otherwise the embedded database is included.
  expect(peakMemory).toBeLessThan(source.kind === 'server' ? 450 : 1_000);
});
