import type { SqlClient } from './sql-client.ts';

/** The newest revision and its hash in the ledger; revision 0, the empty register, has none. */
export interface LedgerHead {
  readonly revision: number;
  readonly hash: string | null;
}

/** Returns the number of the newest committed revision, 0 if the register is empty. */
export async function readNewestRevisionNumber(client: SqlClient): Promise<number> {
  const [row] = await client.query<{ revision: number }>(
    `-- newest revision number
     select coalesce(max(revision), 0) as revision
     from change`,
  );
  return row?.revision ?? 0;
}

/** Returns the newest committed revision with its hash. */
export async function readLedgerHead(client: SqlClient): Promise<LedgerHead> {
  const [row] = await client.query<{ revision: number; hash: string }>(
    `-- newest revision and its hash
     select revision, hash
     from change
     order by revision desc
     limit 1`,
  );
  return row ?? { revision: 0, hash: null };
}

/** Returns the hash of a revision; null if the ledger has no such revision. */
export async function readRevisionHash(client: SqlClient, revision: number): Promise<string | null> {
  const [row] = await client.query<{ hash: string }>(
    `-- hash of a revision
     select hash
     from change
     where revision = $1::integer`,
    [revision],
  );
  return row?.hash ?? null;
}
