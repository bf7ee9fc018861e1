/** What a person can mend in a change, each with what it means; the sketch's codes first, then those that other rules need. */
export const userErrorCodes = {
  NOT_FOUND: 'What is named is not in the register',
  NOT_VALID_ON_DAY: 'The unit or node is not valid on the day the change is to take effect',
  CYCLE: 'A unit or node would come to stand beneath itself',
  HAS_OPEN_CHILDREN: 'The unit or node has children that would outlast it',
  HAS_SUCCESSIONS: 'The unit became another, or another became it',
  PARENT_CLOSED: 'The parent is not valid on every day on which the unit or node would stand beneath it',
  DUPLICATE_ORGANIZATION_NUMBER:
    'Another unit has the organization number on some of the days, or the site is registered already',
  BAD_CHECK_DIGIT: 'The last digit of an organization number is not its check digit',
  RETIRED_CODE: 'The code is retired, or not valid on the day: it is not given anew',
  UNKNOWN_CODE: 'The code is not in its set',
  CONFLICT: 'Somebody changed the unit since the revision that was expected',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used before, with another input',
  TEXT_INVALID: 'The text is empty, too long, or has characters that no text may have',
  REQUIRED: 'A value is missing that there must be',
  NOT_ALLOWED: 'A value is given that does not go with the rest of the input; leave it out',
  WRONG_PARENT_TYPE:
    'A unit of that type cannot stand there: an organization beneath a department, or a department as a root',
  ALREADY_VALID: 'The unit is valid on the day already',
  BAD_PERIOD: 'A period ends before it has begun',
  SITE_NOT_VALID: 'The treatment site is not valid on every day on which it would be used',
  RESERVED_SYSTEM: 'The identifier is one that the register itself keeps',
  TOO_MANY: 'More is given than one change may have',
  GIVEN_TWICE: 'The same thing is given twice in one list',
  LAST_OPERATOR: 'The last operator of the register cannot be revoked',
  NO_TREATMENT_SITE: 'A unit with service codes has no treatment site (warning)',
  SITE_IS_ENTERPRISE_NUMBER: "The treatment site is the enterprise's own number (warning)",
  IDENTIFIER_STANDS_TWICE: 'Another unit has the same identifier (warning)',
  NOTHING_CHANGES: 'What is asked for is so already (warning)',
} as const;

export type UserErrorCode = keyof typeof userErrorCodes;

/** Something that a person can mend, or with a warning's code should know. */
export interface UserError {
  readonly code: UserErrorCode;
  /** What is wrong, with the values, and what to do */
  readonly message: string;
  /** Path into the input; empty where the whole is meant */
  readonly field: readonly string[];
}

export function userError(code: UserErrorCode, field: readonly string[] | string, message: string): UserError {
  return {
    code,
    message,
    field: typeof field === 'string' ? [field] : field,
  };
}
