import { Prisma } from '../../generated/prisma/client.js';

/**
 * Returns the keys of a batch as rows, each with its number `n` by which results are grouped.
 *
 * @param columns column names and types, such as `resh_id integer, revision integer, day date`
 */
export function keyRows(keys: readonly object[], columns: string): Prisma.Sql {
  const rows = keys.map((key, n) => ({ n, ...key }));
  return Prisma.sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as key (${Prisma.raw(`n integer, ${columns}`)})`;
}

/** Returns the condition that a row is known at its key's revision. */
export function knownAtKeyRevision(table: string): Prisma.Sql {
  return Prisma.raw(
    `${table}.recorded_rev <= key.revision and (${table}.superseded_rev is null or ${table}.superseded_rev > key.revision)`,
  );
}

/** Returns the condition that a row is valid on its key's day. */
export function validOnKeyDay(table: string): Prisma.Sql {
  return Prisma.raw(`${table}.valid_from <= key.day and (${table}.valid_to is null or ${table}.valid_to > key.day)`);
}

/** Returns the condition that a row is valid on its key's day, in a table where the first day can be null. */
export function validOnKeyDayIfDated(table: string): Prisma.Sql {
  return Prisma.raw(
    `(${table}.valid_from is null or ${table}.valid_from <= key.day) and (${table}.valid_to is null or ${table}.valid_to > key.day)`,
  );
}

/** Groups the rows of a batch by the numbers of their keys. */
export function groupByKey<Row extends { n: number }>(rows: readonly Row[], keyCount: number): Row[][] {
  const groups: Row[][] = Array.from({ length: keyCount }, () => []);
  for (const row of rows) groups[row.n]?.push(row);
  return groups;
}
