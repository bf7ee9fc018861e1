import { z } from 'zod';
import type { CommonInput, MutationName } from '../../domain/plan/change-input.ts';
import { hasUnstorableText } from '../../domain/plan/input-text.ts';
import type { Operation } from '../../generated/prisma/enums.ts';
import type { SqlClient } from '../database/sql-client.ts';
import type { LockedTransaction } from '../database/transaction.ts';

/** Identifies a request, so that the server recognizes a repeated one. */
export interface IdempotencyKey {
  readonly subject: string;
  readonly operation: Operation;
  readonly key: string;
}

const storedResponseRows = z.array(z.object({ requestHash: z.string(), revision: z.number(), response: z.unknown() }));

/** Returns true if a response is stored for the idempotency key of a request, which the server then returns again. */
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

/** Returns the name of a mutation in the ledger: `moveUnit` becomes MOVE_UNIT. */
export function toOperation(name: MutationName): Operation {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase() as Operation;
}

/** Returns the response to a request with this key in the last 7 days, or undefined. One statement. */
export async function findStoredResponse(
  tx: SqlClient,
  { subject, operation, key }: IdempotencyKey,
): Promise<z.infer<typeof storedResponseRows>[number] | undefined> {
  return storedResponseRows.parse(
    await tx.query(
      `-- stored response for a key
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

/** Stores the response to a change for 7 days, and deletes expired responses. Two statements. */
export async function storeResponse(
  tx: LockedTransaction,
  { subject, operation, key }: IdempotencyKey,
  requestHash: string,
  revision: number,
  response: unknown,
): Promise<void> {
  await tx.query(
    `-- delete expired responses
     delete from idempotency_key
     where expires_at <= clock_timestamp()`,
  );
  await tx.query(
    `-- store a response
     insert into idempotency_key (subject, operation, key, request_hash, revision, response, expires_at)
     values ($1, $2::text::operation, $3, $4, $5::integer, $6::text::jsonb, clock_timestamp() + interval '7 days')`,
    [subject, operation, key, requestHash, revision, JSON.stringify(response)],
  );
}
