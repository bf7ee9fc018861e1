import { z } from 'zod';
import { roleDoesNotFitUnit } from '../../domain/plan/messages/access.ts';
import {
  organizationNumberOfTwoUnits,
  referencedCodeNotFound,
  referencedSiteNotFound,
  siteNumberTaken,
  storedNumberHasBadCheckDigit,
} from '../../domain/plan/messages/references.ts';
import { unitSucceedsItself } from '../../domain/plan/messages/reorganizations.ts';
import { unitNameBlank } from '../../domain/plan/messages/texts.ts';
import {
  departmentWithoutParent,
  periodWithoutDay,
  treeTooDeep,
  unitNotFound,
} from '../../domain/plan/messages/units.ts';
import type { Problem, UserError } from '../../domain/plan/user-error.ts';

/** A constraint of the database rejected a row. */
export class ConstraintViolationError extends Error {
  override readonly name = 'ConstraintViolationError';

  constructor(
    readonly constraint: string,
    message: string,
    /** The user error; null if only a bug can violate the constraint */
    readonly userError: UserError | null,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/** Meaning of a violated constraint: a user error, or a bug and its description. */
export type ConstraintMeaning = { readonly userError: (key: KeyValues) => Problem } | { readonly bug: string };

/** First two values of the violated key, as text; empty if the key has fewer. */
type KeyValues = readonly [string, string];

/**
 * Returns the domain error for a violated constraint, by the name of the constraint, and any other error unchanged.
 * Plans check the same rules before they write, so a constraint is violated only if a plan has missed something.
 */
export function toDomainError(error: unknown): unknown {
  if (tooDeepSchema.safeParse(error).success) {
    const problem = treeTooDeep();
    return new ConstraintViolationError(PATH_INDEX, problem.message, { ...problem, field: [] }, error);
  }
  const { data: violation } = violationSchema.safeParse(error);
  if (!violation) return error;
  const { constraint } = violation;
  const meaning = constraintMeanings.get(constraint);
  if (meaning && 'userError' in meaning) {
    const problem = meaning.userError(readKeyValues(violation.detail ?? ''));
    return new ConstraintViolationError(constraint, problem.message, { ...problem, field: [] }, error);
  }
  const explanation = meaning?.bug ?? 'the constraint is missing from constraint-errors.ts';
  const message =
    `Constraint ${constraint} rejected a row (${explanation}): ${violation.message}. ` +
    'This is a bug; nothing was written.';
  return new ConstraintViolationError(constraint, message, null, error);
}

// Class 23 of the SQLSTATE codes: integrity constraint violations.
const violationSchema = z.object({
  code: z.string().startsWith('23'),
  constraint: z.string(),
  detail: z.string().nullish(),
  message: z.string(),
});

// An entry of the index of paths has a limited size (54000: program limit exceeded).
const PATH_INDEX = 'unit_version_path_idx';
const tooDeepSchema = z.object({
  code: z.literal('54000'),
  message: z.string().includes(PATH_INDEX),
});

// The detail reads `Key (columns)=(values) conflicts with ...` or similar, in the language of the server.
function readKeyValues(detail: string): KeyValues {
  const [first = '', second = ''] = /\)=\((.*?)\)(?: |$)/.exec(detail)?.[1]?.split(', ') ?? [];
  return [first, second];
}

const groups: readonly (readonly [ConstraintMeaning, readonly string[]])[] = [
  [
    { userError: ([number]) => organizationNumberOfTwoUnits({ organizationNumber: number }) },
    ['unit_version_organization_number_no_overlap'],
  ],
  [{ userError: ([number]) => siteNumberTaken({ organizationNumber: number }) }, ['treatment_site_pkey']],
  [
    { userError: () => storedNumberHasBadCheckDigit() },
    ['unit_version_organization_number_check', 'treatment_site_number_check'],
  ],
  [{ userError: () => unitNameBlank() }, ['unit_version_name_check']],
  [{ userError: () => departmentWithoutParent() }, ['unit_version_department_parent_check']],
  [{ userError: () => unitSucceedsItself() }, ['succession_itself_check']],
  [{ userError: () => roleDoesNotFitUnit() }, ['access_grant_unit_check']],
  [
    { userError: () => periodWithoutDay() },
    [
      'unit_version_period_check',
      'unit_code_period_check',
      'unit_identifier_period_check',
      'unit_name_period_check',
      'unit_address_period_check',
      'unit_contact_point_period_check',
      'mapping_node_period_check',
      'treatment_site_version_period_check',
      'code_version_period_check',
      'administrator_period_check',
      'access_grant_period_check',
    ],
  ],
  [
    { userError: ([codeSet, code]) => referencedCodeNotFound({ code: { codeSet: Number(codeSet), code } }) },
    ['unit_version_designation_fkey', 'unit_code_code_fkey'],
  ],
  [
    { userError: ([reshId]) => unitNotFound({ reshId: Number(reshId) }) },
    [
      'unit_version_parent_fkey',
      'succession_from_fkey',
      'succession_to_fkey',
      'mapping_node_unit_fkey',
      'treatment_site_version_legal_entity_fkey',
      'access_grant_unit_fkey',
    ],
  ],
  [
    { userError: ([number]) => referencedSiteNotFound({ organizationNumber: number }) },
    ['unit_version_treatment_site_fkey'],
  ],
  [
    { bug: 'a fact has two values on the same day' },
    [
      'unit_version_no_overlap',
      'unit_code_no_overlap',
      'unit_identifier_no_overlap',
      'unit_name_no_overlap',
      'unit_address_no_overlap',
      'unit_contact_point_no_overlap',
      'mapping_node_no_overlap',
      'treatment_site_version_no_overlap',
      'code_version_no_overlap',
      'administrator_no_overlap',
      'access_grant_no_overlap',
    ],
  ],
  [
    { bug: 'a row is superseded by the revision that recorded it, or by an earlier one' },
    [
      'unit_version_revisions_check',
      'unit_code_revisions_check',
      'unit_identifier_revisions_check',
      'unit_name_revisions_check',
      'unit_address_revisions_check',
      'unit_contact_point_revisions_check',
      'mapping_node_revisions_check',
      'treatment_site_version_revisions_check',
      'code_version_revisions_check',
      'administrator_revisions_check',
      'access_grant_revisions_check',
      'succession_revisions_check',
    ],
  ],
  [
    { bug: 'a row refers to a revision without a ledger entry' },
    [
      'unit_registered_fkey',
      'unit_version_recorded_fkey',
      'unit_version_superseded_fkey',
      'unit_code_recorded_fkey',
      'unit_code_superseded_fkey',
      'unit_identifier_recorded_fkey',
      'unit_identifier_superseded_fkey',
      'unit_name_recorded_fkey',
      'unit_name_superseded_fkey',
      'unit_address_recorded_fkey',
      'unit_address_superseded_fkey',
      'unit_contact_point_recorded_fkey',
      'unit_contact_point_superseded_fkey',
      'succession_recorded_fkey',
      'succession_superseded_fkey',
      'mapping_node_recorded_fkey',
      'mapping_node_superseded_fkey',
      'treatment_site_registered_fkey',
      'treatment_site_version_recorded_fkey',
      'treatment_site_version_superseded_fkey',
      'code_set_registered_fkey',
      'code_registered_fkey',
      'code_version_recorded_fkey',
      'code_version_superseded_fkey',
      'administrator_recorded_fkey',
      'administrator_superseded_fkey',
      'access_grant_recorded_fkey',
      'access_grant_superseded_fkey',
      'idempotency_key_revision_fkey',
    ],
  ],
  [
    { bug: 'a recorded row is changed or deleted instead of superseded' },
    [
      'change_append_only',
      'unit_append_only',
      'treatment_site_append_only',
      'code_set_append_only',
      'code_append_only',
      'unit_version_append_only',
      'unit_code_append_only',
      'unit_identifier_append_only',
      'unit_name_append_only',
      'unit_address_append_only',
      'unit_contact_point_append_only',
      'succession_append_only',
      'mapping_node_append_only',
      'treatment_site_version_append_only',
      'code_version_append_only',
      'administrator_append_only',
      'access_grant_append_only',
    ],
  ],
  [
    { bug: 'a key is used twice' },
    [
      'change_pkey',
      'unit_pkey',
      'unit_version_pkey',
      'unit_code_pkey',
      'unit_identifier_pkey',
      'unit_name_pkey',
      'unit_address_pkey',
      'unit_contact_point_pkey',
      'succession_pkey',
      'mapping_node_pkey',
      'treatment_site_version_pkey',
      'code_set_pkey',
      'code_pkey',
      'code_version_pkey',
      'administrator_pkey',
      'access_grant_pkey',
      'idempotency_key_pkey',
    ],
  ],
  [
    { bug: 'a fact is recorded before the unit, site, code or code set it belongs to' },
    [
      'unit_version_unit_fkey',
      'unit_code_unit_fkey',
      'unit_identifier_unit_fkey',
      'unit_name_unit_fkey',
      'unit_address_unit_fkey',
      'unit_contact_point_unit_fkey',
      'treatment_site_version_site_fkey',
      'code_code_set_fkey',
      'code_version_code_fkey',
    ],
  ],
  [
    { bug: 'a path does not end in the unit and its parent, or a column has a value that the code never writes' },
    ['unit_version_designation_set_check', 'unit_version_path_check', 'unit_version_resh_id_check'],
  ],
];

/** Meanings of the named constraints of the database, by name. */
export const constraintMeanings: ReadonlyMap<string, ConstraintMeaning> = new Map(
  groups.flatMap(([meaning, constraints]) => constraints.map((constraint) => [constraint, meaning] as const)),
);
