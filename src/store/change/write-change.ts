import type { RowChanges, UnitWrite, WriteSet } from '../../domain/plan/draft.ts';
import type { Day } from '../../domain/time/day.ts';
import { overlap, type Row } from '../../domain/time/timeline.ts';
import { detailLists, type DetailList } from '../../domain/unit/state.ts';
import type { SqlClient } from './ledger.ts';

interface Table {
  readonly name: string;
  /** Columns of an added row and their types, by the names that a plan gives them */
  readonly columns: Readonly<Record<string, readonly [column: string, type: string]>>;
}

const periodColumns = { from: ['valid_from', 'date'], to: ['valid_to', 'date'] } as const;
const unitPeriodColumns = { reshId: ['resh_id', 'integer'], ...periodColumns } as const;

const unitVersion: Table = {
  name: 'unit_version',
  columns: {
    ...unitPeriodColumns,
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

const detailTables: Readonly<Record<DetailList, Table>> = {
  codes: {
    name: 'unit_code',
    columns: {
      ...unitPeriodColumns,
      codeSet: ['code_set', 'integer'],
      code: ['code', 'text'],
      attributes: ['attributes', 'text[]'],
    },
  },
  identifiers: {
    name: 'unit_identifier',
    columns: { ...unitPeriodColumns, system: ['system', 'text'], value: ['value', 'text'] },
  },
  names: {
    name: 'unit_name',
    columns: { ...unitPeriodColumns, language: ['language', 'text'], name: ['name', 'text'] },
  },
  addresses: {
    name: 'unit_address',
    columns: {
      ...unitPeriodColumns,
      type: ['type', 'address_type'],
      lines: ['lines', 'text[]'],
      postalCode: ['postal_code', 'text'],
      city: ['city', 'text'],
      country: ['country', 'text'],
    },
  },
  contactPoints: {
    name: 'unit_contact_point',
    columns: { ...unitPeriodColumns, type: ['type', 'contact_point_type'], value: ['value', 'text'] },
  },
};

const accessGrant: Table = {
  name: 'access_grant',
  columns: { ...unitPeriodColumns, subject: ['subject', 'text'], role: ['role', 'access_role'] },
};

const administrator: Table = {
  name: 'administrator',
  columns: { ...periodColumns, subject: ['subject', 'text'], name: ['name', 'text'], email: ['email', 'text'] },
};

const mappingNode: Table = {
  name: 'mapping_node',
  columns: {
    ...unitPeriodColumns,
    systemId: ['system_id', 'text'],
    nodeId: ['node_id', 'text'],
    name: ['name', 'text'],
    parentNodeId: ['parent_node_id', 'text'],
  },
};

const succession: Table = {
  name: 'succession',
  columns: {
    from: ['from_resh_id', 'integer'],
    to: ['to_resh_id', 'integer'],
    kind: ['kind', 'succession_kind'],
    extent: ['extent', 'succession_extent'],
    effectiveOn: ['effective_on', 'date'],
  },
};

const site: Table = {
  name: 'treatment_site_version',
  columns: {
    ...periodColumns,
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

// One value of the database has an end: of a great change the rows go in step by step.
const rowsPerStatement = 20_000;

/** Days on which a unit has another path than before. */
interface PathChange {
  readonly oldText: string;
  readonly newText: string;
  readonly newPath: readonly number[];
  readonly from: Day;
  readonly to: Day | null;
}

// What stood beneath a unit has the unit's old path before its own: the nearest unit above that changed says what stands there
// now. A row is parted where that is so on some of its days only. Days are compared one by one: as ranges they would be looked up in
// the index of all periods. Rows that the plan itself has made have their paths already.
const descendantPathsStatement = `-- paths beneath
  with step as (
    select length("oldText") / 11 as level, "oldText" as old_text, "newText" as new_text, "newPath" as new_path, "from", "to",
      daterange("from", "to") as validity
    from jsonb_to_recordset($1::text::jsonb) as key ("oldText" text, "newText" text, "newPath" integer[], "from" date, "to" date)
  ),
  reached as (
    select v.id, step.level, step.validity, step.new_path || v.path[step.level + 1:] as path,
      step.new_text || substr(v.path_text, length(step.old_text) + 1) as path_text
    from step
    cross join lateral (
      select id, path, path_text
      from unit_version
      where path_text > step.old_text
        and path_text < step.old_text || ':'
        and superseded_rev is null
        and recorded_rev < $2::integer
        and (valid_to is null or valid_to > step."from")
        and (step."to" is null or valid_from < step."to")
    ) as v
  ),
  gone as (
    update unit_version v
    set superseded_rev = $2::integer
    where v.id in (select id from reached)
    returning v.*
  ),
  placed as (
    select r.id, r.path, r.path_text, datemultirange(r.validity) - coalesce(range_agg(nearer.validity), '{}') as validity
    from reached r
    left join reached nearer on nearer.id = r.id and nearer.level > r.level
    group by r.id, r.level, r.path, r.path_text, r.validity
  ),
  piece as (
    select id, path, path_text, range_agg(days) as validity
    from placed
    cross join lateral unnest(validity) as days
    group by id, path, path_text
    union all
    select g.id, g.path, g.path_text, datemultirange(daterange(g.valid_from, g.valid_to)) - range_agg(r.validity)
    from gone g
    join reached r on r.id = g.id
    group by g.id, g.path, g.path_text, g.valid_from, g.valid_to
  ),
  added as (
    insert into unit_version (resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name, short_name, designation_code,
      designation_text, organization_number, treatment_site_number, responsible_person, path, path_text)
    select g.resh_id, lower(days), upper(days), $2::integer, g.parent_resh_id, g.type, g.name, g.short_name, g.designation_code,
      g.designation_text, g.organization_number, g.treatment_site_number, g.responsible_person, piece.path, piece.path_text
    from gone g
    join piece on piece.id = g.id
    cross join lateral unnest(piece.validity * datemultirange(daterange(g.valid_from, g.valid_to))) as days
    order by piece.path_text
    returning 1
  )
  select count(*)::integer as count
  from added`;

/**
 * Lets RESH-ids go on above those that a change has opened. A sequence stays where it is set although the transaction comes to
 * nothing: so this is for a change that is going to be committed.
 */
export async function advanceReshIdSequence(tx: SqlClient, { units }: WriteSet): Promise<void> {
  const newReshIds = units.filter(({ isNew }) => isNew).map(({ reshId }) => reshId);
  if (newReshIds.length === 0) return;
  await tx.query(
    `-- RESH-ids go on above them
     select setval('resh_id_seq', greatest($1::integer, last_value))::text as set
     from resh_id_seq`,
    [newReshIds.reduce((one, other) => Math.max(one, other))],
  );
}

/**
 * Writes what a change comes to under its revision: supersedes and adds rows, and gives what stands beneath the units their
 * paths. The plan has seen to it that every day of a child is one of its parent.
 *
 * @param writeReference writes what the rows refer to besides units, once the units are there
 */
export async function writeChange(
  tx: SqlClient,
  revision: number,
  writes: WriteSet,
  writeReference = async (): Promise<void> => {},
): Promise<void> {
  await writeIdentities(tx, revision, writes);
  await writeReference();
  await writeRows(tx, revision, administrator, writes.administrators);
  const versions = mergeRowChanges(writes.units.map(({ reshId, versions: rows }) => withReshId(reshId, rows)));
  await writeRows(tx, revision, unitVersion, {
    superseded: versions.superseded,
    added: versions.added.map((row) => ({
      ...row,
      pathText: 'path' in row ? formatPathText(row.path as number[]) : '',
    })),
  });
  for (const list of detailLists)
    await writeRows(
      tx,
      revision,
      detailTables[list],
      mergeRowChanges(writes.units.map((unit) => withReshId(unit.reshId, unit.details[list]))),
    );
  await insertRows(tx, revision, site, writes.sites);
  await supersedeRows(tx, revision, succession.name, writes.endedSuccessions);
  await insertRows(tx, revision, succession, writes.successions);
  await writeRows(tx, revision, accessGrant, writes.grants);
  await writeRows(tx, revision, mappingNode, writes.mappingNodes);
  await writeDescendantPaths(tx, revision, writes.units);
}

async function writeIdentities(tx: SqlClient, revision: number, { units, sites }: WriteSet): Promise<void> {
  const newReshIds = units.filter(({ isNew }) => isNew).map(({ reshId }) => reshId);
  if (newReshIds.length > 0) {
    await tx.query(
      `-- add units
       insert into unit (resh_id, registered_rev)
       select resh_id, $2::integer
       from unnest($1::integer[]) as resh_id`,
      [newReshIds, revision],
    );
  }
  if (sites.length > 0)
    await tx.query(
      `-- add treatment sites
       insert into treatment_site (organization_number, registered_rev)
       select organization_number, $2::integer
       from unnest($1::text[]) as organization_number`,
      [sites.map(({ organizationNumber }) => organizationNumber), revision],
    );
}

async function writeRows(
  tx: SqlClient,
  revision: number,
  table: Table,
  { superseded, added }: RowChanges<Row>,
): Promise<void> {
  await supersedeRows(tx, revision, table.name, superseded);
  await insertRows(tx, revision, table, added);
}

async function supersedeRows(
  tx: SqlClient,
  revision: number,
  table: string,
  rows: readonly Pick<Row, 'id'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `-- supersede ${table} rows
     update ${table}
     set superseded_rev = $2::integer
     where id = any($1::text[]::bigint[])`,
    [rows.map(({ id }) => id), revision],
  );
}

async function insertRows(
  tx: SqlClient,
  revision: number,
  { name, columns }: Table,
  rows: readonly object[],
): Promise<void> {
  if (rows.length === 0) return;
  const columnEntries = Object.entries(columns);
  for (let start = 0; start < rows.length; start += rowsPerStatement)
    await tx.query(
      `-- add ${name} rows
     insert into ${name} (${columnEntries.map(([, [column]]) => column).join(', ')}, recorded_rev)
     select ${columnEntries.map(([name]) => `row."${name}"`).join(', ')}, $2::integer
     from jsonb_to_recordset($1::text::jsonb) as row (${columnEntries.map(([name, [, type]]) => `"${name}" ${type}`).join(', ')})`,
      [JSON.stringify(rows.slice(start, start + rowsPerStatement)), revision],
    );
}

function mergeRowChanges(changes: readonly RowChanges<Row>[]): RowChanges<Row> {
  return {
    superseded: changes.flatMap(({ superseded }) => superseded),
    added: changes.flatMap(({ added }) => added),
  };
}

function withReshId(reshId: number, { superseded, added }: RowChanges<Row>): RowChanges<Row> {
  return {
    superseded,
    added: added.map((row) => ({ ...row, reshId })),
  };
}

function formatPathText(path: readonly number[]): string {
  return path.map((id) => `${String(id).padStart(10, '0')}/`).join('');
}

/** Gives what stands beneath units new paths where theirs changed. One statement, however deep and many, or none. */
async function writeDescendantPaths(tx: SqlClient, revision: number, units: readonly UnitWrite[]): Promise<void> {
  const changes = units.flatMap(findPathChanges);
  if (changes.length > 0) await tx.query(descendantPathsStatement, [JSON.stringify(changes), revision]);
}

function findPathChanges({ versions }: UnitWrite): PathChange[] {
  return versions.superseded.flatMap((oldRow) =>
    versions.added
      .filter((newRow) => overlap(oldRow, newRow) && oldRow.path.join() !== newRow.path.join())
      .map((newRow) => ({
        oldText: formatPathText(oldRow.path),
        newText: formatPathText(newRow.path),
        newPath: newRow.path,
        from: oldRow.from > newRow.from ? oldRow.from : newRow.from,
        to: oldRow.to === null || (newRow.to !== null && newRow.to < oldRow.to) ? newRow.to : oldRow.to,
      })),
  );
}
