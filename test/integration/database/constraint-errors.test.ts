import { describe, expect, it } from 'vitest';
import { runChange } from '../../../src/operations/engine/run-change.ts';
import {
  constraintMeanings,
  ConstraintViolationError,
  toDomainError,
} from '../../../src/store/change/constraint-errors.ts';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { registerOperator } from '../../../src/store/change/register-operator.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { generateRegister } from '../../support/registers/generated-register.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const register = useRegister({ fill: (database) => generateRegister(database, 10) });

const year1990 = { valid_from: '1990-01-01', valid_to: '1991-01-01', recorded_rev: 1 };
const newSite = '983974880';

/** A valid row of each table, for a register of ten units. */
const rows: Readonly<Record<string, object>> = {
  change: {
    revision: 2,
    recorded_at: '2026-01-01T00:00:00Z',
    operation: 'DEMO',
    actor_subject: 'test',
    actor_name: 'Test',
    input: {},
    rows_digest: '',
    previous_hash: '',
    hash: '',
  },
  unit: { resh_id: 5_000, registered_rev: 1 },
  unit_version: {
    ...year1990,
    resh_id: 2,
    parent_resh_id: 1,
    type: 'DEPARTMENT',
    name: 'Ward',
    designation_code_set: 8624,
    path: [1, 2],
    path_text: '0000000001/0000000002/',
  },
  unit_code: { ...year1990, resh_id: 2, code_set: 8451, code: '010' },
  unit_identifier: { ...year1990, resh_id: 2, system: 'urn:test', value: 'T2' },
  unit_name: { ...year1990, resh_id: 2, language: 'en', name: 'Ward' },
  unit_address: { ...year1990, resh_id: 2, type: 'VISITING' },
  unit_contact_point: { ...year1990, resh_id: 2, type: 'TELEPHONE', value: '70105000' },
  succession: {
    from_resh_id: 2,
    to_resh_id: 3,
    kind: 'SPLIT',
    extent: 'PARTIAL',
    effective_on: '1990-01-01',
    recorded_rev: 1,
  },
  mapping_node: { ...year1990, system_id: 'urn:test', node_id: '1', name: 'Node', resh_id: 2 },
  treatment_site: { organization_number: newSite, registered_rev: 1 },
  treatment_site_version: { ...year1990, organization_number: newSite, name: 'Site' },
  code_set: { number: 9_999, oid: '1.2', name: 'Set', registered_rev: 1 },
  code: { code_set: 8451, code: '999', registered_rev: 1 },
  code_version: { ...year1990, code_set: 8451, code: '999', name: 'Code', retired: false },
  administrator: { ...year1990, subject: 'brief', name: 'Brief' },
  access_grant: { ...year1990, subject: 'brief', role: 'ADMINISTRATOR', resh_id: 2 },
  idempotency_key: {
    subject: 'brief',
    operation: 'MOVE_UNIT',
    key: 'key',
    request_hash: '',
    revision: 1,
    response: {},
    expires_at: '2030-01-01T00:00:00Z',
  },
};
const tables = Object.keys(rows);
const tablesWithIds = tables.filter((table) => 'recorded_rev' in (rows[table] ?? {}));

function insertRow(table: string, values: object = {}): string {
  const row = { ...rows[table], ...values };
  const columns = Object.keys(row).join(', ');
  return `insert into ${table} (${columns})
    select ${columns} from jsonb_populate_record(null::${table}, '${JSON.stringify(row)}');`;
}

