import { expect } from 'vitest';
import type { Day } from '../../../src/domain/time/day.ts';
import type { ChangePayload, ChangeResponse } from './mutations.ts';

/** Returns the revision of a committed change. */
export function expectRevision(answer: ChangeResponse): number {
  const { change } = expectAccepted(answer);
  if (!change) throw new Error('Nothing was committed.');
  return change.revision;
}

/** Returns the payload of a change that was accepted, committed or dry run; fails otherwise. */
export function expectAccepted({ payload, errors }: ChangeResponse): ChangePayload {
  if (!payload || payload.userErrors.length > 0 || errors.length > 0)
    throw new Error(`The change was refused: ${JSON.stringify(payload?.userErrors ?? errors, null, 2)}`);
  return payload;
}

/** Returns the user errors of a rejected change; fails if anything else in the response is set. */
export function expectUserErrors({ payload, errors }: ChangeResponse): ChangePayload['userErrors'] {
  if (!payload) throw new Error(`There is no payload: ${JSON.stringify(errors, null, 2)}`);
  if (payload.change !== null || payload.impact !== null || (payload.unit ?? null) !== null)
    throw new Error(`The change was made: ${JSON.stringify(payload, null, 2)}`);
  return payload.userErrors;
}

/** Returns the user errors of a rejected change as `CODE at path: message`. */
export function formatUserErrors(answer: ChangeResponse): string[] {
  return expectUserErrors(answer).map(
    ({ code, field, message }) => `${code} at ${(field ?? []).join('.')}: ${message}`,
  );
}

/** Returns the codes of the errors at the field of a mutation that was not allowed. */
export function expectDenied({ payload, errors }: ChangeResponse): unknown[] {
  expect(payload).toBeNull();
  return errors.map(({ extensions }) => extensions?.['code']);
}

/** Returns the kinds of changes to each unit, by RESH-id, with the day if it is not that of the change. */
export function kindsByUnit({ impact }: Pick<ChangePayload, 'impact'>, day?: Day): Record<number, string> {
  return Object.fromEntries(
    (impact?.units ?? []).map(({ reshId, kinds, effectiveOn }) => [
      reshId,
      [...kinds, ...(day === undefined || effectiveOn === day ? [] : [effectiveOn])].join(' '),
    ]),
  );
}
