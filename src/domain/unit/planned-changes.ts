import { dayBefore, type Day } from '../time/day.ts';
import {
  findDifferentFields,
  listBoundaries,
  readFieldValues,
  toFieldChange,
  type FieldChange,
} from './field-values.ts';
import type { DatedUnit } from './state.ts';

/** A planned change of a unit on a later day. */
export interface PlannedChange {
  readonly day: Day;
  readonly isValidBefore: boolean;
  readonly isValid: boolean;
  readonly fields: readonly FieldChange[];
}

/** Returns the planned changes of a unit after a day, including closings and reopenings, in order of days. */
export function findPlannedChanges(unit: DatedUnit, after: Day): PlannedChange[] {
  return listBoundaries(unit)
    .filter((boundary) => boundary > after)
    .map((day) => ({ day, before: readFieldValues(unit, dayBefore(day)), after: readFieldValues(unit, day) }))
    .map((comparison) => ({
      day: comparison.day,
      isValidBefore: comparison.before.isValid,
      isValid: comparison.after.isValid,
      fields: findDifferentFields(comparison).map((field) => toFieldChange(comparison, field)),
    }))
    .filter(({ fields }) => fields.length > 0);
}
