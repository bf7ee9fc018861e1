import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import { detailLists, type UnitState, type VersionRow } from '../../domain/unit/state.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { changedUnitsSql, factTables } from '../sql/fact-tables.ts';
import { greatestReshIdSql } from '../sql/resh-ids.ts';
import { validOn } from '../sql/temporal-conditions.ts';
import { factColumns } from '../sql/unit-facts.ts';
import { rowId, unitTables, unitVersion } from '../tables.ts';
import type { SqlClient } from '../database/sql-client.ts';
import type { LockedTransaction, Transaction } from '../database/transaction.ts';

// Read within a change, under the lock, so at the newest revision: current rows have no superseded_rev.
export const stateColumns = {
  versions: { ...rowId, ...factColumns.versions, path: unitVersion.derived.path },
  codes: { ...rowId, ...factColumns.codes },
  identifiers: { ...rowId, ...factColumns.identifiers },
  names: { ...rowId, ...factColumns.names },
  addresses: { ...rowId, ...factColumns.addresses },
  contactPoints: { ...rowId, ...factColumns.contactPoints },
};
type UnitTable = keyof typeof stateColumns;

export const rowSchemas: { readonly [Name in UnitTable]: z.ZodType<UnitState[Name][number]> } = {
  versions: rowSchema(stateColumns.versions),
  codes: rowSchema(stateColumns.codes),
  identifiers: rowSchema(stateColumns.identifiers),
  names: rowSchema(stateColumns.names),
  addresses: rowSchema(stateColumns.addresses),
  contactPoints: rowSchema(stateColumns.contactPoints),
};

const listNames = ['versions', ...detailLists] as const;

/** Parser of the rows of {@link unitStatesSql}. */
export const unitStateRows: z.ZodType<UnitState[]> = z.array(
  z.object({
    reshId: z.number(),
    versions: z.array(rowSchemas.versions),
    codes: z.array(rowSchemas.codes),
    identifiers: z.array(rowSchemas.identifiers),
    names: z.array(rowSchemas.names),
    addresses: z.array(rowSchemas.addresses),
    contactPoints: z.array(rowSchemas.contactPoints),
  }),
);

/**
 * Returns a query of units with all of their rows, each list as JSON in order of days. Units without versions are
 * unknown or withdrawn.
 *
 * @param requested SQL table expression with the column `resh_id`
 * @param isKnown condition on the rows
 */
export function unitStatesSql(requested: string, isKnown = 'superseded_rev is null'): string {
  const lists = listNames.map(
    (name) => `
         (
           select coalesce(json_agg(item), '[]')
           from (
             select ${selectList(stateColumns[name])}
             from ${unitTables[name].name}
             where resh_id = requested.resh_id
               and ${isKnown}
             order by valid_from
           ) as item
         ) as "${name}"`,
  );
  return `select requested.resh_id as "reshId",${lists.join(',')}
       from ${requested}`;
}

/** Returns units by RESH-id, without unknown and withdrawn ones. */
export function toUnitStates(units: readonly UnitState[]): Map<number, UnitState> {
  return new Map(units.filter(({ versions }) => versions.length > 0).map((unit) => [unit.reshId, unit]));
}

/** Returns units with all of their rows, by RESH-id, without unknown and withdrawn units. One statement. */
export async function readUnitStates(tx: SqlClient, reshIds: readonly number[]): Promise<Map<number, UnitState>> {
  const rows = await tx.query(
    `-- units with their rows
       ${unitStatesSql('unnest($1::integer[]) as requested (resh_id)')}`,
    [[...new Set(reshIds)]],
  );
  return toUnitStates(unitStateRows.parse(rows));
}

/** A closed unit and the first day on which it is closed. */
export interface ClosedUnit {
  readonly reshId: number;
  readonly closedOn: Day;
}

/**
 * Returns closed units as they were before the change that closed them, without those that had their end from the
 * start. One statement.
 */
