import { z } from 'zod';
import type { CommonInput, MutationName } from '../../domain/plan/change-input.ts';
import { hasUnstorableText } from '../../domain/plan/input-text.ts';
import type { Operation } from '../../generated/prisma/enums.ts';
import type { SqlClient } from '../database/sql-client.ts';
import type { LockedTransaction } from '../database/transaction.ts';

/** By what a repeated request is recognised. */
export interface IdempotencyKey {
  readonly subject: string;
  readonly operation: Operation;
  readonly key: string;
}

const storedResponseRows = z.array(z.object({ requestHash: z.string(), revision: z.number(), response: z.unknown() }));

/** Says whether a request was answered before under its key, so that it gets the same answer again. */
export async function isReplay(
  tx: SqlClient,
  name: MutationName,
  { idempotencyKey, dryRun }: CommonInput,
  subject: string,
): Promise<boolean> {
  return (
    typeof idempotencyKey === 'string' &&
    !dryRun &&
    !hasUnstorableText(idempotencyKey) &&
    (await findStoredResponse(tx, { subject, operation: toOperation(name), key: idempotencyKey })) !== undefined
  );
}

/** Returns the name under which the ledger records a mutation: `moveUnit` is MOVE_UNIT. */
export function toOperation(name: MutationName): Operation {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase() as Operation;
}

/** What was answered to a request with this key within the last 7 days. */
export async function findStoredResponse(
  tx: SqlClient,
  { subject, operation, key }: IdempotencyKey,
): Promise<z.infer<typeof storedResponseRows>[number] | undefined> {
  return storedResponseRows.parse(
    await tx.query(
      `-- answer kept for a key
       select request_hash as "requestHash", revision, response
       from idempotency_key
       where subject = $1
         and operation = $2::text::operation
         and key = $3
         and expires_at > clock_timestamp()`,
      [subject, operation, key],
    ),
  )[0];
}

/** Keeps the answer to a committed change for 7 days, and lets go of those that have expired. */
export async function storeResponse(
  tx: LockedTransaction,
  { subject, operation, key }: IdempotencyKey,
  requestHash: string,
  revision: number,
  response: unknown,
): Promise<void> {
  await tx.query(`-- let go of expired answers\ndelete from idempotency_key\nwhere expires_at <= clock_timestamp()`);
  await tx.query(
    `-- keep an answer
     insert into idempotency_key (subject, operation, key, request_hash, revision, response, expires_at)
     values ($1, $2::text::operation, $3, $4, $5::integer, $6::text::jsonb, clock_timestamp() + interval '7 days')`,
    [subject, operation, key, requestHash, revision, JSON.stringify(response)],
  );
}
