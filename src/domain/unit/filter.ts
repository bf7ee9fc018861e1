import type { Day } from '../time/day.ts';
import type { UnitType } from './unit-type.ts';

/** A code with its national code set. */
export interface CodeKey {
  readonly codeSet: number;
  readonly code: string;
}

/** Conditions on units; absent conditions do not apply, and several values of a condition mean any of them. */
export interface UnitFilter {
  readonly types?: readonly UnitType[] | undefined;
  /** Codes of the designation, in code set 8624 */
  readonly designations?: readonly string[] | undefined;
  /** The unit has one of the codes, or a code under one of them in the code set */
  readonly codes?: readonly CodeKey[] | undefined;
  /** Numbers of treatment sites */
  readonly treatmentSites?: readonly string[] | undefined;
  readonly hasTreatmentSite?: boolean | undefined;
  /** Part of the name, letter case and accents aside */
  readonly name?: string | undefined;
  /** RESH-ids of roots of the tree */
  readonly regions?: readonly number[] | undefined;
  /** Least and greatest number of levels under the root */
  readonly minDepth?: number | undefined;
  readonly maxDepth?: number | undefined;
  /** First day of the unbroken period in which the unit is valid */
  readonly openedBetween?: DayRange | undefined;
  /** First day after the unbroken period in which the unit is valid */
  readonly closedBetween?: DayRange | undefined;
  /** Filter that the unit must not meet */
  readonly not?: UnitFilter | undefined;
  /** Filters that the unit must all meet */
  readonly and?: readonly UnitFilter[] | undefined;
  /** Filters that the unit must meet at least one of */
  readonly or?: readonly UnitFilter[] | undefined;
}

/** Days from one up to another, both included; an absent day sets no bound. */
export interface DayRange {
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
}

/** Returns a filter and all filters in it, each before those in it. */
export function listFilters(filter: UnitFilter): UnitFilter[] {
  const inner = [...(filter.not ? [filter.not] : []), ...(filter.and ?? []), ...(filter.or ?? [])];
  return [filter, ...inner.flatMap(listFilters)];
}

/** Order of siblings. */
export interface UnitOrder {
  readonly field: 'NAME' | 'RESH_ID';
  readonly direction: 'ASC' | 'DESC';
}

/** Default order of children. */
export const defaultOrder: UnitOrder = { field: 'NAME', direction: 'ASC' };
