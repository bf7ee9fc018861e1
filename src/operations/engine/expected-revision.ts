import type { CommonInput, MappingNodeName } from '../../domain/plan/change-input.ts';
import { calledNode } from '../../domain/plan/mapping.ts';
import { userError, type UserError } from '../../domain/plan/user-error.ts';
import { readNewestOwnChange } from '../../store/change/units.ts';
import { readNewestNodeChange } from '../../store/change/mapping-nodes.ts';
import type { Work } from './run-change.ts';

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

/** The error where a node of another system's tree was changed since the revision that an input expects. */
export const nodeConflict = async (
  { tx, revision }: Work,
  node: MappingNodeName,
  expected: CommonInput['expectedRevision'],
): Promise<UserError[]> => {
  if (typeof expected !== 'number') return [];
  const found = await readNewestNodeChange(tx, node);
  if (found === undefined || found <= expected) return [];
  return [
    userError(
      'CONFLICT',
      'expectedRevision',
      `Node ${calledNode(node)} was changed in revision ${found}, after the expected ${expected}; the newest revision is ${revision - 1}. Read it again, and decide anew.`,
    ),
  ];
};
