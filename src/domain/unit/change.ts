import type { Day } from '../time/day.ts';
import { compareByFirstDay } from '../time/period.ts';
import { unitChangeKinds, type UnitChangeKind } from './facts.ts';
import {
  changeKindByField,
  emptyFieldValues,
  findDifferentFields,
  listBoundaries,
  readFieldValues,
  toFieldChange,
  unitFields,
  type FieldChange,
  type FieldComparison,
  type UnitField,
} from './field-values.ts';
import { lookUpVersion } from './lookup.ts';
import type { DatedUnit } from './state.ts';
import type { Succession } from './succession.ts';

/** A field that a change altered. */
export interface DatedFieldChange extends FieldChange {
  /** First day on which the field differs; its values are those of the day */
  readonly day: Day;
}

/** How a change altered a unit. */
export interface UnitChange {
  readonly reshId: number;
  readonly kinds: readonly UnitChangeKind[];
  /** First day on which before and after differ, or on which the unit becomes other units */
  readonly effectiveOn: Day;
  /** Each field that differs on some day, with its values on the first such day */
  readonly fields: readonly DatedFieldChange[];
  /**
   * Day on which the unit is shown: `effectiveOn`, or the nearest day on which it is valid after the change, or before
   * the change if no days remain; null if it never had any day
   */
  readonly seenOn: Day | null;
}

const kindBySuccession = { MERGE: 'MERGED', SPLIT: 'SPLIT', REPLACEMENT: undefined } as const;

/** Successions from and to a unit that a change superseded, and those that it recorded. */
interface ChangedSuccessions {
  readonly before: readonly Succession[];
  readonly after: readonly Succession[];
}

/**
 * Returns how a change altered a unit.
 *
 * A new path alone is not a change of the unit, nor are rows that are split or joined with the same values. A unit that
 * became other units is MERGED or SPLIT, whether it closes or stays; one that other units became SUCCEEDED. A new
 * replacement or an ended succession makes it CHANGED.
 *
 * @param before rows of the unit before the change, over all days
 * @param after rows of the unit after the change, over all days
 * @param successions successions from and to the unit that the change superseded, and those that it recorded
 * @returns undefined if the unit itself did not change
 */
export function computeUnitChange(
  reshId: number,
  before: DatedUnit,
  after: DatedUnit,
  successions: ChangedSuccessions = { before: [], after: [] },
): UnitChange | undefined {
  // Nothing changes between two boundaries, so the first day represents all days up to the next boundary.
  const comparisons = listBoundaries(before, after).map((day) => compareOn(day, before, after));
  const firstDifferences = findFirstDifferences(comparisons);
  const addedSuccessions = subtractSuccessions(successions.after, successions.before);
  const days = [
    ...firstDifferences.map(({ first }) => first.day),
    ...[...addedSuccessions, ...subtractSuccessions(successions.before, successions.after)].map(
      ({ effectiveOn }) => effectiveOn,
    ),
  ].sort();
  const [effectiveOn] = days;
  if (effectiveOn === undefined) return undefined;
  const kinds = new Set<UnitChangeKind | undefined>([
    ...classifyChanges(comparisons),
    ...addedSuccessions.map(({ kind, toReshId }) => (toReshId === reshId ? 'SUCCEEDED' : kindBySuccession[kind])),
  ]);
  const shownVersions = (after.versions.length > 0 ? after.versions : before.versions).toSorted(compareByFirstDay);
  const sortedKinds = unitChangeKinds.filter((kind) => kinds.has(kind));
  return {
    reshId,
    kinds: sortedKinds.length > 0 ? sortedKinds : ['CHANGED'],
    effectiveOn,
    fields: firstDifferences.map(({ field, first }) => ({ ...toFieldChange(first, field), day: first.day })),
    seenOn: lookUpVersion(shownVersions, true, effectiveOn).found?.seenOn ?? null,
  };
}

// If the unit is not valid on a day on one side only, that side has no values then, even if its lists still have rows.
function compareOn(day: Day, before: DatedUnit, after: DatedUnit): FieldComparison {
  const [valuesBefore, valuesAfter] = [readFieldValues(before, day), readFieldValues(after, day)];
  if (valuesBefore.isValid === valuesAfter.isValid) return { day, before: valuesBefore, after: valuesAfter };
  return {
    day,
    before: valuesBefore.isValid ? valuesBefore : emptyFieldValues,
    after: valuesAfter.isValid ? valuesAfter : emptyFieldValues,
  };
}

function findFirstDifferences(comparisons: readonly FieldComparison[]) {
  const firstByField = new Map<UnitField, FieldComparison>();
  for (const comparison of comparisons)
    for (const field of findDifferentFields(comparison))
      if (!firstByField.has(field)) firstByField.set(field, comparison);
  return unitFields.flatMap((field) => {
    const first = firstByField.get(field);
    return first ? [{ field, first }] : [];
  });
}

/** Returns the successions of one side that the other side does not have with the same values. */
function subtractSuccessions(successions: readonly Succession[], others: readonly Succession[]): Succession[] {
  const otherKeys = new Set(others.map(successionKey));
  return successions.filter((succession) => !otherKeys.has(successionKey(succession)));
}

function successionKey({ fromReshId, toReshId, kind, extent, effectiveOn }: Succession): string {
  return [fromReshId, toReshId, kind, extent, effectiveOn].join();
}

/** Returns the kinds of the days gained and lost, and of the fields that differ on the other days. */
function classifyChanges(comparisons: readonly FieldComparison[]): UnitChangeKind[] {
  const wasEverValid = comparisons.some(({ before }) => before.isValid);
  const isEverValid = comparisons.some(({ after }) => after.isValid);
  const kinds = new Set<UnitChangeKind>();
  for (const comparison of comparisons) {
    if (comparison.before.isValid !== comparison.after.isValid) {
      if (comparison.after.isValid) kinds.add(wasEverValid ? 'REOPENED' : 'OPENED');
      else kinds.add(isEverValid ? 'CLOSED' : 'WITHDRAWN');
    } else for (const field of findDifferentFields(comparison)) kinds.add(changeKindByField[field]);
  }
  return unitChangeKinds.filter((kind) => kinds.has(kind));
}
