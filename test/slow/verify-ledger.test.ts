import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { datedTables, identityTables } from '../../src/store/tables.ts';
import { recordChange } from '../../src/store/change/ledger.ts';
import type { Database } from '../../src/store/database/database.ts';
import { openTestDatabase } from '../support/database/database.ts';
import { findViolations } from '../support/database/violations.ts';

let database: Database;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

function recordStatement(write: string, reason: string | null = null) {
  return database.bulk((session) =>
    recordChange(
      session,
      {
        operation: 'IMPORT',
        actor: { subject: 'test', name: 'Åse', role: 'OPERATOR' },
        effectiveOn: '2020-01-01',
        reason,
        input: { b: [1, null, 'å'], a: { z: true, y: 1.5 } },
      },
      (revision) => session.execute(write.replaceAll('$revision', String(revision))),
    ),
  );
}

/** Records one row in each table in two changes; a third supersedes the name of a unit. */
async function recordEverything(): Promise<void> {
  await recordStatement(`
    insert into code_set values (8451, 'oid', 'Set', $revision);
    insert into code values (8451, '010', $revision);
    insert into code_version (code_set, code, name, parent_code, replaced_by, valid_from, recorded_rev)
    values (8451, '010', 'Surgery', 'parent', '{8451:020}', '2000-01-01', $revision);
    insert into unit values (1, $revision);
    insert into treatment_site values ('974747138', $revision);
    insert into treatment_site_version (organization_number, name, municipality, address_lines, postal_code, city,
      country, legal_entity_resh_id, valid_from, recorded_rev)
    values ('974747138', 'Site', '1507', '{Gata 1}', '6003', 'Ålesund', 'NO', 1, '2000-01-01', $revision);
    insert into unit_version (resh_id, valid_from, recorded_rev, type, name, short_name, organization_number,
      treatment_site_number, responsible_person, designation_text, path, path_text)
    values (1, '2002-01-01', $revision, 'ORGANIZATION', 'Region', 'R', '983974880', '974747138', 'Åse', 'local', '{1}',
      '0000000001/');
    select setval('resh_id_seq', 2)`);
  await recordStatement(`
    insert into unit values (2, $revision);
    insert into unit_version (resh_id, valid_from, recorded_rev, parent_resh_id, type, name, path, path_text)
    values (2, '2003-01-01', $revision, null, 'ORGANIZATION', 'Ward', '{2}', '0000000002/');
    insert into unit_code (resh_id, code_set, code, attributes, valid_from, recorded_rev)
    values (1, 8451, '010', '{8451:010}', '2002-01-01', $revision);
    insert into unit_identifier (resh_id, system, value, valid_from, recorded_rev)
    values (1, 'urn:test', 'T1', '2002-01-01', $revision);
    insert into unit_name (resh_id, language, name, valid_from, recorded_rev)
    values (1, 'en', 'Region', '2002-01-01', $revision);
    insert into unit_address (resh_id, type, lines, postal_code, city, country, valid_from, recorded_rev)
    values (1, 'VISITING', '{Gata 1}', '6003', 'Ålesund', 'NO', '2002-01-01', $revision);
    insert into unit_contact_point (resh_id, type, value, valid_from, recorded_rev)
    values (1, 'TELEPHONE', '70', '2002-01-01', $revision);
    insert into succession (from_resh_id, to_resh_id, kind, extent, effective_on, recorded_rev)
    values (2, 1, 'MERGE', 'FULL', '2020-01-01', $revision);
    insert into mapping_node (system_id, node_id, name, parent_node_id, resh_id, valid_from, recorded_rev)
    values
      ('system', 'node', 'Node', 'parent', 1, '2002-01-01', $revision),
      ('system', 'parent', 'Parent', null, null, '2002-01-01', $revision);
    insert into administrator (subject, name, email, valid_from, recorded_rev)
    values ('a', 'A', 'a@example.no', '2002-01-01', $revision);
    insert into access_grant (subject, role, resh_id, valid_from, recorded_rev)
    values ('a', 'ADMINISTRATOR', 1, '2002-01-01', $revision)`);
  await recordStatement(
    `update unit_version set superseded_rev = $revision where resh_id = 2;
     insert into unit_version (resh_id, valid_from, recorded_rev, parent_resh_id, type, name, path, path_text)
     values (2, '2003-01-01', $revision, 1, 'DEPARTMENT', 'Another ward', '{1,2}', '0000000001/0000000002/')`,
    'renamed',
  );
  await recordStatement(
    'insert into unit_name (resh_id, language, name, valid_from, recorded_rev) ' +
      "values (2, 'en', 'Ward', '2003-01-01', $revision)",
  );
}

/** Changes rows that the register never changes. */
function tamper(statements: string) {
  return database.bulk((session) =>
    session.execute(`begin; set local session_replication_role = replica; ${statements}; commit`),
  );
}

async function findLedgerViolations() {
  return (await findViolations(database))
    .filter(({ rule }) => rule === 'ledger')
    .map(({ revisions, problem }) => [revisions, problem]);
}

const hashMismatch = 'the entry does not match its hash';
const chainMismatch = 'the previous hash of the entry is not the hash of the previous entry';
const rowsMismatch = 'the rows that the change recorded or superseded do not match the digest of the entry';

