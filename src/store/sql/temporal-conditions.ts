import type { Snapshot } from '../../domain/time/snapshot.ts';
import { Prisma } from '../../generated/prisma/client.js';

/**
 * Returns the keys of a batch as rows `key`, each with its index `n`, by which {@link groupByKey} groups the results.
 *
 * @param columns column names and types, such as `resh_id integer, revision integer, day date`
 */
export function keyRows(keys: readonly object[], columns: string): Prisma.Sql {
  const rows = keys.map((key, n) => ({ n, ...key }));
  return Prisma.sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as key (${Prisma.raw(`n integer, ${columns}`)})`;
}

/** Returns the snapshot as one row `key`, whose values the planner treats as constants. */
export function snapshotKeySql({ revision, day }: Snapshot): Prisma.Sql {
  return Prisma.sql`(select ${revision}::integer as revision, ${day}::date as day) as key`;
}

/** Returns the condition that a row is known at its key's revision. */
export function knownAtKeyRevision(table: string): Prisma.Sql {
  return Prisma.raw(knownAt('key.revision', table));
}

/**
 * Returns the condition that a row is known at a revision.
 *
 * @param revision SQL expression
 * @param alias alias of the table, if the statement has several
 */
export function knownAt(revision: string, alias?: string): string {
  const table = alias === undefined ? '' : `${alias}.`;
  return `${table}recorded_rev <= ${revision}
        and (${table}superseded_rev is null or ${table}superseded_rev > ${revision})`;
}

/** Returns the condition that a row is valid on its key's day. */
export function validOnKeyDay(table: string): Prisma.Sql {
  return Prisma.raw(validOn('key.day', table));
}

/**
 * Returns the condition that a row is valid on a day.
 *
 * @param day SQL expression
 * @param alias alias of the table, if the statement has several
 */
export function validOn(day: string, alias?: string): string {
  const table = alias === undefined ? '' : `${alias}.`;
  return `${table}valid_from <= ${day}
        and (${table}valid_to is null or ${table}valid_to > ${day})`;
}

/**
 * Returns a join of each key with the rows of a table that are known at its revision and valid on its day. `offset 0`
 * makes PostgreSQL look up the rows of each key in an index: it expects 100 keys in any batch, and would scan a table
 * of some thousand rows for a single one.
 *
 * @param condition SQL condition by which a row belongs to a key
 */
export function rowsOfKeySql(table: string, condition: string, alias: string = table): Prisma.Sql {
  return Prisma.raw(`cross join lateral (
      select *
      from ${table} ${alias}
      where ${condition}
        and ${knownAt('key.revision', alias)}
        and ${validOn('key.day', alias)}
      offset 0
    ) ${alias}`);
}

/**
 * Returns an order that puts the version valid on the key's day first, then the last version before the day, then the
 * first one after it. The first day of a version can be null.
 */
export function byDistanceToKeyDay(table: string): Prisma.Sql {
  return Prisma.raw(`(
          (${table}.valid_from is null or ${table}.valid_from <= key.day)
          and (${table}.valid_to is null or ${table}.valid_to > key.day)
        ) desc,
        (${table}.valid_from <= key.day) desc nulls first,
        abs(${table}.valid_from - key.day)`);
}

/** Groups the rows of a batch by the index of their key. */
export function groupByKey<Row extends { n: number }>(rows: readonly Row[], keyCount: number): Row[][] {
  const groups: Row[][] = Array.from({ length: keyCount }, () => []);
  for (const row of rows) groups[row.n]?.push(row);
  return groups;
}
