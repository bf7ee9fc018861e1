import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import { createEmptyUnit, type UnitState, type VersionRow } from '../../domain/unit/state.ts';
import type { SqlClient } from './ledger.ts';

// What a change decides by is read within its transaction, after the lock, at the newest knowledge: superseded_rev is null.
const period = { id: z.string(), from: z.string(), to: z.string().nullable() };
const periodColumns = 'id::text as id, valid_from::text as "from", valid_to::text as "to"';
const nullableText = z.string().nullable();

const versionRow = z.object({
  ...period,
  parentReshId: z.number().nullable(),
  type: z.enum(['ORGANIZATION', 'DEPARTMENT']),
  name: z.string(),
  shortName: nullableText,
  designationCode: nullableText,
  designationText: nullableText,
  organizationNumber: nullableText,
  treatmentSiteNumber: nullableText,
  responsiblePerson: nullableText,
  path: z.array(z.number()),
});

const versionColumns = `${periodColumns}, parent_resh_id as "parentReshId", type::text as type, name, short_name as "shortName",
       designation_code as "designationCode", designation_text as "designationText", organization_number as "organizationNumber",
       treatment_site_number as "treatmentSiteNumber", responsible_person as "responsiblePerson", path`;

const unitTables = {
  versions: { table: 'unit_version', columns: versionColumns, row: versionRow },
  codes: {
    table: 'unit_code',
    columns: `${periodColumns}, code_set as "codeSet", code, coalesce(attributes, '{}') as attributes`,
    row: z.object({ ...period, codeSet: z.number(), code: z.string(), attributes: z.array(z.string()) }),
  },
  identifiers: {
    table: 'unit_identifier',
    columns: `${periodColumns}, system, value`,
    row: z.object({ ...period, system: z.string(), value: z.string() }),
  },
  names: {
    table: 'unit_name',
    columns: `${periodColumns}, language, name`,
    row: z.object({ ...period, language: z.string(), name: z.string() }),
  },
  addresses: {
    table: 'unit_address',
    columns: `${periodColumns}, type::text as type, coalesce(lines, '{}') as lines, postal_code as "postalCode", city, country`,
    row: z.object({
      ...period,
      type: z.enum(['VISITING', 'POSTAL']),
      lines: z.array(z.string()),
      postalCode: nullableText,
      city: nullableText,
      country: nullableText,
    }),
  },
  contactPoints: {
    table: 'unit_contact_point',
    columns: `${periodColumns}, type::text as type, value`,
    row: z.object({ ...period, type: z.enum(['TELEPHONE', 'EMAIL', 'WEB']), value: z.string() }),
  },
} as const;

type UnitTable = keyof typeof unitTables;

/** Units with all of their rows, by RESH-id; units that the register does not know, or knows as withdrawn, are left out. */
export async function readUnitStates(tx: SqlClient, reshIds: readonly number[]): Promise<Map<number, UnitState>> {
  const ids = [...new Set(reshIds)];
  const versions = await readVersions(tx, ids);
  const codes = await readRowsByUnit(tx, 'codes', ids);
  const identifiers = await readRowsByUnit(tx, 'identifiers', ids);
  const names = await readRowsByUnit(tx, 'names', ids);
  const addresses = await readRowsByUnit(tx, 'addresses', ids);
  const contactPoints = await readRowsByUnit(tx, 'contactPoints', ids);
  return new Map(
    [...versions].map(([reshId, rows]): [number, UnitState] => [
      reshId,
      {
        ...createEmptyUnit(reshId),
        versions: rows,
        codes: codes.get(reshId) ?? [],
        identifiers: identifiers.get(reshId) ?? [],
        names: names.get(reshId) ?? [],
        addresses: addresses.get(reshId) ?? [],
        contactPoints: contactPoints.get(reshId) ?? [],
      },
    ]),
  );
}

/** Versions of units in the order of their days; what is not registered or was withdrawn has none. One statement. */
export function readVersions(tx: SqlClient, reshIds: readonly number[]): Promise<Map<number, VersionRow[]>> {
  return readRowsByUnit(tx, 'versions', reshIds);
}

