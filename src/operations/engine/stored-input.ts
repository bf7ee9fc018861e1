import { createHash } from 'node:crypto';
import type { CommonInput } from '../../domain/plan/change-input.ts';
import { toCanonicalJson, type Json } from '../../domain/text/canonical-json.ts';

/** Returns the SHA-256 digest of an input, which identifies repeated requests. */
export function hashInput(storedInput: Json): string {
  return createHash('sha256').update(toCanonicalJson(storedInput)).digest('hex');
}

/**
 * Returns an input as the ledger stores it. Absent, undefined and null common fields are the same. A dry run is the
 * same request as the real one.
 */
export function toStoredInput({
  dryRun: _dryRun,
  effectiveOn,
  reason,
  expectedRevision,
  idempotencyKey,
  ...input
}: CommonInput): Json {
  return JSON.parse(
    JSON.stringify({
      ...input,
      effectiveOn: effectiveOn ?? undefined,
      reason: reason ?? undefined,
      expectedRevision: expectedRevision ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    }),
  ) as Json;
}
