import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDemo } from '../../src/demo/load-demo.ts';
import { openDatabase, type Database } from '../../src/store/database/database.ts';
import { verifyDatabase } from '../support/database/violations.ts';

const UNITS = 200_000;
const megabyte = 1024 * 1024;

// In a folder, as users run it: in memory, the database itself would use most of the memory.
let folder: string;
let database: Database;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resh-demo-'));
  database = await openDatabase({ kind: 'embedded', folder });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

it(`loads a demo register of ${UNITS} units in bounded memory and keeps every rule`, async () => {
  const before = process.memoryUsage().rss;
  let peakMemory = 0;
  const { units } = await loadDemo(database, {
    units: UNITS,
    today: '2026-11-23',
    onProgress: () => {
      peakMemory = Math.max(peakMemory, (process.memoryUsage().rss - before) / megabyte);
    },
  });

  expect(Math.abs(units - UNITS)).toBeLessThan(3);
  // Measured: about 80 MB.
  expect(peakMemory).toBeLessThan(300);

  const { violations, counts: verified } = await verifyDatabase(database);
  expect(violations).toEqual([]);
  expect(verified).toEqual({ units, violations: 0 });
});
