import { valueExpression } from '../../../src/store/sql/columns.ts';
import { dateRangeSql } from '../../../src/store/sql/date-range.ts';
import { knownAt, validOn } from '../../../src/store/sql/temporal-conditions.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { mappingNode, succession, treatmentSiteVersion, unitTables, type Table } from '../../../src/store/tables.ts';

const treeTables: readonly Table[] = [...Object.values(unitTables), mappingNode, succession, treatmentSiteVersion];

/**
 * Returns what a revision, by default the newest one, says about units, mapping nodes, successions and treatment sites
 * on all days, as lines of text. It is the same for rows that are split differently.
 */
export async function readFacts(database: Pick<Database, 'client'>, revision = 2_147_483_647): Promise<string[]> {
  const lines = await Promise.all(treeTables.map((table) => readLines(database, table, revision)));
  return lines.flat();
}

/** Returns who has which access on a day at the newest revision, as lines of text. */
export async function readAccessOn({ client }: Pick<Database, 'client'>, day: string): Promise<string[]> {
  const rows = await client.query<{ line: string }>(
    `select concat_ws(' ', subject, role, resh_id) as line
     from access_grant
     where superseded_rev is null
       and ${validOn('$1::text::date')}`,
    [day],
  );
  return rows.map(({ line }) => line).sort();
}

async function readLines({ client }: Pick<Database, 'client'>, table: Table, revision: number): Promise<string[]> {
  const columns = Object.values({ ...table.key, ...table.facts, ...table.derived });
  const values = columns.map((column) => valueExpression(column));
  const days = Object.keys(table.period).length > 0 ? `range_agg(${dateRangeSql()})::text` : "''";
  const rows = await client.query<{ line: string }>(
    `select '${table.name} ' || row(${values.join(', ')})::text || ' ' || ${days} as line
     from ${table.name}
     where ${knownAt('$1::integer')}
     group by ${values.join(', ')}`,
    [revision],
  );
  return rows.map(({ line }) => line).sort();
}
