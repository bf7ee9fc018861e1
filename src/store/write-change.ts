import type { RowChanges, WriteSet } from '../domain/draft.ts';
import type { Row } from '../domain/timeline.ts';
import { detailLists, type DetailList } from '../domain/unit-state.ts';
import type { ChangeTransaction } from './ledger.ts';

interface Table {
  readonly table: string;
  /** Columns of an added row and their types, by the names that a plan gives them */
  readonly columns: Readonly<Record<string, readonly [column: string, type: string]>>;
}

const period = { from: ['valid_from', 'date'], to: ['valid_to', 'date'] } as const;
const ofUnit = { reshId: ['resh_id', 'integer'], ...period } as const;

const unitVersion: Table = {
  table: 'unit_version',
  columns: {
    ...ofUnit,
    parentReshId: ['parent_resh_id', 'integer'],
    type: ['type', 'unit_type'],
    name: ['name', 'text'],
    shortName: ['short_name', 'text'],
    designationCode: ['designation_code', 'text'],
    designationText: ['designation_text', 'text'],
    organizationNumber: ['organization_number', 'text'],
    treatmentSiteNumber: ['treatment_site_number', 'text'],
    responsiblePerson: ['responsible_person', 'text'],
    path: ['path', 'integer[]'],
    pathText: ['path_text', 'text'],
  },
};

const details: Readonly<Record<DetailList, Table>> = {
  codes: {
    table: 'unit_code',
    columns: {
      ...ofUnit,
      codeSet: ['code_set', 'integer'],
      code: ['code', 'text'],
      attributes: ['attributes', 'text[]'],
    },
  },
  identifiers: {
    table: 'unit_identifier',
    columns: { ...ofUnit, system: ['system', 'text'], value: ['value', 'text'] },
  },
  names: { table: 'unit_name', columns: { ...ofUnit, language: ['language', 'text'], name: ['name', 'text'] } },
  addresses: {
    table: 'unit_address',
    columns: {
      ...ofUnit,
      type: ['type', 'address_type'],
      lines: ['lines', 'text[]'],
      postalCode: ['postal_code', 'text'],
      city: ['city', 'text'],
      country: ['country', 'text'],
    },
  },
  contactPoints: {
    table: 'unit_contact_point',
    columns: { ...ofUnit, type: ['type', 'contact_point_type'], value: ['value', 'text'] },
  },
};

const accessGrant: Table = {
  table: 'access_grant',
  columns: { ...ofUnit, subject: ['subject', 'text'], role: ['role', 'access_role'] },
};

const administrator: Table = {
  table: 'administrator',
  columns: { ...period, subject: ['subject', 'text'], name: ['name', 'text'], email: ['email', 'text'] },
};

const succession: Table = {
  table: 'succession',
  columns: {
    from: ['from_resh_id', 'integer'],
    to: ['to_resh_id', 'integer'],
    kind: ['kind', 'succession_kind'],
    extent: ['extent', 'succession_extent'],
    effectiveOn: ['effective_on', 'date'],
  },
};

const site: Table = {
  table: 'treatment_site_version',
  columns: {
    ...period,
    organizationNumber: ['organization_number', 'text'],
    name: ['name', 'text'],
    municipality: ['municipality', 'text'],
    addressLines: ['address_lines', 'text[]'],
    postalCode: ['postal_code', 'text'],
    city: ['city', 'text'],
    country: ['country', 'text'],
    legalEntityReshId: ['legal_entity_resh_id', 'integer'],
  },
};

const addRows = async (
  tx: ChangeTransaction,
  revision: number,
  { table, columns }: Table,
  rows: readonly object[],
): Promise<void> => {
  if (rows.length === 0) return;
  const named = Object.entries(columns);
  await tx.query(
    `-- add ${table} rows
     insert into ${table} (${named.map(([, [column]]) => column).join(', ')}, recorded_rev)
     select ${named.map(([name]) => `row."${name}"`).join(', ')}, $2::integer
     from jsonb_to_recordset($1::text::jsonb) as row (${named.map(([name, [, type]]) => `"${name}" ${type}`).join(', ')})`,
    [JSON.stringify(rows), revision],
  );
};

const supersedeRows = async (
  tx: ChangeTransaction,
  revision: number,
  table: string,
  rows: readonly Row[],
): Promise<void> => {
  if (rows.length === 0) return;
  await tx.query(
    `-- supersede ${table} rows
     update ${table}
     set superseded_rev = $2::integer
     where id = any($1::text[]::bigint[])`,
    [rows.map(({ id }) => id), revision],
  );
};

const writeRows = async (
  tx: ChangeTransaction,
  revision: number,
  table: Table,
  { superseded, added }: RowChanges<Row>,
): Promise<void> => {
  await supersedeRows(tx, revision, table.table, superseded);
  await addRows(tx, revision, table, added);
};

