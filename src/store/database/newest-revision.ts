import type { SqlClient } from './sql-client.ts';

/** Returns the number of the newest committed revision, 0 if the register is empty. */
export async function readNewestRevisionNumber(client: SqlClient): Promise<number> {
  const [row] = await client.query<{ revision: number }>(
    `-- newest revision number
     select coalesce(max(revision), 0) as revision
     from change`,
  );
  return row?.revision ?? 0;
}
