import type { Day } from '../time/day.ts';
import type { UnitState } from '../unit/state.ts';
import type { SplitUnitInput } from './change-input.ts';
import type { Issues } from './issues.ts';
import {
  childOfTwoParts,
  childrenWithoutPart,
  factOfExistingPart,
  notAChild,
  partIsSource,
  partNamedTwice,
  tooFewParts,
  tooManyParts,
} from './messages/reorganizations.ts';

export const PART_LIMIT = 100;

/** The unit that is split, its parts, and whether the unit stays. */
export type Split = Pick<SplitUnitInput, 'reshId' | 'into' | 'keepSource'>;

/** Checks the number of parts of a split. */
export function checkPartCount(issues: Issues, { into, keepSource }: Split): void {
  const count = into.length;
  if (count === 0 || (count === 1 && !keepSource)) issues.add('into', tooFewParts());
  if (count > PART_LIMIT) issues.add('into', tooManyParts({ count, limit: PART_LIMIT }));
}

/** Checks that each part is one existing unit, or has the facts of a new one. */
export function checkParts(issues: Issues, { reshId, into }: Split): void {
  const firstIndexByPart = findFirstIndexes(into.map((part) => part.reshId));
  into.forEach(({ childReshIds: _children, codes: _codes, treatmentSite: _site, reshId: part, ...facts }, index) => {
    if (typeof part !== 'number') return;
    const partIssues = issues.at('into', index);
    if (part === reshId) partIssues.add('reshId', partIsSource({ reshId: part }));
    if (firstIndexByPart.get(part) !== index) partIssues.add('reshId', partNamedTwice({ reshId: part }));
    for (const [fact, value] of Object.entries(facts))
      if (value !== undefined) partIssues.add(fact, factOfExistingPart({ reshId: part, fact }));
  });
}

/** Checks that each child goes to one part, and that every child goes to some part unless the unit stays. */
export function checkChildren(
  issues: Issues,
  { into, keepSource }: Split,
  unit: UnitState,
  children: readonly number[],
  day: Day,
): void {
  const assigned = into.flatMap(({ childReshIds }, index) =>
    (childReshIds ?? []).map((child, childIndex) => ({ child, field: ['into', index, 'childReshIds', childIndex] })),
  );
  const firstIndexByChild = findFirstIndexes(assigned.map(({ child }) => child));
  const childSet = new Set(children);
  assigned.forEach(({ child, field }, index) => {
    if (!childSet.has(child)) issues.add(field, notAChild({ childReshId: child, unit, day }));
    if (firstIndexByChild.get(child) !== index) issues.add(field, childOfTwoParts({ childReshId: child }));
  });
  const childReshIds = children.filter((child) => !firstIndexByChild.has(child));
  if (childReshIds.length > 0 && !keepSource) issues.add('into', childrenWithoutPart({ unit, childReshIds }));
}

/** Returns the index of the first occurrence of each value. */
function findFirstIndexes<Value>(values: readonly Value[]): Map<Value, number> {
  return new Map(values.map((value, index): [Value, number] => [value, index]).reverse());
}
