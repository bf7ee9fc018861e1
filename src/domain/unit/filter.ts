/** A code in its national set. */
export interface CodeKey {
  readonly codeSet: number;
  readonly code: string;
}

/** What units must be to be shown; what is absent asks for nothing, several values of one kind mean any of them. */
export interface UnitFilter {
  readonly types?: readonly ('ORGANIZATION' | 'DEPARTMENT')[] | undefined;
  /** Codes of the designation, in code set 8624 */
  readonly designations?: readonly string[] | undefined;
  /** Codes the unit has, or of which it has one beneath */
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

/** Children as they stand when no order is asked for. */
export const defaultOrder: UnitOrder = { field: 'NAME', direction: 'ASC' };
