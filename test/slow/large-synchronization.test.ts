import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synchronize } from '../../src/exchange/sync/synchronize.ts';
import type { BulkSession } from '../../src/store/database/bulk-session.ts';
import type { Database } from '../../src/store/database/database.ts';
import { synchronizeOptions } from '../support/builders/file-options.ts';
import { openTestDatabase } from '../support/database/database.ts';
import { generateRegister } from '../support/registers/generated-register.ts';
import { generateDesiredState, formatUnitsFile } from '../support/registers/large-desired-state.ts';
import { findViolations } from '../support/database/violations.ts';

const units = 200_000;
const differences = 1_000;
const day = '2026-03-01';
const dayBefore = '2026-02-28';

let database: Database;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'resh-synchronizing-at-size-'));
  await generateRegister(database, units);
  await pipeline(
    formatUnitsFile(generateDesiredState(units, differences)),
    createWriteStream(join(folder, 'units.csv')),
  );
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a synchronization, and counts its statements and the rows they return. */
async function runSynchronization() {
  const counts = { statements: 0, rows: 0 };
  const countStatements = (session: BulkSession): BulkSession => ({
    execute: (statements) => {
      counts.statements += 1;
      return session.execute(statements);
    },
    copyFrom: (target, chunks) => session.copyFrom(target, chunks),
    query: async <Row extends Record<string, unknown>>(statement: string, values?: readonly unknown[]) => {
      const rows = await session.query<Row>(statement, values);
      counts.statements += 1;
      counts.rows += rows.length;
      return rows;
    },
  });
  const outcome = await synchronize(
    { bulk: (work) => database.bulk((session) => work(countStatements(session))) },
    synchronizeOptions({ path: folder, day, onProblems: (problems) => expect(problems).toEqual([]) }),
  );
  return { outcome, counted: counts };
}

function readState(on: string) {
  return database.bulk((session) =>
    session.query<{ line: string }>(
      `select concat_ws(' ', resh_id, array_to_string(path, '/'), type, name, short_name, designation_code,
         treatment_site_number) as line
       from unit_version
       where superseded_rev is null and valid_from <= $1::text::date and (valid_to is null or valid_to > $1::text::date)
       order by resh_id`,
      [on],
    ),
  );
}

/** Returns the first differing lines; printing the difference of two long lists would take minutes. */
function findDifferingLines(lines: readonly string[], otherLines: readonly string[]) {
  return Array.from({ length: Math.max(lines.length, otherLines.length) }, (_, index) => [
    lines[index],
    otherLines[index],
  ])
    .filter(([one, other]) => one !== other)
    .slice(0, 5);
}

async function readLines(on: string): Promise<string[]> {
  return (await readState(on)).map(({ line }) => line);
}

describe(`synchronization of ${units} units with ${differences} differences`, () => {
  it('reproduces the file on the day, with statements and rows in proportion to the differences', async () => {
    const before = await readLines(dayBefore);

    const { outcome, counted } = await runSynchronization();

    expect(outcome).toMatchObject({
      abortReason: null,
      revision: 2,
      scopeCount: units,
      warnings: [],
      counts: { opened: 250, moved: 250, renamed: 250, closed: 250 },
    });
    expect(counted.statements).toBeLessThan(250);
    expect(counted.rows).toBeLessThan(10 * differences);

    const paths = new Map<number, string>();
    const desiredLines = [...generateDesiredState(units, differences)].map(({ reshId, parentReshId, type, name }) => {
      const path = parentReshId === null ? String(reshId) : `${paths.get(parentReshId)}/${reshId}`;
      paths.set(reshId, path);
      return `${reshId} ${path} ${type} ${name} A${reshId} 05 974747138`;
    });

    expect(findDifferingLines(await readLines(day), desiredLines)).toEqual([]);
    expect(findDifferingLines(await readLines(dayBefore), before)).toEqual([]);
  });

  it('changes nothing the second time', async () => {
    const { outcome, counted } = await runSynchronization();

    expect(counted.statements).toBeLessThan(150);
    expect(counted.rows).toBeLessThan(100);
    expect(outcome).toMatchObject({
      abortReason: null,
      revision: null,
      counts: { opened: 0, moved: 0, renamed: 0, closed: 0 },
    });
    expect(await database.prisma.change.count()).toBe(2);
  });

  it('keeps every rule', async () => {
    expect(await findViolations(database)).toEqual([]);
  });
});
