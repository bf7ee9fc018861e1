import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChangeResult } from '../../../src/operations/engine/change-result.ts';
import type { OperationContext } from '../../../src/operations/engine/run-change.ts';
import { closeUnit } from '../../../src/operations/close-unit.ts';
import { createDepartment } from '../../../src/operations/create-department.ts';
import { mergeUnits } from '../../../src/operations/merge-units.ts';
import { moveUnit } from '../../../src/operations/move-unit.ts';
import { updateUnitCodes } from '../../../src/operations/update-unit-codes.ts';
import { updateUnit } from '../../../src/operations/update-unit.ts';
import type { Database } from '../../../src/store/database/database.ts';
import type { SqlClient } from '../../../src/store/database/sql-client.ts';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { buildWorld, subjects, units, worldDay, worldStart } from '../../support/world/world.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  // A sequential scan is the best plan for every table of this register, and a session keeps the plans it has made.
  await buildWorld(database);
  await database.bulk((session) => session.execute('analyze'));
});
afterAll(() => database.close());

/** Returns the sequential scans of the session so far, by table. */
async function readScans(client: SqlClient): Promise<Map<string, number>> {
  const rows = await client.query<{ table: string; scans: number }>(
    'select relname as table, seq_scan::integer as scans from pg_stat_xact_user_tables',
  );
  return new Map(rows.map(({ table, scans }) => [table, scans]));
}

/** Makes a change, and returns the tables that it or a check of its constraints scanned. */
async function findScannedTables(change: (context: OperationContext) => Promise<ChangeResult>): Promise<string[]> {
  let scanned: string[] = [];
  const withRegisterLock: Database['withRegisterLock'] = (work, options) =>
    database.withRegisterLock(async (tx) => {
      const before = await readScans(tx);
      const result = await work(tx);
      await tx.query('set constraints all immediate');
      const after = await readScans(tx);
      scanned = [...after.keys()].filter((table) => after.get(table) !== (before.get(table) ?? 0));
      return result;
    }, options);
  const viewer = { subject: subjects.operator, name: 'Operator' };
  const { revision, userErrors } = await change({ database: { withRegisterLock }, today: worldDay, viewer });
  expect({ revision, userErrors }).toEqual({ revision: expect.any(Number) as number, userErrors: [] });
  return scanned;
}

it.each<[string, (context: OperationContext) => Promise<ChangeResult>]>([
  ['a rename', (context) => updateUnit(context, { reshId: units.ward, name: 'Renamed' })],
  [
    'new codes',
    (context) => updateUnitCodes(context, { reshId: units.ward, effectiveOn: '2018-06-01', add: [specialty('010')] }),
  ],
  [
    'a new department',
    (context) => createDepartment(context, { name: 'New', parentReshId: units.clinic, effectiveOn: worldStart }),
  ],
  [
    'a move with its descendants',
    (context) => moveUnit(context, { reshId: units.clinic, newParentReshId: units.siblingTrust }),
  ],
  [
    'a merger',
    (context) =>
      mergeUnits(context, { sourceReshIds: [units.ward, units.secondWard], targetReshId: units.secondClinic }),
  ],
  ['a closing', (context) => closeUnit(context, { reshId: units.clinic, withDescendants: true })],
])('%s scans no table', async (_what, change) => {
  expect(await findScannedTables(change)).toEqual([]);
});