async function readRowsByUnit<Name extends UnitTable>(
  tx: SqlClient,
  name: Name,
  reshIds: readonly number[],
): Promise<Map<number, z.infer<(typeof unitTables)[Name]['row']>[]>> {
  const { table, columns, row } = unitTables[name];
  const rows = await tx.query(
    `-- ${table} rows of units
     select resh_id as "reshId", ${columns}
     from ${table}
     where resh_id = any($1::integer[])
       and superseded_rev is null
     order by resh_id, valid_from`,
    [reshIds],
  );
  const rowsByUnit = new Map<number, z.infer<(typeof unitTables)[Name]['row']>[]>();
  for (const { reshId, ...rest } of z.array(row.extend({ reshId: z.number() })).parse(rows)) {
    const unitRows = rowsByUnit.get(reshId) ?? [];
    unitRows.push(rest as unknown as z.infer<(typeof unitTables)[Name]['row']>);
    rowsByUnit.set(reshId, unitRows);
  }
  return rowsByUnit;
}

const childRow = versionRow.extend({ reshId: z.number() });
/** A version of a unit, with whose it is. */
export type ChildRow = z.infer<typeof childRow>;

/** Versions that stand directly beneath units on some day from a given one on, planned ones too. One statement. */
export async function readChildrenFromDay(tx: SqlClient, reshIds: readonly number[], day: Day): Promise<ChildRow[]> {
  return z.array(childRow).parse(
    await tx.query(
      `-- children from a day on
       select resh_id as "reshId", ${versionColumns}
       from unit_version
       where parent_resh_id = any($1::integer[])
         and superseded_rev is null
         and (valid_to is null or valid_to > $2::text::date)
       order by valid_from, resh_id`,
      [reshIds, day],
    ),
  );
}

const reshIdRows = z.array(z.object({ reshId: z.number() }));

/** RESH-ids of what stands beneath a unit on a day, parents first. One statement. */
export async function readDescendantIds(tx: SqlClient, path: readonly number[], day: Day): Promise<readonly number[]> {
  const prefix = path.map((id) => `${String(id).padStart(10, '0')}/`).join('');
  const rows = await tx.query(
    `-- what stands beneath a unit
     select resh_id as "reshId"
     from unit_version
     where path_text > $1
       and path_text < $1 || ':'
       and superseded_rev is null
       and valid_from <= $2::text::date
       and (valid_to is null or valid_to > $2::text::date)
     order by path_text`,
    [prefix, day],
  );
  return reshIdRows.parse(rows).map(({ reshId }) => reshId);
}

/**
 * RESH-ids of what stood beneath a unit on the last day before it closed, was closed on that same day by the same change, and has
 * not been valid since, nor what stood between: what has, had its own life. Parents first. One statement.
 *
 * @param path of the unit on its last day
 * @param closedOn first day on which it is gone
 * @param until day up to which they are closed, itself included
 */
export async function readDescendantIdsClosedWithUnit(
  tx: SqlClient,
  path: readonly number[],
  closedOn: Day,
  until: Day,
): Promise<readonly number[]> {
  const prefix = path.map((id) => `${String(id).padStart(10, '0')}/`).join('');
  // What closed a unit superseded the row that had the day; where none ever had it, it is what first recorded the end: a later
  // change may have recorded it again, with another path.
  const closingRevision = `coalesce(
        (
          select max(w.superseded_rev)
          from unit_version w
          where w.resh_id = v.resh_id
            and w.valid_from <= $2::text::date
            and (w.valid_to is null or w.valid_to > $2::text::date)
        ),
        (select min(w.recorded_rev) from unit_version w where w.resh_id = v.resh_id and w.valid_to = $2::text::date)
      )`;
  const rows = await tx.query(
    `-- what was closed together with a unit
     with recursive closed as (
       select v.resh_id, v.parent_resh_id, v.path_text, ${closingRevision} as revision
       from unit_version v
       where v.path_text >= $1
         and v.path_text < $1 || ':'
         and v.superseded_rev is null
         and v.valid_to = $2::text::date
         and not exists (
           select from unit_version w
           where w.resh_id = v.resh_id
             and w.superseded_rev is null
             and w.valid_from <= $3::text::date
             and (w.valid_to is null or w.valid_to > $2::text::date)
         )
     ),
     together as (
       select resh_id, path_text, revision
       from closed
       where path_text = $1
       union all
       select c.resh_id, c.path_text, c.revision
       from together t
       join closed c on c.parent_resh_id = t.resh_id and c.revision = t.revision
     )
     select resh_id as "reshId"
     from together
     where path_text > $1
     order by path_text`,
    [prefix, closedOn, until],
  );
  return reshIdRows.parse(rows).map(({ reshId }) => reshId);
}

