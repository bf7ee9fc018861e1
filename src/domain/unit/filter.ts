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
}

/** Order of siblings. */
export interface UnitOrder {
  readonly field: 'NAME' | 'RESH_ID';
  readonly direction: 'ASC' | 'DESC';
}

/** Default order of children. */
export const defaultOrder: UnitOrder = { field: 'NAME', direction: 'ASC' };
