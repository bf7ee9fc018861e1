import type { Row } from '../time/timeline.ts';

/** What is said of a unit over a period; its path is derived from the parents. */
export interface VersionRow extends Row {
  readonly parentReshId: number | null;
  readonly type: 'ORGANIZATION' | 'DEPARTMENT';
  readonly name: string;
  readonly shortName: string | null;
  readonly designationCode: string | null;
  readonly designationText: string | null;
  readonly organizationNumber: string | null;
  readonly treatmentSiteNumber: string | null;
  readonly responsiblePerson: string | null;
  /** RESH-ids from the root to the unit itself */
  readonly path: readonly number[];
}

/** A code that a unit has over a period; attributes are codes as '8451:010'. */
export interface UnitCodeRow extends Row {
  readonly codeSet: number;
  readonly code: string;
  readonly attributes: readonly string[];
}

export interface IdentifierRow extends Row {
  readonly system: string;
  readonly value: string;
}

export interface NameRow extends Row {
  readonly language: string;
  readonly name: string;
}

export interface AddressRow extends Row {
  readonly type: 'VISITING' | 'POSTAL';
  readonly lines: readonly string[];
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly country: string | null;
}

export interface ContactPointRow extends Row {
  readonly type: 'TELEPHONE' | 'EMAIL' | 'WEB';
  readonly value: string;
}

/** All rows of a unit that are current knowledge, each list in the order of its days. */
export interface UnitState {
  readonly reshId: number;
  readonly versions: readonly VersionRow[];
  readonly codes: readonly UnitCodeRow[];
  readonly identifiers: readonly IdentifierRow[];
  readonly names: readonly NameRow[];
  readonly addresses: readonly AddressRow[];
  readonly contactPoints: readonly ContactPointRow[];
}

/** The lists of a unit beside its versions. */
export const detailLists = ['codes', 'identifiers', 'names', 'addresses', 'contactPoints'] as const;
export type DetailList = (typeof detailLists)[number];

export function createEmptyUnit(reshId: number): UnitState {
  return {
    reshId,
    versions: [],
    codes: [],
    identifiers: [],
    names: [],
    addresses: [],
    contactPoints: [],
  };
}
