import type { Period } from '../time/period.ts';
import type { Row } from '../time/timeline.ts';
import type { UnitFacts } from './facts.ts';

/** Values in the lists of a unit. Attributes of a code are codes such as `8451:010`. */
export interface UnitListValues {
  readonly codes: { readonly codeSet: number; readonly code: string; readonly attributes: readonly string[] };
  readonly identifiers: { readonly system: string; readonly value: string };
  readonly names: { readonly language: string; readonly name: string };
  readonly addresses: {
    readonly type: 'VISITING' | 'POSTAL';
    readonly lines: readonly string[];
    readonly postalCode: string | null;
    readonly city: string | null;
    readonly country: string | null;
  };
  readonly contactPoints: { readonly type: 'TELEPHONE' | 'EMAIL' | 'WEB'; readonly value: string };
}

/** The lists of a unit besides its versions. */
export const detailLists = ['codes', 'identifiers', 'names', 'addresses', 'contactPoints'] as const;
export type DetailList = (typeof detailLists)[number];

/** A version of a unit in a change, with its path: the RESH-ids from the root to the unit itself. */
export type VersionRow = Row & UnitFacts & { readonly path: readonly number[] };
export type UnitCodeRow = Row & UnitListValues['codes'];
export type IdentifierRow = Row & UnitListValues['identifiers'];
export type NameRow = Row & UnitListValues['names'];
export type AddressRow = Row & UnitListValues['addresses'];
export type ContactPointRow = Row & UnitListValues['contactPoints'];

/** All rows of a unit at the newest revision, each list in order of days. */
export interface UnitState {
  readonly reshId: number;
  readonly versions: readonly VersionRow[];
  readonly codes: readonly UnitCodeRow[];
  readonly identifiers: readonly IdentifierRow[];
  readonly names: readonly NameRow[];
  readonly addresses: readonly AddressRow[];
  readonly contactPoints: readonly ContactPointRow[];
}

/** A unit without rows. */
export const emptyDatedUnit = {
  versions: [],
  codes: [],
  identifiers: [],
  names: [],
  addresses: [],
  contactPoints: [],
} as const satisfies DatedUnit;

export function createEmptyUnit(reshId: number): UnitState {
  return { reshId, ...emptyDatedUnit };
}

export type DatedVersion = Period & UnitFacts;
export type DatedCode = Period & UnitListValues['codes'];
export type DatedAddress = Period & UnitListValues['addresses'];

/** All rows of a unit at a revision over all days, each list in any order. */
export interface DatedUnit {
  readonly versions: readonly DatedVersion[];
  readonly codes: readonly DatedCode[];
  readonly identifiers: readonly (Period & UnitListValues['identifiers'])[];
  readonly names: readonly (Period & UnitListValues['names'])[];
  readonly addresses: readonly DatedAddress[];
  readonly contactPoints: readonly (Period & UnitListValues['contactPoints'])[];
}
