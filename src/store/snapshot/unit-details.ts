import { z } from 'zod';
import type { Period } from '../../domain/time/period.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { knownAt, validOn } from '../sql/temporal-conditions.ts';
import { unitTables, type Table } from '../tables.ts';

/** Lists of a unit that few operations show, each in the order in which clients get it. */
export interface UnitDetails {
  readonly identifiers: readonly DetailRow<'identifiers'>[];
  readonly names: readonly DetailRow<'names'>[];
  readonly addresses: readonly DetailRow<'addresses'>[];
  readonly contactPoints: readonly DetailRow<'contactPoints'>[];
}

type DetailList = 'identifiers' | 'names' | 'addresses' | 'contactPoints';
type DetailRow<List extends DetailList> = { readonly reshId: number } & {
  readonly [Name in keyof (typeof unitTables)[List]['facts']]: (typeof unitTables)[List]['facts'][Name] extends {
    readonly schema: z.ZodType<infer Value>;
  }
    ? Value
    : never;
};

/** The details of a unit that has none: most units share it. */
export const noDetails: UnitDetails = { identifiers: [], names: [], addresses: [], contactPoints: [] };

const orders: Readonly<Record<DetailList, string>> = {
  identifiers: 'd.system collate "C", d.value collate "C"',
  names: 'd.language collate "C"',
  addresses: 'd.type',
  contactPoints: 'd.type, d.value collate "C"',
};
const lists = Object.keys(orders) as readonly DetailList[];

/** Reads the details of units on a day, by RESH-id; absent for a unit without any. One statement for each list. */
export async function readUnitDetails(
  client: SqlClient,
  at: Snapshot,
  reshIds: readonly number[],
): Promise<Map<number, UnitDetails>> {
  const details = new Map<number, UnitDetails>();
  for (const list of lists)
    for (const row of await readDetailRows(client, at, reshIds, list)) {
      const known = details.get(row.reshId) ?? noDetails;
      details.set(row.reshId, { ...known, [list]: [...known[list], row] });
    }
  return details;
}

async function readDetailRows(
  client: SqlClient,
  { revision, day }: Snapshot,
  reshIds: readonly number[],
  list: DetailList,
): Promise<{ reshId: number }[]> {
  const table: Table = unitTables[list];
  const columns = { ...unitTables[list].key, ...table.facts };
  const rows = await client.query(
    `-- ${list} of units of a snapshot
     select ${selectList(columns, 'd')}
     from ${table.name} d
     where d.resh_id = any($3::integer[])
       and ${knownAt('$1::integer', 'd')}
       and ${validOn('$2::date', 'd')}
     order by d.resh_id, ${orders[list]}`,
    [revision, day, reshIds],
  );
  return z.array(rowSchema({ ...unitTables[list].key, ...table.facts })).parse(rows);
}

const periodRows = z.array(
  z.object({
    reshId: z.number(),
    from: z.string(),
    to: z.string().nullable(),
    placedFrom: z.string(),
    placedTo: z.string().nullable(),
  }),
);

/** Unbroken periods of a unit around a day: the one in which it is valid, and the one in which it has its path. */
export interface UnbrokenPeriods {
  readonly validity: Period;
  readonly placed: Period;
}

/** Reads the unbroken periods around a day of units that are valid on it, by RESH-id. One statement. */
export async function readUnbrokenPeriods(
  client: SqlClient,
  { revision, day }: Snapshot,
  units: readonly { readonly reshId: number; readonly pathText: string }[],
): Promise<Map<number, UnbrokenPeriods>> {
  const rows = await client.query(
    `-- unbroken periods of units of a snapshot
     select
       known.resh_id as "reshId",
       lower(valid.days)::text as "from",
       upper(valid.days)::text as "to",
       lower(placed.days)::text as "placedFrom",
       upper(placed.days)::text as "placedTo"
     from (
       select
         v.resh_id,
         range_agg(${dateRangeSql('v')}) as valid_days,
         range_agg(${dateRangeSql('v')}) filter (where v.path_text = unit.path_text collate "C") as placed_days
       from unnest($3::integer[], $4::text[]) as unit (resh_id, path_text)
       join unit_version v on v.resh_id = unit.resh_id
       where ${knownAt('$1::integer', 'v')}
       group by v.resh_id
     ) known
     cross join lateral unnest(known.valid_days) as valid (days)
     cross join lateral unnest(known.placed_days) as placed (days)
     where valid.days @> $2::date
       and placed.days @> $2::date`,
    [revision, day, units.map(({ reshId }) => reshId), units.map(({ pathText }) => pathText)],
  );
  return new Map(
    periodRows.parse(rows).map(({ reshId, from, to, placedFrom, placedTo }) => {
      const validity = { from, to };
      const isPlacedThroughout = placedFrom === from && placedTo === to;
      return [reshId, { validity, placed: isPlacedThroughout ? validity : { from: placedFrom, to: placedTo } }];
    }),
  );
}
