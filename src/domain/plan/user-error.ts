/** Codes of user errors, which a person can correct in the input, and of warnings, each with its meaning. */
export const userErrorCodes = {
  NOT_FOUND: 'The register has no such unit, code, node, person or revision',
  NOT_VALID_ON_DAY: 'The unit or node is not valid on the day on which the change takes effect',
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
  ALREADY_VALID: 'The unit is already valid on the day',
  BAD_PERIOD: 'A period ends before it begins',
  SITE_NOT_VALID: 'The treatment site is not valid on every day on which the unit would use it',
  RESERVED_SYSTEM: 'The register maintains identifiers of this system itself',
  TOO_MANY: 'A list has more items than one change allows',
  GIVEN_TWICE: 'A list has the same item twice',
  LAST_OPERATOR: 'The access of the last operator of the register cannot be revoked',
  NOT_UNDOABLE: 'The change cannot be undone: it changed too many units, or loaded code lists',
  NO_TREATMENT_SITE: 'Warning: a unit with service codes has no treatment site',
  SITE_IS_ENTERPRISE_NUMBER: 'Warning: the treatment site has the organization number of the enterprise',
  IDENTIFIER_STANDS_TWICE: 'Warning: another unit has the same identifier',
  NOTHING_CHANGES: 'Warning: the register already has all of the requested values',
} as const;

export type UserErrorCode = keyof typeof userErrorCodes;

/** An error or a warning without its place in the input; the message names the values and the remedy. */
export interface Problem {
  readonly code: UserErrorCode;
  readonly message: string;
}

/** An error that a person can correct, or a warning, with its place in the input. */
export interface UserError extends Problem {
  /** Path into the input; empty for the whole input */
  readonly field: readonly string[];
}
