import pg from 'pg';
import type { LedgerHead } from '../database/newest-revision.ts';
import type { SqlClient } from '../database/sql-client.ts';

/** What a replica must have in common with the primary, in addition to the ledger. */
export interface PrimaryIdentity {
  /** Identifier of the database system, which physical replicas share; null if the server does not show it */
  readonly systemIdentifier: string | null;
  readonly migrationCount: number;
}

/** Why a replica is not used. */
export type ReplicaProblem = 'unreachable' | 'late' | 'writable' | 'other register';

/** A connection does not lead to a replica that has the revision. */
export class UnsuitableReplicaError extends Error {
  override readonly name = 'UnsuitableReplicaError';
  constructor(
    readonly problem: Exclude<ReplicaProblem, 'unreachable'>,
    message: string,
  ) {
    super(message);
  }
}

const UNDEFINED_TABLE = '42P01';

const finishedMigrationsSql = `
    select count(*)::integer
    from _prisma_migrations
    where finished_at is not null
      and rolled_back_at is null`;

const stateSql = `-- whether a replica has a revision
  select pg_is_in_recovery() as "isReplica",
    (select hash from change where revision = $1::integer) as hash,
    (${finishedMigrationsSql}
    ) as "migrationCount"`;

/** Reads what its replicas must have in common with a primary. */
export async function readPrimaryIdentity(client: SqlClient): Promise<PrimaryIdentity> {
  const [row] = await client.query<{ migrationCount: number }>(
    `-- number of migrations
     select (${finishedMigrationsSql}
     ) as "migrationCount"`,
  );
  return { systemIdentifier: await readSystemIdentifier(client), migrationCount: row?.migrationCount ?? 0 };
}

/**
 * Checks that a connection leads to a replica of the primary.
 *
 * @throws UnsuitableReplicaError if it leads to another database system
 */
export async function checkIdentity(client: SqlClient, { systemIdentifier }: PrimaryIdentity): Promise<void> {
  const found = await readSystemIdentifier(client);
  if (found !== null && systemIdentifier !== null && found !== systemIdentifier)
    throw new UnsuitableReplicaError(
      'other register',
      `It belongs to database system ${found}, and the one in DATABASE_URL is ${systemIdentifier}.`,
    );
}

async function readSystemIdentifier(client: SqlClient): Promise<string | null> {
  try {
    const [row] = await client.query<{ identifier: string }>(
      `-- identifier of the database system
       select system_identifier::text as identifier
       from pg_control_system()`,
    );
    return row?.identifier ?? null;
  } catch (error) {
    // Managed servers may not have the function or may not allow it; the hash in the ledger is compared in any case.
    if (error instanceof pg.DatabaseError) return null;
    throw error;
  }
}

/**
 * Checks that a connection leads to a replica that has a revision. The hash of a revision covers all revisions before
 * it, so the replica has those too, and they are those of the primary.
 *
 * @throws UnsuitableReplicaError
 */
export async function checkRevision(
  client: SqlClient,
  { revision, hash }: LedgerHead,
  { migrationCount }: PrimaryIdentity,
): Promise<void> {
  const state = await readState(client, revision);
  if (!state || state.migrationCount < migrationCount)
    throw new UnsuitableReplicaError('late', 'It has not received all migrations yet.');
  if (!state.isReplica) throw new UnsuitableReplicaError('writable', 'It accepts writes, so it is not a replica.');
  if (state.hash === hash) return;
  throw state.hash === null
    ? new UnsuitableReplicaError('late', `It has not received revision ${revision} yet.`)
    : new UnsuitableReplicaError('other register', `It has another change at revision ${revision}.`);
}

interface ReplicaState extends Record<string, unknown> {
  readonly isReplica: boolean;
  readonly hash: string | null;
  readonly migrationCount: number;
}

async function readState(client: SqlClient, revision: number): Promise<ReplicaState | undefined> {
  try {
    return (await client.query<ReplicaState>(stateSql, [revision]))[0];
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE) return undefined;
    throw error;
  }
}