/** Statements that violate the constraints that follow no pattern. */
const violations: Readonly<Record<string, string>> = {
  unit_version_organization_number_no_overlap:
    insertRow('unit_version', { organization_number: newSite }) +
    insertRow('unit_version', { organization_number: newSite, resh_id: 3, path: [1, 3] }),
  unit_version_organization_number_check: insertRow('unit_version', { organization_number: '983974881' }),
  treatment_site_number_check: insertRow('treatment_site', { organization_number: '983974881' }),
  unit_version_name_check: insertRow('unit_version', { name: ' ' }),
  unit_version_department_parent_check: insertRow('unit_version', { parent_resh_id: null, path: [2] }),
  unit_version_path_check: insertRow('unit_version', { path: [2] }),
  unit_version_resh_id_check: insertRow('unit_version', { resh_id: -1, path: [1, -1] }),
  unit_version_designation_set_check: insertRow('unit_version', { designation_code_set: 8451 }),
  unit_version_designation_fkey: insertRow('unit_version', { designation_code: '99' }),
  unit_version_parent_fkey: insertRow('unit_version', { parent_resh_id: 99, path: [99, 2] }),
  unit_version_treatment_site_fkey: insertRow('unit_version', { treatment_site_number: '974747146' }),
  unit_version_unit_fkey: insertRow('unit_version', { resh_id: 99, path: [1, 99] }),
  unit_code_unit_fkey: insertRow('unit_code', { resh_id: 99 }),
  unit_code_code_fkey: insertRow('unit_code', { code: '998' }),
  unit_identifier_unit_fkey: insertRow('unit_identifier', { resh_id: 99 }),
  unit_name_unit_fkey: insertRow('unit_name', { resh_id: 99 }),
  unit_address_unit_fkey: insertRow('unit_address', { resh_id: 99 }),
  unit_contact_point_unit_fkey: insertRow('unit_contact_point', { resh_id: 99 }),
  succession_from_fkey: insertRow('succession', { from_resh_id: 99 }),
  succession_to_fkey: insertRow('succession', { to_resh_id: 99 }),
  succession_itself_check: insertRow('succession', { to_resh_id: 2 }),
  mapping_node_unit_fkey: insertRow('mapping_node', { resh_id: 99 }),
  treatment_site_version_legal_entity_fkey: insertRow('treatment_site_version', { legal_entity_resh_id: 99 }),
  treatment_site_version_site_fkey: insertRow('treatment_site_version', { organization_number: '974747146' }),
  code_code_set_fkey: insertRow('code', { code_set: 9_999, code: '1' }),
  code_version_code_fkey: insertRow('code_version', { code: '998' }),
  access_grant_unit_check: insertRow('access_grant', { role: 'OPERATOR' }),
  access_grant_unit_fkey: insertRow('access_grant', { resh_id: 99 }),
  idempotency_key_revision_fkey: insertRow('idempotency_key', { revision: 99 }),
  ...patterned(
    tables,
    (table) => `${table}_pkey`,
    (table) => insertRow(table, 'recorded_rev' in (rows[table] ?? {}) ? { id: -1 } : {}).repeat(2),
  ),
  ...patterned(
    tables,
    (table) => `${table}_append_only`,
    (table) => `${insertRow(table)} delete from ${table}`,
  ),
  ...patterned(
    tables,
    (table) => `${table}_registered_fkey`,
    (table) => insertRow(table, { registered_rev: 99 }),
  ),
  ...patterned(
    tablesWithIds,
    (table) => `${table}_no_overlap`,
    (table) => insertRow(table).repeat(2),
  ),
  ...patterned(
    tablesWithIds,
    (table) => `${table}_recorded_fkey`,
    (table) => insertRow(table, { recorded_rev: 99 }),
  ),
  ...patterned(
    tablesWithIds,
    (table) => `${table}_superseded_fkey`,
    (table) => insertRow(table, { superseded_rev: 99 }),
  ),
  ...patterned(
    tablesWithIds,
    (table) => `${table}_revisions_check`,
    (table) => insertRow(table, { superseded_rev: 1 }),
  ),
  ...patterned(
    tablesWithIds,
    (table) => `${table}_period_check`,
    (table) => insertRow(table, { valid_to: '1990-01-01' }),
  ),
};

function patterned(
  names: readonly string[],
  toConstraint: (table: string) => string,
  toSql: (table: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    names
      .filter((table) => constraintMeanings.has(toConstraint(table)))
      .map((table) => [toConstraint(table), toSql(table)]),
  );
}

/** Runs statements in a transaction that is rolled back, and returns the error of the one that failed. */
function runAndRollBack(sql: string): Promise<unknown> {
  return register.database.bulk(async (session) => {
    await session.execute('begin');
    try {
      await session.execute(`${sql}; set constraints all immediate`);
      return null;
    } catch (error) {
      return toDomainError(error);
    } finally {
      await session.execute('rollback');
    }
  });
}