export async function readStatesBeforeClosing(
  tx: SqlClient,
  closed: readonly ClosedUnit[],
): Promise<Map<number, UnitState>> {
  const requested = `(
         select key.resh_id, max(w.superseded_rev) as revision
         from unnest($1::integer[], $2::text[]::date[]) as key (resh_id, closed_on)
         join unit_version w on w.resh_id = key.resh_id and ${validOn('key.closed_on', 'w')}
         group by key.resh_id
       ) as requested`;
  const isKnown =
    'recorded_rev < requested.revision and (superseded_rev is null or superseded_rev >= requested.revision)';
  const rows = await tx.query(
    `-- units before they closed
       ${unitStatesSql(requested, isKnown)}`,
    [closed.map(({ reshId }) => reshId), closed.map(({ closedOn }) => closedOn)],
  );
  return toUnitStates(unitStateRows.parse(rows));
}

const childColumns = { ...unitVersion.key, ...stateColumns.versions };
const childRow = rowSchema(childColumns);
const childRows = z.array(childRow);

/** A version of a unit, with its RESH-id. */
export type ChildRow = z.infer<typeof childRow>;

/** Returns the versions of units in order of days, without unknown and withdrawn units. One statement. */
export async function readVersions(tx: SqlClient, reshIds: readonly number[]): Promise<Map<number, VersionRow[]>> {
  const rows = childRows.parse(
    await tx.query(
      `-- versions of units
       select ${selectList(childColumns)}
       from unit_version
       where resh_id = any($1::integer[])
         and superseded_rev is null
       order by resh_id, valid_from`,
      [reshIds],
    ),
  );
  const rowsByUnit = new Map<number, VersionRow[]>();
  for (const { reshId, ...version } of rows) {
    const versions = rowsByUnit.get(reshId);
    if (versions) versions.push(version);
    else rowsByUnit.set(reshId, [version]);
  }
  return rowsByUnit;
}

/** Returns the versions of the children that units have on a day or later, planned ones included. One statement. */
export async function readChildrenFromDay(tx: SqlClient, reshIds: readonly number[], day: Day): Promise<ChildRow[]> {
  return childRows.parse(
    await tx.query(
      `-- children from a day on
       select ${selectList(childColumns)}
       from unit_version
       where parent_resh_id = any($1::integer[])
         and superseded_rev is null
         and (valid_to is null or valid_to > $2::text::date)
       order by valid_from, resh_id`,
      [reshIds, day],
    ),
  );
}

const nextIdRows = z.array(z.object({ next: z.number() }));

/**
 * Returns the next RESH-id, greater than any id ever stored. The lock keeps other changes from taking it. One
 * statement.
 */
export async function readNextReshId(tx: LockedTransaction): Promise<number> {
  const [row] = nextIdRows.parse(
    await tx.query(
      `-- next RESH-id
       select ${greatestReshIdSql}::integer + 1 as next`,
    ),
  );
  return row?.next ?? 1;
}

/**
 * Returns the newest revision after a given one that changed units themselves (facts, codes, identifiers, names,
 * addresses, contact points or successions), or undefined. A row that only has a new path does not count. One
 * statement.
 */
export async function readNewestUnitChange(
  tx: Transaction,
  reshIds: readonly number[],
  since: number,
): Promise<{ reshId: number; revision: number } | undefined> {
  const { versions, ...lists } = factTables;
  const changedListsSql = Object.values(lists).map(
    ({ name }) => `select resh_id, greatest(recorded_rev, superseded_rev)
       from ${name}
       where resh_id = any($1::integer[])
         and greatest(recorded_rev, superseded_rev) > $2::integer`,
  );
  const isLaterChange = (revision: string) => `resh_id = any($1::integer[]) and ${revision} > $2::integer`;
  const rows = await tx.query(
    `-- newest change of units themselves
     with own (revision, resh_id) as (
       ${changedUnitsSql(versions, isLaterChange)}
     ),
     listed (resh_id, revision) as (
       ${changedListsSql.join('\n       union all\n       ')}
     ),
     became (resh_id, revision) as (
       select requested.resh_id, greatest(s.recorded_rev, s.superseded_rev)
       from unnest($1::integer[]) as requested (resh_id)
       join succession s on requested.resh_id in (s.from_resh_id, s.to_resh_id)
       where greatest(s.recorded_rev, s.superseded_rev) > $2::integer
     )
     select resh_id as "reshId", revision
     from (
       select resh_id, revision from own
       union all
       select resh_id, revision from listed
       union all
       select resh_id, revision from became
     ) as changed
     order by revision desc
     limit 1`,
    [reshIds, since],
  );
  return z.array(z.object({ reshId: z.number(), revision: z.number() })).parse(rows)[0];
}
