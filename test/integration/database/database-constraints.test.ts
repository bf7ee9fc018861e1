import { describe, expect, it } from 'vitest';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { generateRegister } from '../../support/registers/generated-register.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const testRegister = useRegister({ fill: (database) => generateRegister(database, 10) });

const identityTables = ['change', 'unit', 'treatment_site', 'code_set', 'code'];
const datedTables = [
  'unit_version',
  'unit_code',
  'unit_identifier',
  'unit_name',
  'unit_address',
  'unit_contact_point',
  'succession',
  'mapping_node',
  'treatment_site_version',
  'code_version',
  'administrator',
  'access_grant',
];
const filledTables = [
  'unit_version',
  'unit_code',
  'unit_identifier',
  'unit_name',
  'unit_address',
  'unit_contact_point',
];

/** Runs statements in a transaction, rolls it back, and returns the name of the violated constraint, if any. */
function readConstraintError(sql: string): Promise<string | null> {
  return testRegister.database.bulk(async (session) => {
    await session.execute('begin');
    try {
      await session.execute(sql);
      return null;
    } catch (error) {
      const { constraint, message } = error as { constraint?: string; message: string };
      return constraint ?? message;
    } finally {
      await session.execute('rollback');
    }
  });
}

const columns =
  'resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name, path, path_text, organization_number';

function insertDepartment(values: string) {
  return `insert into unit_version (${columns}) values (${values})`;
}

