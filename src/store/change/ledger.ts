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

/**
 * Makes one change of the register in a transaction of its own: takes the register's lock, hands the next revision to `write`, and
 * appends the ledger entry. Any error leaves nothing behind.
 *
 * @param write only adds rows with the revision as `recorded_rev` (`registered_rev`) and supersedes rows with it
 * @throws ConstraintViolationError where a constraint of the database refuses a row
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

/** Returns the revision that the next change gets, which is certain only under the register's lock. */
export async function nextRevision(transaction: LockedTransaction): Promise<number> {
  return (await readNewestRevisionNumber(transaction)) + 1;
}

/**
 * Writes the ledger entry of a change whose rows are written, and announces its revision on the channel `resh_change`,
 * which is heard once the transaction commits.
 *
 * @param revision as `nextRevision` gave it in the same transaction
 */
export async function appendLedgerEntry(
  transaction: LockedTransaction,
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
