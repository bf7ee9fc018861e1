import type { UnitType } from './unit-type.ts';
/** A code in its national set. */
export interface CodeKey {
  readonly codeSet: number;
  readonly code: string;
}

/** What units must be to be shown; what is absent asks for nothing, several values of one kind mean any of them. */
export interface UnitFilter {
  readonly types?: readonly UnitType[] | undefined;
  /** Codes of the designation, in code set 8624 */
  readonly designations?: readonly string[] | undefined;
  /** Codes of which the unit has one, or one below it in the code set */
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
