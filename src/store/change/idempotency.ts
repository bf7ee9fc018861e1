import { z } from 'zod';
import type { CommonInput, MutationName } from '../../domain/plan/change-input.ts';
import { hasUnstorableText } from '../../domain/plan/input-text.ts';
import type { Operation } from '../../generated/prisma/enums.ts';
import type { LockedTransaction } from '../database/transaction.ts';

/** Identifies a request, so that the server recognizes a repeated one. */
export interface IdempotencyKey {
  readonly subject: string;
  readonly operation: Operation;
  readonly key: string;
}

export const storedResponseRow = z.object({ requestHash: z.string(), revision: z.number(), response: z.unknown() });

/** The response to a request with an idempotency key, and the revision of its change. */
export type StoredResponse = z.infer<typeof storedResponseRow>;

/** Returns the idempotency key of a request; undefined if no response can be stored for it. */
export function findIdempotencyKey({ idempotencyKey, dryRun }: CommonInput): string | undefined {
  return typeof idempotencyKey === 'string' && !dryRun && !hasUnstorableText(idempotencyKey)
    ? idempotencyKey
    : undefined;
}

// The hash of a ledger entry includes the name, so an operation keeps its first name when its mutation is renamed.
const firstNames: Partial<Record<MutationName, Operation>> = { updateUnitCodes: 'SET_UNIT_CODES' };

/** Returns the name of a mutation in the ledger: `moveUnit` becomes MOVE_UNIT. */
export function toOperation(name: MutationName): Operation {
  return firstNames[name] ?? toUpperSnakeCase(name);
}

function toUpperSnakeCase(name: MutationName): Operation {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase() as Operation;
}

/** Returns a query of the response to a request with a key in the last 7 days. The parameters are SQL expressions. */
export function storedResponseSql(subject: string, operation: string, key: string): string {
  return `select request_hash as "requestHash", revision, response
       from idempotency_key
       where subject = ${subject}
         and operation = ${operation}
         and key = ${key}
         and expires_at > clock_timestamp()`;
}

/** Stores the response to a change for 7 days, and deletes expired responses. Two statements, not awaited. */
export function storeResponse(
  tx: LockedTransaction,
  { subject, operation, key }: IdempotencyKey,
  requestHash: string,
  revision: number,
  response: unknown,
): void {
  tx.send(
    `-- delete expired responses
     delete from idempotency_key
     where expires_at <= clock_timestamp()`,
  );
  tx.send(
    `-- store a response
     insert into idempotency_key (subject, operation, key, request_hash, revision, response, expires_at)
     values ($1, $2::text::operation, $3, $4, $5::integer, $6::text::jsonb, clock_timestamp() + interval '7 days')`,
    [subject, operation, key, requestHash, revision, JSON.stringify(response)],
  );
}
