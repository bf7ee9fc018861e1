import type { Day } from '../time/day.ts';
import type { UnitState } from '../unit/state.ts';
import type { SplitUnitInput } from './change-input.ts';
import type { Draft } from './draft.ts';
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
import { unitListedTwice } from './messages/units.ts';
import { findKnownUnit } from './valid-unit.ts';

export const PART_LIMIT = 100;

/** The unit that is split, its parts, and whether the unit stays. */
export type Split = Pick<SplitUnitInput, 'reshId' | 'into' | 'keepSource'>;

/** Checks the number of parts of a split. */
export function checkPartCount(issues: Issues, { into, keepSource }: Split): void {
  const count = into.length;
  if (count === 0 || (count === 1 && !keepSource)) issues.add('into', tooFewParts());
  if (count > PART_LIMIT) issues.add('into', tooManyParts({ count, limit: PART_LIMIT }));
}

/** Checks that each part is one known unit, or has the facts of a new one. An unknown unit is reported elsewhere. */
export function checkParts(issues: Issues, draft: Draft, { reshId, into }: Split): void {
  const firstIndexByPart = findFirstIndexes(into.map((part) => part.reshId));
  into.forEach(({ childReshIds: _children, codes: _codes, treatmentSite: _site, reshId: part, ...facts }, index) => {
    const unit = typeof part === 'number' ? draft.unit(part) : undefined;
    if (!unit) return;
    const partIssues = issues.at('into', index);
    if (unit.reshId === reshId) partIssues.add('reshId', partIsSource({ unit }));
    if (firstIndexByPart.get(unit.reshId) !== index) partIssues.add('reshId', partNamedTwice({ unit }));
    for (const [fact, value] of Object.entries(facts))
      if (value !== undefined) partIssues.add(fact, factOfExistingPart({ unit, fact }));
  });
}

/** Checks that each child goes to one part, and that every child goes to some part unless the unit stays. */
export function checkChildren(
  issues: Issues,
  draft: Draft,
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
    const childUnit = findKnownUnit(issues, draft, child, field);
    if (!childUnit) return;
    if (!childSet.has(child)) issues.add(field, notAChild({ child: childUnit, unit, day }));
    const first = assigned[firstIndexByChild.get(child) ?? index];
    if (first?.field[1] !== field[1]) issues.add(field, childOfTwoParts({ child: childUnit }));
    else if (first?.field !== field) issues.add(field, unitListedTwice({ unit: childUnit }));
  });
  const left = children.filter((child) => !firstIndexByChild.has(child));
  if (left.length > 0 && !keepSource)
    issues.add('into', childrenWithoutPart({ unit, children: left.flatMap((reshId) => draft.unit(reshId) ?? []) }));
}

/** Returns the index of the first occurrence of each value. */
function findFirstIndexes<Value>(values: readonly Value[]): Map<Value, number> {
  return new Map(values.map((value, index): [Value, number] => [value, index]).reverse());
}