const together = (changes: readonly RowChanges<Row>[]): RowChanges<Row> => ({
  superseded: changes.flatMap(({ superseded }) => superseded),
  added: changes.flatMap(({ added }) => added),
});

const pathText = (path: readonly number[]): string => path.map((id) => `${String(id).padStart(10, '0')}/`).join('');

const ofTheUnit = (reshId: number, { superseded, added }: RowChanges<Row>): RowChanges<Row> => ({
  superseded,
  added: added.map((row) => ({ ...row, reshId })),
});

const writeIdentities = async (tx: ChangeTransaction, revision: number, { units, sites }: WriteSet): Promise<void> => {
  const fresh = units.filter(({ isNew }) => isNew).map(({ reshId }) => reshId);
  if (fresh.length > 0) {
    await tx.query(
      `-- add units
       insert into unit (resh_id, registered_rev)
       select resh_id, $2::integer
       from unnest($1::integer[]) as resh_id`,
      [fresh, revision],
    );
    await tx.query("-- RESH-ids go on above them\nselect setval('resh_id_seq', $1::integer)::text as set", [
      Math.max(...fresh),
    ]);
  }
  if (sites.length > 0)
    await tx.query(
      `-- add treatment sites
       insert into treatment_site (organization_number, registered_rev)
       select organization_number, $2::integer
       from unnest($1::text[]) as organization_number`,
      [sites.map(({ organizationNumber }) => organizationNumber), revision],
    );
};

// Rows of the units beneath whose parents were given other paths or days: each is parted as its parent's rows are.
const nextLevel = `-- paths beneath, one level
  with pieces as (
    select v.id, v.resh_id, p.path || v.resh_id as path, p.path_text || lpad(v.resh_id::text, 10, '0') || '/' as path_text,
      unnest(range_agg(daterange(v.valid_from, v.valid_to) * daterange(p.valid_from, p.valid_to))) as validity
    from unit_version v
    join unit_version p on p.resh_id = v.parent_resh_id
      and p.superseded_rev is null
      and daterange(v.valid_from, v.valid_to) && daterange(p.valid_from, p.valid_to)
    where v.parent_resh_id = any($1::integer[])
      and v.superseded_rev is null
    group by v.id, v.resh_id, p.path, p.path_text
  ),
  gone as (
    update unit_version v
    set superseded_rev = $2::integer
    where v.id in (
      select piece.id
      from pieces piece
      join unit_version was on was.id = piece.id
      where piece.path_text <> was.path_text
        or piece.validity <> daterange(was.valid_from, was.valid_to)
    )
      and v.recorded_rev < $2::integer
    returning v.*
  ),
  added as (
    insert into unit_version (resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name, short_name, designation_code,
      designation_text, organization_number, treatment_site_number, responsible_person, path, path_text)
    select g.resh_id, lower(piece.validity), upper(piece.validity), $2::integer, g.parent_resh_id, g.type, g.name, g.short_name,
      g.designation_code, g.designation_text, g.organization_number, g.treatment_site_number, g.responsible_person, piece.path, piece.path_text
    from gone g
    join pieces piece on piece.id = g.id
    order by piece.path_text
    returning resh_id
  )
  select distinct resh_id
  from added`;

/** Gives what stands beneath units new paths, level by level, where theirs changed. Statements: one for each level. */
const propagatePaths = async (tx: ChangeTransaction, revision: number, reshIds: readonly number[]): Promise<void> => {
  for (let level = reshIds; level.length > 0;) {
    const rows = await tx.query<{ resh_id: number }>(nextLevel, [level, revision]);
    level = rows.map((row) => row.resh_id);
  }
};

/**
 * Writes what a change comes to under its revision: supersedes and adds rows, and gives what stands beneath the units their
 * paths. The plan has seen to it that every day of a child is one of its parent.
 */
export const writeChange = async (tx: ChangeTransaction, revision: number, writes: WriteSet): Promise<void> => {
  await writeIdentities(tx, revision, writes);
  await writeRows(tx, revision, administrator, writes.administrators);
  const versions = together(writes.units.map(({ reshId, versions: rows }) => ofTheUnit(reshId, rows)));
  await writeRows(tx, revision, unitVersion, {
    superseded: versions.superseded,
    added: versions.added.map((row) => ({ ...row, pathText: 'path' in row ? pathText(row.path as number[]) : '' })),
  });
  for (const list of detailLists)
    await writeRows(
      tx,
      revision,
      details[list],
      together(writes.units.map((unit) => ofTheUnit(unit.reshId, unit.details[list]))),
    );
  await addRows(tx, revision, site, writes.sites);
  await addRows(tx, revision, succession, writes.successions);
  await writeRows(tx, revision, accessGrant, writes.grants);
  await propagatePaths(
    tx,
    revision,
    writes.units.filter(({ versions: rows }) => rows.superseded.length > 0).map(({ reshId }) => reshId),
  );
};
