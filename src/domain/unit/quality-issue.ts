/** Kinds of quality issues, in the order in which the API lists them. */
export const qualityIssueKinds = [
  'NO_TREATMENT_SITE',
  'SITE_IS_ENTERPRISE_NUMBER',
  'RETIRED_CODE',
  'CLOSED_PARENT',
  'GAP_IN_VALIDITY',
  'DUPLICATE_NAME',
  'DUPLICATE_IDENTIFIER',
] as const;
export type QualityIssueKind = (typeof qualityIssueKinds)[number];

/** A likely error of a unit; at most one of each kind. */
export interface QualityIssue {
  readonly kind: QualityIssueKind;
  readonly reshId: number;
  readonly name: string;
  /** The values in question: numbers, codes, periods, names or identifiers */
  readonly values: readonly string[];
  /** RESH-ids of the other units in question, in ascending order; a long list is truncated */
  readonly otherReshIds: readonly number[];
}