describe('verify of the ledger', () => {
  it('finds nothing in an untouched register', async () => {
    await recordEverything();
    expect(await findViolations(database)).toEqual([]);
  });

  it.each([
    ['operation', "'MOVE_UNIT'"],
    ['actor_subject', "actor_subject || 'x'"],
    ['actor_name', "replace(actor_name, 'Å', 'A')"],
    ['actor_role', 'null'],
    ['effective_on', 'effective_on + 1'],
    ['reason', "'Renamed'"],
    ['input', `jsonb_set(input, '{a,y}', '1.6')`],
    ['recorded_at', "recorded_at + interval '1 millisecond'"],
  ])('finds a changed %s of an entry', async (column, value) => {
    await recordEverything();
    await tamper(`update change set ${column} = ${value} where revision = 4`);
    expect(await findLedgerViolations()).toEqual([['[4,5)', hashMismatch]]);
  });

  it('finds a changed hash, digest or previous hash of an entry', async () => {
    await recordEverything();
    await tamper("update change set hash = translate(hash, '0123', '1230') where revision = 2");

    expect(await findLedgerViolations()).toEqual([
      ['[2,3)', hashMismatch],
      ['[3,4)', chainMismatch],
    ]);

    await tamper(
      "update change set hash = translate(hash, '1230', '0123'), rows_digest = translate(rows_digest, '0123', " +
        "'1230') where revision = 2",
    );
    expect(await findLedgerViolations()).toEqual([
      ['[2,3)', hashMismatch],
      ['[2,3)', rowsMismatch],
    ]);

    await tamper(
      "update change set rows_digest = translate(rows_digest, '1230', '0123'), previous_hash = '' where revision = 2",
    );
    expect(await findLedgerViolations()).toEqual([
      ['[2,3)', hashMismatch],
      ['[2,3)', chainMismatch],
    ]);
  });

  it('finds a removed entry, first and last included', async () => {
    await recordEverything();
    await tamper(
      'create table removed as select * from change where revision = 2; delete from change where revision = 2',
    );

    expect(await findLedgerViolations()).toEqual([['[2,3)', 'entries are missing']]);

    await tamper('insert into change select * from removed; delete from change where revision = 1');
    expect(await findLedgerViolations()).toEqual([['[1,2)', 'entries are missing']]);
  });

  it('finds the removed last entry by the rows that refer to it', async () => {
    await recordEverything();
    await tamper('delete from change where revision = 4');
    expect(await findLedgerViolations()).toEqual([
      ['[4,)', 'unit_name has rows with a recorded_rev that is not in the ledger: 1'],
    ]);
  });

  it('finds two swapped entries and an inserted first one', async () => {
    await recordEverything();
    await tamper(`
      update change set revision = -1 where revision = 2;
      update change set revision = 2 where revision = 3`);
    await tamper('update change set revision = 3 where revision = -1');
    const found = await findLedgerViolations();

    expect(found).toEqual(
      expect.arrayContaining([
        ['[2,3)', hashMismatch],
        ['[3,4)', hashMismatch],
      ]),
    );

    await tamper('update change set revision = 0 where revision = 2');
    expect(await findLedgerViolations()).toEqual(
      expect.arrayContaining([['[0,1)', 'the revision of the entry is less than 1']]),
    );
  });

  it('finds instants that go backwards', async () => {
    await recordEverything();
    await tamper("update change set recorded_at = recorded_at + interval '1 day' where revision = 2");
    expect((await findLedgerViolations()).map(([revisions]) => revisions)).toEqual(['[2,3)', '[3,4)']);
  });

  it('finds one changed value of any column of any row', async () => {
    await recordEverything();
    const columns = await database.bulk((session) =>
      session.query<{ table: string; column: string; type: string }>(
        `select table_name as "table", column_name as "column",
           coalesce(nullif(data_type, 'USER-DEFINED'), udt_name) as type
         from information_schema.columns
         where table_schema = 'public'
           and table_name = any($1::text::text[])
           and column_name <> 'id'
         order by table_name, ordinal_position`,
        [`{${[...identityTables, ...datedTables.map(({ name }) => name)].join(',')}}`],
      ),
    );
    const differentValue = (column: string, type: string): string => {
      if (column.endsWith('_rev') || type === 'integer' || type === 'bigint') return `coalesce(${column}, 1) + 1000`;
      if (type === 'date') return `coalesce(${column}, '2031-01-01'::date) + 1`;
      if (type === 'text') return `coalesce(${column}, '') || 'x'`;
      if (type === 'boolean') return `not ${column}`;
      if (type === 'ARRAY') return column === 'path' ? `${column} || 7` : `${column} || 'x'::text`;
      return `(
        select enumlabel::${type}
        from pg_enum e
        join pg_type t on t.oid = e.enumtypid
        where typname = '${type}' and enumlabel <> ${column}::text
        limit 1
      )`;
    };

    expect(columns.length).toBeGreaterThan(100);

    const undetected: string[] = [];
    // Constraints are dropped, so that only the ledger can find the changes.
    await tamper(`
      do $$
      declare
        found record;
      begin
        for found in
          select conrelid::regclass as relation, conname
          from pg_constraint
          where connamespace = 'public'::regnamespace and contype in ('c', 'x')
        loop
          execute format('alter table %s drop constraint %I', found.relation, found.conname);
        end loop;
      end
      $$`);
    for (const { table, column, type } of columns) {
      await tamper(`
        create table original as select * from ${table};
        update ${table} set ${column} = ${differentValue(column, type)} where ctid = (select min(ctid) from ${table})`);
      if ((await findViolations(database)).length === 0) undetected.push(`${table}.${column}`);
      await tamper(`delete from ${table}; insert into ${table} select * from original; drop table original`);
    }

    expect(undetected).toEqual([]);
    expect(await findViolations(database)).toEqual([]);
  }, 300_000);
});
