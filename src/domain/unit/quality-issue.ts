import { unitLabel } from './unit-label.ts';

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

/** Returns the message of an issue, with the values and the remedy. */
export function formatQualityIssue({ kind, reshId, name, values, otherReshIds }: QualityIssue): string {
  const label = unitLabel({ reshId, name });
  const unit = `Unit ${label}`;
  const valueList = values.join(', ');
  const others = otherReshIds.join(', ');
  switch (kind) {
    case 'NO_TREATMENT_SITE':
      return (
        `${unit} has service codes (${valueList}) but no treatment site of its own. ` +
        'Connect it to the establishment where it treats patients.'
      );
    case 'SITE_IS_ENTERPRISE_NUMBER':
      return (
        `Treatment site ${valueList} of unit ${label} is the organization number of ` +
        `unit ${others}. Connect the unit to the establishment where it treats patients.`
      );
    case 'RETIRED_CODE':
      return (
        `${unit} has codes that are retired or no longer valid: ${valueList}. ` +
        'Assign the codes that replace them, and end these.'
      );
    case 'CLOSED_PARENT':
      return `${unit} is under ${valueList}, which is not valid. Move it to a valid unit, or close it.`;
    case 'GAP_IN_VALIDITY':
      return (
        `${unit} has gaps in its validity: ${valueList}. ` +
        'If it existed all the time, reopen it from the day on which it closed.'
      );
    case 'DUPLICATE_NAME':
      return (
        `${unit} has the same name as ${others} under the same parent. ` +
        'Give each its own name, or merge them if they are the same unit.'
      );
    case 'DUPLICATE_IDENTIFIER':
      return (
        `${unit} shares identifiers with ${others}: ${valueList}. ` +
        'Keep each identifier on the unit that it was issued to, and end it on the others.'
      );
  }
}
