import { createHash } from 'node:crypto';
import { toCanonicalJson, type Json } from '../../domain/text/canonical-json.ts';
import type { Day } from '../../domain/time/day.ts';
import type { AccessRole, Operation } from '../../generated/prisma/enums.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { readNewestRevisionNumber } from '../database/newest-revision.ts';
import {
  lockRegister,
  runInTransaction,
  type LockedBulkTransaction,
  type LockedTransaction,
} from '../database/transaction.ts';
import { toDomainError } from './constraint-errors.ts';
import { digestRows } from './ledger-digest.ts';

/** The ledger entry of a change, as far as it is known before the change has a revision. */
export interface ChangeEntry {
  readonly operation: Operation;
  /** The person who makes the change; `role` is absent for the command line */
  readonly actor: { readonly subject: string; readonly name: string; readonly role?: AccessRole };
  /** Day the change takes effect; null if its parts have their own days */
  readonly effectiveOn: Day | null;
  readonly reason: string | null;
  /** Input of the mutation or command */
  readonly input: Json;
}

/** A complete entry of the ledger, without its hash. */
export interface LedgerEntry extends ChangeEntry {
  readonly revision: number;
  /** Instant as ISO text with milliseconds and Z */
  readonly recordedAt: string;
  readonly rowsDigest: string;
  readonly previousHash: string;
}

/**
 * Records one change of the register in its own transaction: takes the register's lock, calls `write` with the next
 * revision, and appends the ledger entry. An error rolls everything back.
 *
 * @param write only adds rows with the revision as `recorded_rev` (`registered_rev`) and supersedes rows with it
 * @throws ConstraintViolationError if a constraint of the database rejects a row
 */
export async function recordChange(
  session: BulkSession,
  change: ChangeEntry,
  write: (revision: number, transaction: LockedBulkTransaction) => Promise<void>,
): Promise<{ revision: number; recordedAt: string }> {
  try {
    return await runInTransaction(session, async (unlocked) => {
      const transaction = await lockRegister(unlocked);
      const revision = await nextRevision(transaction);
      await write(revision, transaction);
      const { recordedAt } = await appendLedgerEntry(transaction, revision, change);
      return { revision, recordedAt };
    });
  } catch (error) {
    throw toDomainError(error);
  }
}

/** Returns the revision of the next change. The lock keeps other changes from taking it. One statement. */
export async function nextRevision(transaction: LockedTransaction): Promise<number> {
  return (await readNewestRevisionNumber(transaction)) + 1;
}

const notBeforePreviousEntry = "greatest(date_trunc('milliseconds', clock_timestamp()), max(recorded_at))";

/**
 * Appends the ledger entry of a change and notifies the channel `resh_change`, which delivers the revision when the
 * transaction commits. Call it after all rows of the change are written, because the entry includes their digest.
 *
 * @param revision returned by `nextRevision` in the same transaction
 */
export async function appendLedgerEntry(
  transaction: LockedTransaction,
  revision: number,
  change: ChangeEntry,
): Promise<LedgerEntry & { readonly hash: string }> {
  const rowsDigest = await digestRows(transaction, revision);
  const [previousEntry] = await transaction.query<{ recorded_at: string; previous_hash: string }>(
    `-- instant of a change, not before the previous one
     select ${isoInstantSql(notBeforePreviousEntry)} as recorded_at,
       coalesce(max(hash), '') as previous_hash
     from change
     where revision = $1::integer - 1`,
    [revision],
  );
  if (!previousEntry) throw new Error(`The query for the instant of revision ${revision} returned no row.`);
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
  await transaction.query(
    `-- notify of a change
     select pg_notify('resh_change', $1)::text as notified`,
    [String(revision)],
  );
  return { ...entry, hash };
}

/** Returns SQL that formats an instant as ISO text with milliseconds and Z. */
export function isoInstantSql(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * Returns the hash of a ledger entry: SHA-256, in hexadecimal, over the canonical JSON (see canonical-json.ts) of an
 * object with the keys `actor` (`name`, `role` or null, `subject`), `effectiveOn`, `input`, `operation`,
 * `previousHash`, `reason`, `recordedAt`, `revision` and `rowsDigest`. The previous hash of revision 1 is the empty
 * text.
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
