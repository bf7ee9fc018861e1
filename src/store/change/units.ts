import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import { createEmptyUnit, type UnitState, type VersionRow } from '../../domain/unit/state.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { changedUnitsSql, factTables } from '../sql/fact-tables.ts';
import { greatestReshIdSql } from '../sql/resh-ids.ts';
import { factColumns } from '../sql/unit-facts.ts';
import { rowId, unitTables, unitVersion } from '../tables.ts';
import type { SqlClient } from '../database/sql-client.ts';
import type { LockedTransaction, Transaction } from '../database/transaction.ts';

// Read within a change, under the lock, so at the newest revision: current rows have no superseded_rev.
const stateColumns = {
  versions: { ...rowId, ...factColumns.versions, path: unitVersion.derived.path },
  codes: { ...rowId, ...factColumns.codes },
  identifiers: { ...rowId, ...factColumns.identifiers },
  names: { ...rowId, ...factColumns.names },
  addresses: { ...rowId, ...factColumns.addresses },
  contactPoints: { ...rowId, ...factColumns.contactPoints },
};
type UnitTable = keyof typeof stateColumns;

const rowSchemas: { readonly [Name in UnitTable]: z.ZodType<UnitState[Name][number]> } = {
  versions: rowSchema(stateColumns.versions),
  codes: rowSchema(stateColumns.codes),
  identifiers: rowSchema(stateColumns.identifiers),
  names: rowSchema(stateColumns.names),
  addresses: rowSchema(stateColumns.addresses),
  contactPoints: rowSchema(stateColumns.contactPoints),
};

const reshIdRows = z.array(z.object({ reshId: z.number() }));

/** Returns units with all of their rows, by RESH-id, without unknown and withdrawn units. Six statements. */
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

/** Returns the versions of units in order of days, without unknown and withdrawn units. One statement. */
export function readVersions(tx: SqlClient, reshIds: readonly number[]): Promise<Map<number, VersionRow[]>> {
  return readRowsByUnit(tx, 'versions', reshIds);
}

async function readRowsByUnit<Name extends UnitTable>(
  tx: SqlClient,
  name: Name,
  reshIds: readonly number[],
): Promise<Map<number, UnitState[Name][number][]>> {
  const { name: table, key } = unitTables[name];
  const rows = await tx.query(
    `-- ${table} rows of units
     select ${selectList({ ...key, ...stateColumns[name] })}
     from ${table}
     where resh_id = any($1::integer[])
       and superseded_rev is null
     order by resh_id, valid_from`,
    [reshIds],
  );
  const items = z.array(rowSchemas[name]).parse(rows);
  const rowsByUnit = new Map<number, UnitState[Name][number][]>();
  reshIdRows.parse(rows).forEach(({ reshId }, index) => {
    const unitRows = rowsByUnit.get(reshId) ?? [];
    rowsByUnit.set(reshId, unitRows);
    const item = items[index];
    if (item) unitRows.push(item);
  });
  return rowsByUnit;
}

const childColumns = { ...unitVersion.key, ...stateColumns.versions };
const childRow = rowSchema(childColumns);

/** A version of a unit, with its RESH-id. */
export type ChildRow = z.infer<typeof childRow>;

/** Returns the versions of the children that units have on a day or later, planned ones included. One statement. */
export async function readChildrenFromDay(tx: SqlClient, reshIds: readonly number[], day: Day): Promise<ChildRow[]> {
  return z.array(childRow).parse(
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
 * addresses or contact points), or undefined. A row that only has a new path does not count. One statement.
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
     )
     select resh_id as "reshId", revision
     from (
       select resh_id, revision from own
       union all
       select resh_id, revision from listed
     ) as changed
     order by revision desc
     limit 1`,
    [reshIds, since],
  );
  return z.array(z.object({ reshId: z.number(), revision: z.number() })).parse(rows)[0];
}
