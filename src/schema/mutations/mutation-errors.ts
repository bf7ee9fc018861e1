import type { GraphQLSchema } from 'graphql';
import type { MutationName } from '../../domain/plan/change-input.ts';
import type { UserErrorCode, UserWarningCode } from '../../domain/plan/user-error.ts';

/** Codes of the user errors and warnings that a mutation can return. */
interface ErrorCodes {
  readonly errors: readonly UserErrorCode[];
  readonly warnings: readonly UserWarningCode[];
}

/** Codes of the user errors and warnings of each mutation, in order of the alphabet. */
export const mutationErrors: Readonly<Record<MutationName, ErrorCodes>> = {
  registerOrganization: {
    errors: [
      'BAD_CHECK_DIGIT',
      'CONFLICT',
      'CYCLE',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'GIVEN_TWICE',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'PARENT_CLOSED',
      'REQUIRED',
      'RETIRED_CODE',
      'SITE_NOT_VALID',
      'TEXT_INVALID',
      'TOO_MANY',
      'UNKNOWN_CODE',
      'WRONG_PARENT_TYPE',
    ],
    warnings: ['NOTHING_CHANGES', 'NO_TREATMENT_SITE', 'SITE_IS_ENTERPRISE_NUMBER'],
  },
  registerContractSpecialist: {
    errors: [
      'BAD_CHECK_DIGIT',
      'CONFLICT',
      'CYCLE',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'GIVEN_TWICE',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_ALLOWED',
      'NOT_FOUND',
      'PARENT_CLOSED',
      'REQUIRED',
      'RETIRED_CODE',
      'SITE_NOT_VALID',
      'TEXT_INVALID',
      'TOO_MANY',
      'UNKNOWN_CODE',
      'WRONG_PARENT_TYPE',
    ],
    warnings: ['NOTHING_CHANGES', 'NO_TREATMENT_SITE', 'SITE_IS_ENTERPRISE_NUMBER'],
  },
  registerTreatmentSite: {
    errors: [
      'BAD_CHECK_DIGIT',
      'BAD_PERIOD',
      'CONFLICT',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'TEXT_INVALID',
      'TOO_MANY',
    ],
    warnings: ['NOTHING_CHANGES', 'SITE_IS_ENTERPRISE_NUMBER'],
  },
  createDepartment: {
    errors: [
      'BAD_CHECK_DIGIT',
      'BAD_PERIOD',
      'CONFLICT',
      'CYCLE',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'GIVEN_TWICE',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'PARENT_CLOSED',
      'REQUIRED',
      'RETIRED_CODE',
      'SITE_NOT_VALID',
      'TEXT_INVALID',
      'TOO_MANY',
      'UNKNOWN_CODE',
      'WRONG_PARENT_TYPE',
    ],
    warnings: ['NOTHING_CHANGES', 'NO_TREATMENT_SITE', 'SITE_IS_ENTERPRISE_NUMBER'],
  },
  updateUnit: {
    errors: [
      'BAD_CHECK_DIGIT',
      'CONFLICT',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'GIVEN_TWICE',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'REQUIRED',
      'RETIRED_CODE',
      'TEXT_INVALID',
      'TOO_MANY',
      'UNKNOWN_CODE',
    ],
    warnings: ['NOTHING_CHANGES'],
  },
  moveUnit: {
    errors: [
      'CONFLICT',
      'CYCLE',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'PARENT_CLOSED',
      'REQUIRED',
      'TEXT_INVALID',
      'WRONG_PARENT_TYPE',
    ],
    warnings: ['NOTHING_CHANGES'],
  },
  closeUnit: {
    errors: [
      'BAD_PERIOD',
      'CONFLICT',
      'CYCLE',
      'HAS_OPEN_CHILDREN',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'TEXT_INVALID',
    ],
    warnings: ['NOTHING_CHANGES'],
  },
  reopenUnit: {
    errors: [
      'ALREADY_VALID',
      'BAD_CHECK_DIGIT',
      'CONFLICT',
      'CYCLE',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'PARENT_CLOSED',
      'RETIRED_CODE',
      'SITE_NOT_VALID',
      'TEXT_INVALID',
      'UNKNOWN_CODE',
      'WRONG_PARENT_TYPE',
    ],
    warnings: ['NOTHING_CHANGES'],
  },
  mergeUnits: {
    errors: [
      'BAD_CHECK_DIGIT',
      'BAD_PERIOD',
      'CONFLICT',
      'CYCLE',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'GIVEN_TWICE',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_ALLOWED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'PARENT_CLOSED',
      'REQUIRED',
      'RETIRED_CODE',
      'SITE_NOT_VALID',
      'TEXT_INVALID',
      'TOO_MANY',
      'UNKNOWN_CODE',
      'WRONG_PARENT_TYPE',
    ],
    warnings: ['NOTHING_CHANGES', 'NO_TREATMENT_SITE', 'SITE_IS_ENTERPRISE_NUMBER'],
  },
  splitUnit: {
    errors: [
      'BAD_CHECK_DIGIT',
      'BAD_PERIOD',
      'CONFLICT',
      'CYCLE',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'GIVEN_TWICE',
      'HAS_OPEN_CHILDREN',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_ALLOWED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'PARENT_CLOSED',
      'REQUIRED',
      'RETIRED_CODE',
      'SITE_NOT_VALID',
      'TEXT_INVALID',
      'TOO_MANY',
      'UNKNOWN_CODE',
      'WRONG_PARENT_TYPE',
    ],
    warnings: ['NOTHING_CHANGES', 'NO_TREATMENT_SITE', 'SITE_IS_ENTERPRISE_NUMBER'],
  },
  withdrawUnit: {
    errors: ['CONFLICT', 'HAS_OPEN_CHILDREN', 'HAS_SUCCESSIONS', 'IDEMPOTENCY_KEY_REUSED', 'NOT_FOUND', 'TEXT_INVALID'],
    warnings: ['NOTHING_CHANGES'],
  },
  reorganize: {
    errors: [
      'BAD_CHECK_DIGIT',
      'BAD_PERIOD',
      'CONFLICT',
      'CYCLE',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'GIVEN_TWICE',
      'HAS_OPEN_CHILDREN',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_ALLOWED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'PARENT_CLOSED',
      'REQUIRED',
      'RETIRED_CODE',
      'SITE_NOT_VALID',
      'TEXT_INVALID',
      'TOO_MANY',
      'UNKNOWN_CODE',
      'WRONG_PARENT_TYPE',
    ],
    warnings: ['NOTHING_CHANGES', 'NO_TREATMENT_SITE', 'SITE_IS_ENTERPRISE_NUMBER'],
  },
  setUnitCodes: {
    errors: [
      'CONFLICT',
      'GIVEN_TWICE',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'RETIRED_CODE',
      'TEXT_INVALID',
      'TOO_MANY',
      'UNKNOWN_CODE',
    ],
    warnings: ['NOTHING_CHANGES', 'NO_TREATMENT_SITE', 'SITE_IS_ENTERPRISE_NUMBER'],
  },
  connectTreatmentSite: {
    errors: [
      'BAD_CHECK_DIGIT',
      'CONFLICT',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'SITE_NOT_VALID',
      'TEXT_INVALID',
    ],
    warnings: ['NOTHING_CHANGES', 'NO_TREATMENT_SITE', 'SITE_IS_ENTERPRISE_NUMBER'],
  },
  disconnectTreatmentSite: {
    errors: ['CONFLICT', 'IDEMPOTENCY_KEY_REUSED', 'NOT_FOUND', 'NOT_VALID_ON_DAY', 'TEXT_INVALID'],
    warnings: ['NOTHING_CHANGES', 'NO_TREATMENT_SITE', 'SITE_IS_ENTERPRISE_NUMBER'],
  },
  setIdentifier: {
    errors: [
      'CONFLICT',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'REQUIRED',
      'RESERVED_SYSTEM',
      'TEXT_INVALID',
    ],
    warnings: ['IDENTIFIER_STANDS_TWICE', 'NOTHING_CHANGES'],
  },
  setMappingNode: {
    errors: [
      'CONFLICT',
      'CYCLE',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'PARENT_CLOSED',
      'REQUIRED',
      'TEXT_INVALID',
    ],
    warnings: ['NOTHING_CHANGES'],
  },
  removeMappingNode: {
    errors: [
      'CONFLICT',
      'HAS_OPEN_CHILDREN',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'TEXT_INVALID',
    ],
    warnings: ['NOTHING_CHANGES'],
  },
  grantAccess: {
    errors: [
      'BAD_PERIOD',
      'CONFLICT',
      'IDEMPOTENCY_KEY_REUSED',
      'NOT_ALLOWED',
      'NOT_FOUND',
      'NOT_VALID_ON_DAY',
      'REQUIRED',
      'TEXT_INVALID',
    ],
    warnings: ['NOTHING_CHANGES'],
  },
  revokeAccess: {
    errors: [
      'CONFLICT',
      'IDEMPOTENCY_KEY_REUSED',
      'LAST_OPERATOR',
      'NOT_ALLOWED',
      'NOT_FOUND',
      'REQUIRED',
      'TEXT_INVALID',
    ],
    warnings: ['NOTHING_CHANGES'],
  },
};

/** Adds the codes that a mutation can return to its description. */
export function describeErrorCodes(schema: GraphQLSchema): GraphQLSchema {
  const fields = schema.getMutationType()?.getFields() ?? {};
  for (const [name, { errors, warnings }] of Object.entries(mutationErrors)) {
    const field = fields[name];
    if (!field) throw new Error(`Mutation.${name} is not in the schema.`);
    field.description = `${field.description}\n\nUser errors: ${list(errors)}. Warnings: ${list(warnings)}.`;
  }
  return schema;
}

function list(codes: readonly string[]): string {
  return codes.map((code) => `\`${code}\``).join(', ');
}
