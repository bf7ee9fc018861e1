import { z } from 'zod';
import type { SqlClient } from '../database/sql-client.ts';
import { changedUnitsSql, unitChangeTables } from '../sql/fact-tables.ts';
import { groupByKey } from '../sql/temporal-conditions.ts';
import type { UnitRevisionKey } from '../sql/unit-row.ts';

/** A page of the changes of a unit; `before` is the last revision of the previous page. */
export interface ChangesOfUnitKey extends UnitRevisionKey {
  readonly first: number;
  readonly before?: number | undefined;
}

const pageStatement = `-- changes of units
  select key.n, page.rev as revision
  from jsonb_to_recordset($1::text::jsonb) as key (n integer, resh_id integer, up_to integer, first integer)
  cross join lateral (
    select rev
    from (
      ${changedRevisionsSql('key.up_to')}
    ) as changed
    order by rev desc
    limit key.first
  ) as page
  order by key.n, page.rev desc`;

function changedRevisionsSql(revision: string): string {
  const matchesUnit = (revisionColumn: string) => `resh_id = key.resh_id and ${revisionColumn} <= ${revision}`;
  return unitChangeTables
    .map((table) => `select rev from (${changedUnitsSql(table, matchesUnit)}) as changed`)
    .join('\n      union\n      ');
}

const countStatement = `-- number of changes of units
  select key.n, (
    select count(*)::integer
    from (
      ${changedRevisionsSql('key.up_to')}
    ) as changed
  ) as count
  from jsonb_to_recordset($1::text::jsonb) as key (n integer, resh_id integer, up_to integer)`;

const revisionRows = z.array(z.object({ n: z.number(), revision: z.number() }));
const countRows = z.array(z.object({ n: z.number(), count: z.number() }));

/**
 * Returns pages of the revisions that changed units themselves, newest first, as known at a revision. Revisions that
 * only changed the path are not included. One statement.
 */
export async function readChangesOfUnits(client: SqlClient, keys: readonly ChangesOfUnitKey[]): Promise<number[][]> {
  const pages = keys.map(({ reshId, revision, first, before }, n) => ({
    n,
    resh_id: reshId,
    up_to: before === undefined ? revision : Math.min(revision, before - 1),
    first,
  }));
  const rows = revisionRows.parse(await client.query(pageStatement, [JSON.stringify(pages)]));
  return groupByKey(rows, keys.length).map((page) => page.map(({ revision }) => revision));
}

/** Counts the revisions that changed units themselves, as known at a revision. One statement. */
export async function countChangesOfUnits(client: SqlClient, keys: readonly UnitRevisionKey[]): Promise<number[]> {
  const rows = countRows.parse(
    await client.query(countStatement, [
      JSON.stringify(keys.map(({ reshId, revision }, n) => ({ n, resh_id: reshId, up_to: revision }))),
    ]),
  );
  return groupByKey(rows, keys.length).map(([row]) => row?.count ?? 0);
}
