import type { Message } from './messages/message.ts';

/** Codes of user errors, which a person can correct in the input, each with its meaning. */
export const userErrorCodes = {
  NOT_FOUND: 'The register has no such unit, code, treatment site, node, person or revision',
  NOT_VALID_ON_DAY: 'The unit, treatment site or node is not valid on the day on which the change takes effect',
  CYCLE: 'A unit or node would be placed under itself',
  HAS_OPEN_CHILDREN: 'The unit or node has children that remain valid after it ends',
  HAS_SUCCESSIONS: 'The unit has successors or predecessors',
  PARENT_CLOSED: 'The parent is not valid on every day on which the unit or node would be under it',
  DUPLICATE_ORGANIZATION_NUMBER:
    'Another unit has the organization number on some of the days, or the treatment site is registered already',
  BAD_CHECK_DIGIT: 'The check digit of an organization number is wrong',
  RETIRED_CODE: 'The code is retired or not valid on the day, so it cannot be assigned',
  UNKNOWN_CODE: 'The code set has no such code',
  CONFLICT: 'The unit was changed after the expected revision, or after the change to undo',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used before with another input',
  TEXT_INVALID: 'The text is empty, too long, or has characters that are not allowed',
  REQUIRED: 'Required value missing',
  NOT_ALLOWED: 'Value not allowed together with the rest of the input; omit it',
  WRONG_PARENT_TYPE:
    'Parent not possible for the kind of unit: an organization under a department, or a department without a parent',
  ALREADY_VALID: 'The unit or treatment site is already valid on the day',
  BAD_PERIOD: 'A period ends before it begins',
  SITE_NOT_VALID: 'The treatment site is not valid on every day on which the unit would use it',
  SITE_IN_USE: 'Units use the treatment site on the day on which it would close, or later',
  RESERVED_SYSTEM: 'The register maintains identifiers of this system itself',
  TOO_MANY: 'A list has more items than one change allows',
  DUPLICATE_VALUE: 'A list has the same item twice',
  LAST_OPERATOR: 'The access of the last operator of the register cannot be revoked',
  NOT_UNDOABLE: 'The change cannot be undone: it changed too many units, or loaded code lists',
} as const;

export type UserErrorCode = keyof typeof userErrorCodes;

/** Codes of warnings, which do not keep a change from being made, each with its meaning. */
export const userWarningCodes = {
  NO_TREATMENT_SITE: 'A unit with service codes has no treatment site',
  SITE_IS_ENTERPRISE_NUMBER: 'The treatment site has the organization number of the enterprise',
  DUPLICATE_IDENTIFIER: 'Another unit has the same identifier',
  NO_CHANGES: 'The register already has all of the requested values',
  DAY_FAR_AHEAD: 'The change takes effect more than ten years ahead',
} as const;

export type UserWarningCode = keyof typeof userWarningCodes;

/** Codes of notes in the impact of a change, each with its meaning. */
export const impactNoteCodes = {
  TREATMENT_SITE_LEFT: 'A unit leaves its treatment site',
  CODES_END: 'Codes of a unit end',
  CODE_NOT_RESTORED: 'A reopened unit does not get a code back, because the code cannot be assigned any more',
  ACCESS_NOT_RESTORED: 'Access that the undone change ended stays ended',
  ACCESS_ENDS: 'Access to a unit ends on the day the unit closes',
  SUCCESSION_DROPPED: 'A unit no longer becomes another one',
  PLANNED_CLOSING_REPLACED: 'A unit closes on another day than planned',
  PLANNED_CLOSING_DROPPED: 'The planned closing of a unit is dropped',
  PLANNED_REOPENING_DROPPED: 'The planned reopening of a unit is dropped',
  PLANNED_CHANGE_DROPPED: 'A planned change of a unit or a treatment site is dropped',
  MAPPING_NODE_BEGINS: 'A node of another system begins',
  MAPPING_NODE_ENDS: 'A node of another system ends',
  MAPPING_NODE_RESTORED: 'A node of another system is what it was before the undone change',
  TREATMENT_SITE_CHANGES: 'Facts of a treatment site change; the note has the number of units connected to it',
  TREATMENT_SITE_ENDS: 'A treatment site ends',
  TREATMENT_SITE_BEGINS: 'A treatment site is valid again',
  TREATMENT_SITE_RESTORED: 'A treatment site is what it was before the undone change',
  TREATMENT_SITE_KEPT: 'A treatment site that the undone change registered stays registered, because units use it',
} as const;

export type ImpactNoteCode = keyof typeof impactNoteCodes;

/** An error without its field in the input; the message names the values and the remedy. */
export interface Problem extends Message {
  readonly code: UserErrorCode;
}

/** A warning without its field in the input. */
export interface Warning extends Message {
  readonly code: UserWarningCode;
}

/** An effect of a change that the input did not request. */
export interface Note extends Message {
  readonly code: ImpactNoteCode;
}

/** An error that a person can correct, with its field in the input. */
export interface UserError extends Problem {
  /** Path into the input; empty for the whole input */
  readonly field: readonly string[];
}

/** A warning with its field in the input. */
export interface UserWarning extends Warning {
  /** Path into the input; empty for the whole input */
  readonly field: readonly string[];
}
