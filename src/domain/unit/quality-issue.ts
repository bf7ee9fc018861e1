/** Kinds of quality issues, in the order in which clients get them. */
export const qualityIssueKinds = [
  'CLINICAL_WITHOUT_SITE',
  'SITE_IS_ENTERPRISE_NUMBER',
  'RETIRED_CODE',
  'CLOSED_PARENT',
  'GAP_IN_VALIDITY',
  'EQUAL_NAMES',
  'IDENTIFIER_TWICE',
] as const;
export type QualityIssueKind = (typeof qualityIssueKinds)[number];

/** A likely error of a unit; at most one of each kind. */
export interface QualityIssue {
  readonly kind: QualityIssueKind;
  readonly reshId: number;
  readonly name: string;
  /** The values it is about: numbers, codes, periods, names, identifiers */
  readonly values: readonly string[];
  /** RESH-ids of the other units it is about, by RESH-id, a long list cut short */
  readonly otherReshIds: readonly number[];
}

/** Puts an issue into words: the values, and the remedy. */
export function formatQualityIssue({ kind, reshId, name, values, otherReshIds }: QualityIssue): string {
  const unit = `Unit ${reshId} «${name}»`;
  const valueList = values.join(', ');
  const others = otherReshIds.join(', ');
  switch (kind) {
    case 'CLINICAL_WITHOUT_SITE':
      return (
        `${unit} has service codes (${valueList}) but no treatment site of its own. ` +
        'Connect it to the establishment where patients meet.'
      );
    case 'SITE_IS_ENTERPRISE_NUMBER':
      return (
        `Treatment site ${valueList} of unit ${reshId} «${name}» is the organization number of ` +
        `unit ${others} itself. Connect the unit to the establishment where patients meet.`
      );
    case 'RETIRED_CODE':
      return (
        `${unit} has codes that are retired or no longer valid: ${valueList}. ` +
        'Give it those that replace them, and end these.'
      );
    case 'CLOSED_PARENT':
      return `${unit} stands under ${valueList}, which is not valid. Move it to a unit that is, or close it.`;
    case 'GAP_IN_VALIDITY':
      return (
        `${unit} is not valid in between: ${valueList}. ` +
        'Reopen it from the day it closed, if it was there all the time.'
      );
    case 'EQUAL_NAMES':
      return (
        `${unit} has the same name as ${others} under the same parent. ` +
        'Give each a name of its own, or merge them if they are one.'
      );
    case 'IDENTIFIER_TWICE':
      return (
        `${unit} shares identifiers with ${others}: ${valueList}. ` +
        'Let it stand on the unit it was given to, and end it on the others.'
      );
  }
}
