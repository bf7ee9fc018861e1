import { createHash } from 'node:crypto';
import { toCanonicalJson, type Json } from '../../domain/text/canonical-json.ts';
import type { Day } from '../../domain/time/day.ts';
import type { AccessRole, Operation } from '../../generated/prisma/enums.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { digestRows } from './ledger-digest.ts';

/** Runs one statement within the transaction of a change: a bulk session, or a Prisma transaction made to look like one. */
export type SqlClient = Pick<BulkSession, 'query'>;

/** What a change says of itself, before it has a revision. */
export interface ChangeEntry {
  readonly operation: Operation;
  /** Who makes the change; `role` is absent for the command line */
  readonly actor: { readonly subject: string; readonly name: string; readonly role?: AccessRole };
  /** Day the change takes effect, null where its parts have days of their own */
  readonly effectiveOn: Day | null;
  readonly reason: string | null;
  /** What was asked for */
  readonly input: Json;
}

/** A change as the ledger has it. */
export interface LedgerEntry extends ChangeEntry {
  readonly revision: number;
  /** Instant as ISO text with milliseconds and Z */
  readonly recordedAt: string;
  readonly rowsDigest: string;
  readonly previousHash: string;
}

// Any number; every change of the register takes this lock before it reads what it decides by.
const REGISTER_LOCK = 7_374_002;

/**
 * Makes one change of the register: takes its lock, hands out the next revision, lets `write` add and supersede rows, and
 * seals them with a ledger entry, in one transaction. Any error leaves nothing behind.
 *
 * @param write adds rows with the revision as `recorded_rev` (`registered_rev`) and supersedes rows with it, nothing else
 */
export async function recordChange(
  session: BulkSession,
  change: ChangeEntry,
  write: (revision: number) => Promise<void>,
): Promise<{ revision: number; recordedAt: string }> {
  await session.execute('begin isolation level read committed');
  try {
    await lockRegister(session);
    const revision = await nextRevision(session);
    await write(revision);
    const { recordedAt } = await appendLedgerEntry(session, revision, change);
    await session.execute('commit');
    return { revision, recordedAt };
  } catch (error) {
    // The first error is the one to tell; a lost connection cannot roll back and need not.
    await session.execute('rollback').catch(() => {});
    throw error;
  }
}

/** Waits for the register's lock, which the transaction then holds to its end; it must be the transaction's first statement. */
export async function lockRegister(transaction: SqlClient): Promise<void> {
  await transaction.query('-- lock the register\nselect pg_advisory_xact_lock($1)::text as locked', [REGISTER_LOCK]);
}

/** The revision that the next change gets; true only while the register's lock is held. */
export async function nextRevision(transaction: SqlClient): Promise<number> {
  const [row] = await transaction.query<{ revision: number }>(
    `-- next revision
     select coalesce(max(revision), 0) + 1 as revision
     from change`,
  );
  return row?.revision ?? 1;
}

/**
 * Writes the ledger entry of a change whose rows are written, and announces its revision on the channel `resh_change`,
 * which is heard once the transaction commits.
 *
 * @param revision as `nextRevision` gave it in the same transaction
 */
export async function appendLedgerEntry(
  transaction: SqlClient,
  revision: number,
  change: ChangeEntry,
): Promise<LedgerEntry & { readonly hash: string }> {
  const rowsDigest = await digestRows(transaction, revision);
  const [previousEntry] = await transaction.query<{ recorded_at: string; previous_hash: string }>(
    `-- instant of a change, never before that of the change before it
     select ${isoInstantSql("greatest(date_trunc('milliseconds', clock_timestamp()), max(recorded_at))")} as recorded_at,
       coalesce(max(hash), '') as previous_hash
     from change
     where revision = $1::integer - 1`,
    [revision],
  );
  if (!previousEntry) throw new Error(`The ledger gave no instant for revision ${revision}.`);
  const entry: LedgerEntry = {
    ...change,
    revision,
    recordedAt: previousEntry.recorded_at,
    rowsDigest,
    previousHash: previousEntry.previous_hash,
  };
  const hash = hashLedgerEntry(entry);
  await transaction.query(
    `-- ledger entry
     insert into change (revision, recorded_at, operation, actor_subject, actor_name, actor_role, effective_on, reason,
       input, rows_digest, previous_hash, hash)
     values ($1::integer, $2::text::timestamptz, $3::text::operation, $4, $5, $6::text::access_role, $7::text::date, $8,
       $9::text::jsonb, $10, $11, $12)`,
    [
      revision,
      entry.recordedAt,
      entry.operation,
      entry.actor.subject,
      entry.actor.name,
      entry.actor.role ?? null,
      entry.effectiveOn,
      entry.reason,
      toCanonicalJson(entry.input),
      rowsDigest,
      entry.previousHash,
      hash,
    ],
  );
  await transaction.query(`-- announce a change\nselect pg_notify('resh_change', $1)::text as announced`, [
    String(revision),
  ]);
  return { ...entry, hash };
}

/** An SQL expression for an instant as ISO text with milliseconds and Z. */
export function isoInstantSql(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * The hash of a change: SHA-256, in hexadecimal, over the canonical JSON (see canonical-json.ts) of an object with the keys
 * `actor` (`name`, `role` or null, `subject`), `effectiveOn`, `input`, `operation`, `previousHash`, `reason`, `recordedAt`,
 * `revision` and `rowsDigest`. The hash before revision 1 is the empty text.
 */
export function hashLedgerEntry(entry: LedgerEntry): string {
  return createHash('sha256')
    .update(
      toCanonicalJson({
        actor: { name: entry.actor.name, role: entry.actor.role ?? null, subject: entry.actor.subject },
        effectiveOn: entry.effectiveOn,
        input: entry.input,
        operation: entry.operation,
        previousHash: entry.previousHash,
        reason: entry.reason,
        recordedAt: entry.recordedAt,
        revision: entry.revision,
        rowsDigest: entry.rowsDigest,
      }),
    )
    .digest('hex');
}
