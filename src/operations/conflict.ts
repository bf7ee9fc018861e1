import type { CommonInput } from '../domain/change-input.ts';
import { userError, type UserError } from '../domain/user-error.ts';
import { readNewestOwnChange } from '../store/change-reader.ts';
import type { Work } from './change.ts';

/** RESH-ids that an input names, in its lists and steps too. */
const namedUnits = (input: object): number[] =>
  Object.entries(input).flatMap(([key, value]: [string, unknown]): number[] => {
    if (/reshIds?$/i.test(key)) return [value].flat().filter((each) => typeof each === 'number');
    return typeof value === 'object' && value !== null ? namedUnits(value) : [];
  });

/** The error where a unit that an input names was changed since the revision that it expects; a new path alone is no change. */
export const conflict = async ({ tx, revision }: Work, input: CommonInput & object): Promise<UserError | undefined> => {
  const expected = input.expectedRevision;
  if (typeof expected !== 'number') return undefined;
  const newest = revision - 1;
  if (expected > newest)
    return userError(
      'CONFLICT',
      'expectedRevision',
      `Revision ${expected} is expected, and the newest is ${newest}; read the unit again.`,
    );
  const found = await readNewestOwnChange(tx, namedUnits(input), expected);
  return (
    found &&
    userError(
      'CONFLICT',
      'expectedRevision',
      `Unit ${found.reshId} was changed in revision ${found.revision}, after the expected ${expected}; the newest revision is ${newest}. Read it again, and decide anew.`,
    )
  );
};
