import { z } from 'zod';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { rowSchema, selectList } from '../sql/columns.ts';
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
