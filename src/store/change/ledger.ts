import { createHash } from 'node:crypto';
import { z } from 'zod';
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
import { rowsDigestSql } from './ledger-digest.ts';

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

export const newestEntryRow = z.object({ revision: z.number(), hash: z.string(), nextRecordedAt: z.string() });

/** The newest entry of the ledger, which the next one continues; revision 0 and an empty hash before the first. */
export type NewestEntry = z.infer<typeof newestEntryRow>;

/** Query of the newest entry, and of the instant of the next one: now, or that of the newest entry if it is later. */
export const newestEntrySql = `select coalesce(newest.revision, 0) as revision, coalesce(newest.hash, '') as hash,
         ${isoInstantSql("greatest(date_trunc('milliseconds', clock_timestamp()), newest.recorded_at)")}
           as "nextRecordedAt"
       from (values (1)) as always
       left join (select revision, hash, recorded_at from change order by revision desc limit 1) as newest on true`;

/**
 * Appends the ledger entry of a change and notifies of it, as {@link sendLedgerEntry} does, and waits for it.
 *
 * @param revision returned by `nextRevision` in the same transaction
 */
export async function appendLedgerEntry(
  transaction: LockedTransaction,
  revision: number,
  change: ChangeEntry,
): Promise<{ revision: number; recordedAt: string }> {
  const [row] = await transaction.query(
    `-- newest entry of the ledger
       ${newestEntrySql}`,
  );
  const newest = newestEntryRow.parse(row);
  if (newest.revision !== revision - 1)
    throw new Error(`Revision ${revision} cannot follow revision ${newest.revision}.`);
  sendLedgerEntry(transaction, newest, change);
  await transaction.settle();
  return { revision, recordedAt: newest.nextRecordedAt };
}

/**
 * Appends the ledger entry of a change and notifies the channel `resh_change`, which delivers the revision when the
 * transaction commits. Call it after all rows of the change are sent, because the entry includes their digest. One
 * statement, not awaited.
 *
 * @param newest entry before this one, read in the same transaction
 * @param tables tables that the change wrote; all tables if unknown
 */
export function sendLedgerEntry(
  transaction: LockedTransaction,
  newest: NewestEntry,
  change: ChangeEntry,
  tables?: ReadonlySet<string>,
): void {
  const revision = newest.revision + 1;
  const { operation, actor, effectiveOn, reason, input } = change;
  const textBeforeDigest = formatTextBeforeDigest({
    ...change,
    revision,
    recordedAt: newest.nextRecordedAt,
    previousHash: newest.hash,
  });
  transaction.send(
    `-- ledger entry
     with digest as (
       ${rowsDigestSql('$1::integer', tables)}
     )
     insert into change (revision, recorded_at, operation, actor_subject, actor_name, actor_role, effective_on, reason,
       input, rows_digest, previous_hash, hash)
     select $1::integer, $2::text::timestamptz, $3::text::operation, $4, $5, $6::text::access_role, $7::text::date, $8,
       $9::text::jsonb, rows_digest, $10, encode(sha256(convert_to($11 || rows_digest || '"}', 'UTF8')), 'hex')
     from digest
     returning pg_notify('resh_change', revision::text)::text as notified`,
    [
      revision,
      newest.nextRecordedAt,
      operation,
      actor.subject,
      actor.name,
      actor.role ?? null,
      effectiveOn,
      reason,
      toCanonicalJson(input),
      newest.hash,
      textBeforeDigest,
    ],
  );
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
export function hashLedgerEntry({ rowsDigest, ...entry }: LedgerEntry): string {
  return createHash('sha256')
    .update(`${formatTextBeforeDigest(entry)}${rowsDigest}"}`)
    .digest('hex');
}

/** Returns the hashed text up to the digest of the rows, which only the database knows; its key is the last one. */
function formatTextBeforeDigest(entry: Omit<LedgerEntry, 'rowsDigest'>): string {
  const text = toCanonicalJson({
    actor: { name: entry.actor.name, role: entry.actor.role ?? null, subject: entry.actor.subject },
    effectiveOn: entry.effectiveOn,
    input: entry.input,
    operation: entry.operation,
    previousHash: entry.previousHash,
    reason: entry.reason,
    recordedAt: entry.recordedAt,
    revision: entry.revision,
  });
  return `${text.slice(0, -1)},"rowsDigest":"`;
}
