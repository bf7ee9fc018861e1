import type { CommonInput, MappingNodeKey } from '../../domain/plan/change-input.ts';
import { nodeLabel } from '../../domain/plan/mapping.ts';
import { userError, type UserError } from '../../domain/plan/user-error.ts';
import { readNewestMappingNodeChange } from '../../store/change/mapping-nodes.ts';
import { readNewestUnitChange } from '../../store/change/units.ts';
import type { PlanContext } from './plan-context.ts';

/** The error where a unit that an input names was changed since the revision that it expects; a new path alone is no change. */
export async function checkExpectedRevision(
  { tx, revision }: PlanContext,
  input: CommonInput & object,
): Promise<UserError | undefined> {
  const expected = input.expectedRevision;
  if (typeof expected !== 'number') return undefined;
  const newest = revision - 1;
  if (expected > newest)
    return userError(
      'CONFLICT',
      'expectedRevision',
      `Revision ${expected} is expected, and the newest is ${newest}; read the unit again.`,
    );
  const newerChange = await readNewestUnitChange(tx, collectReshIds(input), expected);
  return (
    newerChange &&
    userError(
      'CONFLICT',
      'expectedRevision',
      `Unit ${newerChange.reshId} was changed in revision ${newerChange.revision}, after the expected ${expected}; the newest revision is ${newest}. Read it again, and decide anew.`,
    )
  );
}

/** RESH-ids that an input names, in its lists and steps too. */
function collectReshIds(input: object): number[] {
  return Object.entries(input).flatMap(([key, value]: [string, unknown]): number[] => {
    if (/reshIds?$/i.test(key)) return [value].flat().filter((each) => typeof each === 'number');
    return typeof value === 'object' && value !== null ? collectReshIds(value) : [];
  });
}

/** The error where a node of another system's tree was changed since the revision that an input expects. */
export async function checkExpectedNodeRevision(
  { tx, revision }: PlanContext,
  node: MappingNodeKey,
  expected: CommonInput['expectedRevision'],
): Promise<UserError[]> {
  if (typeof expected !== 'number') return [];
  const newerRevision = await readNewestMappingNodeChange(tx, node);
  if (newerRevision === undefined || newerRevision <= expected) return [];
  return [
    userError(
      'CONFLICT',
      'expectedRevision',
      `Node ${nodeLabel(node)} was changed in revision ${newerRevision}, after the expected ${expected}; the newest revision is ${revision - 1}. Read it again, and decide anew.`,
    ),
  ];
}