describe('database constraints', () => {
  it.each([...identityTables, ...datedTables])('keep %s from being truncated', async (table) => {
    expect(await readConstraintError(`truncate ${table} cascade`)).toMatch(/_append_only$/);
  });

  it.each([...identityTables, ...filledTables, 'treatment_site_version', 'code_version'])(
    'keep rows of %s from being deleted',
    async (table) => {
      expect(await readConstraintError(`delete from ${table}`)).toBe(`${table}_append_only`);
    },
  );

  it.each(['succession', 'mapping_node', 'administrator', 'access_grant'])(
    'include the triggers on %s, a table without rows',
    async (table) => {
      const triggers = await testRegister.database.bulk((session) =>
        session.query<{ tgname: string }>('select tgname from pg_trigger where tgrelid = $1::regclass', [table]),
      );
      expect(triggers.map(({ tgname }) => tgname)).toEqual(
        expect.arrayContaining([`${table}_append_only`, `${table}_supersede_only`, `${table}_no_truncate`]),
      );
    },
  );

  it.each([
    ['change', "reason = 'another'"],
    ['unit', 'registered_rev = 2'],
    ['unit_version', "name = 'Another'"],
    ['unit_version', "valid_to = '2020-01-01'"],
    ['unit_code', "valid_to = '2020-01-01'"],
    ['unit_identifier', "value = 'another'"],
    ['code_version', "name = 'Another'"],
  ])('keep rows of %s from being updated (%s)', async (table, change) => {
    expect(await readConstraintError(`update ${table} set ${change}`)).toBe(`${table}_append_only`);
  });

  it('let a row be superseded once', async () => {
    expect(await readConstraintError('update unit_version set superseded_rev = 2')).toBeNull();
    expect(
      await readConstraintError(
        'update unit_version set superseded_rev = 2; update unit_version set superseded_rev = 3',
      ),
    ).toBe('unit_version_append_only');
    expect(
      await readConstraintError(
        'update unit_version set superseded_rev = 2; update unit_version set superseded_rev = null',
      ),
    ).toBe('unit_version_append_only');
  });

  it('let a path be repaired, in a superseded row too', async () => {
    expect(
      await readConstraintError(
        "update unit_version set superseded_rev = 2; update unit_version set path_text = 'x' where resh_id = 7",
      ),
    ).toBeNull();
  });

  it.each([
    [
      'two versions of a unit on one day',
      `2, '2020-01-01', null, 1, 1, 'DEPARTMENT', 'x', '{1,2}', 'x', null`,
      'unit_version_no_overlap',
    ],
    [
      'a period that ends before it begins',
      `2, '1990-01-02', '1990-01-01', 1, 1, 'DEPARTMENT', 'x', '{1,2}', 'x', null`,
      'unit_version_period_check',
    ],
    [
      'a name that is blank',
      `2, '1990-01-01', '1990-01-02', 1, 1, 'DEPARTMENT', ' ', '{1,2}', 'x', null`,
      'unit_version_name_check',
    ],
    [
      'a department without a parent',
      `2, '1990-01-01', '1990-01-02', 1, null, 'DEPARTMENT', 'x', '{2}', 'x', null`,
      'unit_version_department_parent_check',
    ],
    [
      'a path that ends in another unit',
      `2, '1990-01-01', '1990-01-02', 1, 1, 'DEPARTMENT', 'x', '{1,3}', 'x', null`,
      'unit_version_path_check',
    ],
    [
      'a path that contradicts the parent',
      `2, '1990-01-01', '1990-01-02', 1, 1, 'DEPARTMENT', 'x', '{3,2}', 'x', null`,
      'unit_version_path_check',
    ],
    [
      'an organization number with a wrong check digit',
      `2, '1990-01-01', '1990-01-02', 1, 1, 'DEPARTMENT', 'x', '{1,2}', 'x', '974747139'`,
      'unit_version_organization_number_check',
    ],
    [
      'a unit that was never registered',
      `99, '1990-01-01', '1990-01-02', 1, 1, 'DEPARTMENT', 'x', '{1,99}', 'x', null`,
      'unit_version_unit_fkey',
    ],
    [
      'a parent that was never registered',
      `2, '1990-01-01', '1990-01-02', 1, 99, 'DEPARTMENT', 'x', '{99,2}', 'x', null`,
      'unit_version_parent_fkey',
    ],
  ])('refuse %s', async (_what, values, constraint) => {
    expect(await readConstraintError(insertDepartment(values))).toBe(constraint);
  });

  it('refuse a shared organization number on one day and allow it on different days', async () => {
    const first = insertDepartment(`2, '1990-01-01', '1991-01-01', 1, 1, 'DEPARTMENT', 'x', '{1,2}', 'x', '974747138'`);
    const sameDay = insertDepartment(
      `3, '1990-06-01', '1991-06-01', 1, 1, 'DEPARTMENT', 'x', '{1,3}', 'x', '974747138'`,
    );
    const nextDay = insertDepartment(
      `3, '1991-01-01', '1991-06-01', 1, 1, 'DEPARTMENT', 'x', '{1,3}', 'x', '974747138'`,
    );

    expect(await readConstraintError(`${first}; ${sameDay}`)).toBe('unit_version_organization_number_no_overlap');
    expect(await readConstraintError(`${first}; ${nextDay}`)).toBeNull();
  });

  it('refuse a row of a revision without a ledger entry at commit', async () => {
    const orphan = insertDepartment(`2, '1990-01-01', '1991-01-01', 7, 1, 'DEPARTMENT', 'x', '{1,2}', 'x', null`);

    expect(await readConstraintError(`${orphan}; set constraints all immediate`)).toBe('unit_version_recorded_fkey');
  });

  it('roll a failed change back and reuse its revision', async () => {
    const change = changeEntry({ operation: 'IMPORT' });
    const register = (reshId: number) => `insert into unit (resh_id, registered_rev) values (${reshId}, 2)`;

    await expect(
      testRegister.database.bulk((session) =>
        recordChange(session, change, async () => {
          await session.execute(register(5_000));
          throw new Error('the work failed');
        }),
      ),
    ).rejects.toThrow('the work failed');

    const { revision } = await testRegister.database.bulk((session) =>
      recordChange(session, change, () => session.execute(register(5_001))),
    );

    expect(revision).toBe(2);
    expect(await testRegister.database.prisma.unit.findMany({ where: { reshId: { gte: 5_000 } } })).toEqual([
      { reshId: 5_001, registeredRev: 2 },
    ]);
  });
});
