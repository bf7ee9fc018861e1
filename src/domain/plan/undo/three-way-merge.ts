import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';

/** The facts of a record on a day, as comparable text by field; undefined if there is no such record on the day. */
export type DayFacts = ReadonlyMap<string, string> | undefined;

/** A record of the register, such as a unit, over all days and revisions. */
export interface RecordHistory {
  readonly readFacts: (revision: number, day: Day) => DayFacts;
  /** Days on which a fact may change, in order; before the first one, the record does not exist */
  readonly boundaries: readonly Day[];
  /** Revisions that changed the record, in order */
  readonly revisions: readonly number[];
}

/** The revision to take back, the newest one, and the first day on which the change is taken back. */
export interface UndoRange {
  readonly revision: number;
  readonly newest: number;
  readonly from: Day;
}

/** Days on which facts of a record become what they were before the change. */
export interface Restoration {
  readonly period: Period;
  /** Fields that get their former values; undefined for the whole record, also whether it exists */
  readonly fields: readonly string[] | undefined;
}

/** A field that later revisions have changed after the change; `EXISTENCE` stands for the record as a whole. */
export interface FieldConflict {
  readonly field: string;
  /** First day of the conflict */
  readonly day: Day;
  readonly revisions: readonly number[];
}

/** What undoes a change of a record, and the fields in which later changes conflict with that. */
export interface ThreeWayMerge {
  readonly restorations: readonly Restoration[];
  readonly conflicts: readonly FieldConflict[];
}

/** The field of a record that exists on some days. */
export const EXISTENCE = 'validity';

/**
 * Merges what is known now with what was known before and after a change, on every day from a day on.
 *
 * A fact that the change did not alter stays. A fact that it altered gets its former value if it still has the one that
 * the change gave it. If it has another one, a later change builds on the change, which is a conflict. On days that the
 * change gave to the record or took from it, all facts together are one. A fact of days that a later change took from
 * the record stays with them.
 *
 * Restorations include fields in conflict, as if the later changes had been taken back first; with a conflict, they
 * serve to find what else stands in the way.
 */
export function mergeThreeWay(history: RecordHistory, { revision, newest, from }: UndoRange): ThreeWayMerge {
  const days = [...new Set([from, ...history.boundaries.filter((boundary) => boundary > from)])];
  const restorations: Restoration[] = [];
  const conflicts = new Map<string, FieldConflict>();
  days.forEach((day, index) => {
    const [before, after, now] = [revision - 1, revision, newest].map((at) => history.readFacts(at, day));
    const { restored, conflicting } = mergeDay(before, after, now);
    if (restored !== 'NOTHING')
      restorations.push({ period: { from: day, to: days[index + 1] ?? null }, fields: restored });
    for (const field of conflicting) {
      const known = conflicts.get(field);
      const revisions = new Set([...(known?.revisions ?? []), ...findLaterRevisions(history, revision, field, day)]);
      conflicts.set(field, { field, day: known?.day ?? day, revisions: [...revisions].sort((a, b) => a - b) });
    }
  });
  return { restorations, conflicts: [...conflicts.values()] };
}

/** The fields to restore on a day, undefined for all, and those that have another value by now. */
interface MergedDay {
  readonly restored: readonly string[] | undefined | 'NOTHING';
  readonly conflicting: readonly string[];
}

function mergeDay(before: DayFacts, after: DayFacts, now: DayFacts): MergedDay {
  const changedFields = findDifferentFields(before, after);
  const isOpposite = !before || !after;
  if (changedFields.length === 0 || (isOpposite && findDifferentFields(before, now).length === 0))
    return { restored: 'NOTHING', conflicting: [] };
  if (isOpposite) return { restored: undefined, conflicting: findDifferentFields(after, now) };
  if (!now) return { restored: 'NOTHING', conflicting: [] };
  const restored = changedFields.filter((field) => now.get(field) !== before.get(field));
  const conflicting = restored.filter((field) => now.get(field) !== after.get(field));
  return { restored: restored.length > 0 ? restored : 'NOTHING', conflicting };
}

/** Returns the fields with other values; `EXISTENCE` if only one of the two records exists. */
function findDifferentFields(one: DayFacts, other: DayFacts): string[] {
  if (!one || !other) return one === other ? [] : [EXISTENCE];
  return [...new Set([...one.keys(), ...other.keys()])].filter((field) => one.get(field) !== other.get(field));
}

/** Returns the revisions after a given one that changed a field on a day. */
export function findLaterRevisions(history: RecordHistory, revision: number, field: string, day: Day): number[] {
  let last = readField(history, revision, field, day);
  return history.revisions.filter((later) => {
    if (later <= revision) return false;
    const value = readField(history, later, field, day);
    const isChanged = value !== last;
    last = value;
    return isChanged;
  });
}

function readField({ readFacts }: RecordHistory, revision: number, field: string, day: Day): string | undefined {
  const facts = readFacts(revision, day);
  return field === EXISTENCE ? facts && EXISTENCE : facts?.get(field);
}
