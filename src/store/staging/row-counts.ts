import type { BulkSession } from '../database/bulk-session.ts';

/** Runs an insert, an update or a delete, and returns the number of its rows. */
export function countChangedRows(session: BulkSession, statement: string): Promise<number> {
  return queryCount(
    session,
    `with changed as (
       ${statement}
       returning 1
     )
     select count(*)::integer as count
     from changed`,
  );
}

/** Runs a statement that returns one row with a `count`, and returns the count. */
export async function queryCount(
  session: BulkSession,
  statement: string,
  values: readonly unknown[] = [],
): Promise<number> {
  const [row] = await session.query<{ count: number }>(statement, values);
  return row?.count ?? 0;
}