/** Commits a change whose plan writes a row that no rule has checked. */
async function changeByRow(values: object) {
  const operator = { subject: 'operator', name: 'Operator' };
  const isOperator = (await register.database.prisma.accessGrant.count()) > 0;
  if (!isOperator)
    await register.database.bulk((session) =>
      registerOperator(session, operator, { ...operator, email: undefined }, '2026-11-23'),
    );
  return runChange(
    { database: register.database, today: '2026-11-23', viewer: operator },
    'updateUnit',
    { reshId: 2, name: 'Ward' },
    async ({ tx }) => {
      await tx.query(insertRow('unit_version', values).replace(';', ''));
      return { shown: {} };
    },
  );
}

describe('errors of constraints', () => {
  it('cover every named constraint of the database', async () => {
    const found = await register.database.bulk((session) =>
      session.query<{ name: string }>(
        `select c.conname as name
         from pg_constraint c
         join pg_class t on t.oid = c.conrelid
         join pg_namespace n on n.oid = t.relnamespace
         where n.nspname = current_schema()
           and c.contype in ('c', 'f', 'p', 'u', 'x')
           and t.relname not like '\\_prisma%'
         union
         select g.tgname
         from pg_trigger g
         where g.tgname like '%\\_append\\_only'
         union
         select i.relname
         from pg_index x
         join pg_class i on i.oid = x.indexrelid
         join pg_class t on t.oid = x.indrelid
         join pg_namespace n on n.oid = t.relnamespace
         where n.nspname = current_schema()
           and (x.indisunique or x.indisexclusion)
           and t.relname not like '\\_prisma%'`,
      ),
    );

    expect([...constraintMeanings.keys()].sort()).toEqual(found.map(({ name }) => name).sort());
  });

  it.each([...constraintMeanings.keys()])('name %s when it is violated', async (constraint) => {
    const table = tables.filter((name) => constraint.startsWith(`${name}_`)).at(-1);
    const prerequisites =
      (table === 'treatment_site_version' ? insertRow('treatment_site') : '') +
      (table === 'code_version' ? insertRow('code') : '');
    const error = await runAndRollBack(prerequisites + (violations[constraint] ?? ''));
    const meaning = constraintMeanings.get(constraint);

    expect(error).toBeInstanceOf(ConstraintViolationError);
    expect(error).toMatchObject({
      constraint,
      userError: meaning && 'userError' in meaning ? { code: meaning.userError(['', '']).code, field: [] } : null,
    });
  });

  it.each([
    ['unit_version_organization_number_no_overlap', /organization number 983974880 on some of the days/],
    ['treatment_site_pkey', /^Treatment site 983974880 is already registered/],
    ['unit_version_parent_fkey', /^Unit 99 is not in the register/],
    ['unit_code_code_fkey', /^Code 8451:998 is not in the register/],
    ['unit_version_path_check', /^Constraint unit_version_path_check rejected a row \(a path .*This is a bug/],
  ])('contain the values when %s is violated', async (constraint, message) => {
    expect(await runAndRollBack(violations[constraint] ?? '')).toMatchObject({
      message: expect.stringMatching(message) as unknown,
    });
  });

  it('roll back a recorded change', async () => {
    const change = changeEntry({ operation: 'IMPORT' });

    await expect(
      register.database.bulk((session) =>
        recordChange(session, change, (_revision, transaction) =>
          transaction.execute(insertRow('unit_version', { name: ' ' })),
        ),
      ),
    ).rejects.toMatchObject({ constraint: 'unit_version_name_check', userError: { code: 'TEXT_INVALID' } });
    expect(await register.database.prisma.change.count()).toBe(1);
  });

  it.each([
    ['TEXT_INVALID', { name: ' ' }],
    ['NOT_FOUND', { parent_resh_id: 99, path: [99, 2] }],
  ])('become the user error %s if the input can be corrected', async (code, values) => {
    expect(await changeByRow(values)).toMatchObject({
      revision: null,
      userErrors: [{ code, field: [] }],
    });
  });

  it('fail a change if its plan has a bug', async () => {
    await expect(changeByRow({ path: [2] })).rejects.toMatchObject({
      constraint: 'unit_version_path_check',
      userError: null,
    });
  });

  it('do not replace other errors', () => {
    const error = new Error('out of memory');

    expect(toDomainError(error)).toBe(error);
    expect(toDomainError('text')).toBe('text');
    expect(toDomainError(null)).toBe(null);
  });
});
