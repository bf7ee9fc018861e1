import type { UnitType } from './unit-type.ts';

/** Single values that describe a unit over a period. The path is not among them: it is derived from the parents. */
export interface UnitFacts {
  readonly parentReshId: number | null;
  readonly type: UnitType;
  readonly name: string;
  readonly shortName: string | null;
  readonly designationCode: string | null;
  readonly designationText: string | null;
  readonly organizationNumber: string | null;
  readonly treatmentSiteNumber: string | null;
  readonly responsiblePerson: string | null;
}
export type FactName = keyof UnitFacts;

/** Facts of a new unit before any of them is set. */
export const emptyFacts: UnitFacts = {
  parentReshId: null,
  type: 'DEPARTMENT',
  name: '',
  shortName: null,
  designationCode: null,
  designationText: null,
  organizationNumber: null,
  treatmentSiteNumber: null,
  responsiblePerson: null,
};

export const factNames = Object.keys(emptyFacts) as readonly FactName[];

/** Facts that clients set and clear as one line of text. */
export const lineFacts = ['shortName', 'designationCode', 'responsiblePerson'] as const satisfies readonly FactName[];
export type LineFact = (typeof lineFacts)[number];

/** Kinds of changes of a unit, in the order in which the API lists them. */
export const unitChangeKinds = [
  'OPENED',
  'CLOSED',
  'REOPENED',
  'WITHDRAWN',
  'RENAMED',
  'MOVED',
  'RECODED',
  'SITE_CHANGED',
  'MERGED',
  'SPLIT',
  'SUCCEEDED',
  'ENTERED',
  'LEFT',
  'CHANGED',
] as const;
export type UnitChangeKind = (typeof unitChangeKinds)[number];

/** Kinds of differences of a unit between two points in time, in the order in which the API lists them. */
export type DifferenceKind = Exclude<UnitChangeKind, 'SUCCEEDED'>;
export const differenceKinds = unitChangeKinds.filter((kind): kind is DifferenceKind => kind !== 'SUCCEEDED');

/** The name of each fact in the API, and the kind of change that a new value is; in the order of `FieldChange`s. */
export const factFields = {
  name: { field: 'name', kind: 'RENAMED' },
  shortName: { field: 'shortName', kind: 'RENAMED' },
  parentReshId: { field: 'parent', kind: 'MOVED' },
  type: { field: 'type', kind: 'CHANGED' },
  designationCode: { field: 'designation', kind: 'CHANGED' },
  designationText: { field: 'designationText', kind: 'CHANGED' },
  organizationNumber: { field: 'organizationNumber', kind: 'CHANGED' },
  treatmentSiteNumber: { field: 'treatmentSite', kind: 'SITE_CHANGED' },
  responsiblePerson: { field: 'responsiblePerson', kind: 'CHANGED' },
} as const satisfies Record<FactName, { readonly field: string; readonly kind: UnitChangeKind }>;
export type FactField = (typeof factFields)[FactName]['field'];

/** Returns the facts of a row without its other columns. */
export function selectFacts(row: UnitFacts): UnitFacts {
  return Object.fromEntries(factNames.map((name) => [name, row[name]])) as unknown as UnitFacts;
}