const nextIdRows = z.array(z.object({ next: z.number() }));

/** The next RESH-id to give, above all that were ever stored; true only while the register's lock is held. One statement. */
export async function readNextReshId(tx: SqlClient): Promise<number> {
  const [row] = nextIdRows.parse(
    await tx.query(
      `-- next RESH-id
       select greatest(coalesce(max(unit.resh_id), 0), (select case when is_called then last_value else 0 end from resh_id_seq))::integer + 1 as next
       from unit`,
    ),
  );
  return row?.next ?? 1;
}

/**
 * The newest revision after a given one that changed a unit itself: its facts, codes, identifiers, names, addresses or contact
 * points; undefined where none did. A new path alone is no change of the unit. One statement.
 */
export async function readNewestUnitChange(
  tx: SqlClient,
  reshIds: readonly number[],
  since: number,
): Promise<{ reshId: number; revision: number } | undefined> {
  const facts = `array[v.parent_resh_id::text, v.type::text, v.name, v.short_name, v.designation_code, v.designation_text,
           v.organization_number, v.treatment_site_number, v.responsible_person]`;
  const rows = await tx.query(
    `-- newest change of units themselves
     with touched as (
       select resh_id, revision, facts,
         range_agg(days) filter (where not recorded) as before, range_agg(days) filter (where recorded) as after
       from (
         select v.resh_id, touch.revision, touch.recorded, ${facts} as facts, daterange(v.valid_from, v.valid_to) as days
         from unit_version v
         cross join lateral (values (v.recorded_rev, true), (v.superseded_rev, false)) as touch (revision, recorded)
         where v.resh_id = any($1::integer[])
           and touch.revision > $2::integer
       ) as version
       group by resh_id, revision, facts
     ),
     own as (
       select resh_id, revision
       from touched
       where before is distinct from after
       ${['unit_code', 'unit_identifier', 'unit_name', 'unit_address', 'unit_contact_point']
         .map(
           (table) => `union all
       select resh_id, greatest(recorded_rev, superseded_rev)
       from ${table}
       where resh_id = any($1::integer[])
         and greatest(recorded_rev, superseded_rev) > $2::integer`,
         )
         .join('\n       ')}
     )
     select resh_id as "reshId", revision
     from own
     order by revision desc
     limit 1`,
    [reshIds, since],
  );
  return z.array(z.object({ reshId: z.number(), revision: z.number() })).parse(rows)[0];
}

const successionRows = z.array(
  z.object({
    id: z.string(),
    from: z.number(),
    to: z.number(),
    kind: z.enum(['MERGE', 'SPLIT', 'REPLACEMENT']),
    extent: z.enum(['FULL', 'PARTIAL']),
    effectiveOn: z.string(),
  }),
);

/** Successions that lead on from units, to the end of each chain. One statement. */
export async function readSuccessionChains(
  tx: SqlClient,
  reshIds: readonly number[],
): Promise<z.infer<typeof successionRows>> {
  return successionRows.parse(
    await tx.query(
      `-- what units became
       with recursive reached (resh_id) as (
         select unnest($1::integer[])
         union
         select s.to_resh_id
         from reached r
         join succession s on s.from_resh_id = r.resh_id and s.superseded_rev is null
       )
       select distinct s.id::text as id, s.from_resh_id as "from", s.to_resh_id as "to", s.kind::text as kind, s.extent::text as extent,
         s.effective_on::text as "effectiveOn"
       from reached r
       join succession s on s.from_resh_id = r.resh_id and s.superseded_rev is null`,
      [reshIds],
    ),
  );
}

/** Those of units that have a succession in either direction. One statement. */
export async function readReshIdsWithSuccessions(
  tx: SqlClient,
  reshIds: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await tx.query(
    `-- units with successions
     select from_resh_id as "reshId"
     from succession
     where superseded_rev is null
       and from_resh_id = any($1::integer[])
     union
     select to_resh_id
     from succession
     where superseded_rev is null
       and to_resh_id = any($1::integer[])`,
    [reshIds],
  );
  return new Set(reshIdRows.parse(rows).map(({ reshId }) => reshId));
}
