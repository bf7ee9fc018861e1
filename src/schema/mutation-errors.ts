import type { GraphQLSchema } from 'graphql';
import type { MutationName } from '../domain/plan/change-input.ts';
import type { UserErrorCode, UserWarningCode } from '../domain/plan/user-error.ts';

/** Codes of the user errors and warnings that a mutation can return. */
interface ErrorCodes {
  readonly errors: readonly UserErrorCode[];
  readonly warnings: readonly UserWarningCode[];
}

const everyChange: ErrorCodes = {
  errors: ['CONFLICT', 'IDEMPOTENCY_KEY_REUSED', 'NOT_FOUND', 'TEXT_INVALID'],
  warnings: ['DAY_FAR_AHEAD', 'NO_CHANGES'],
};
const newUnit: readonly UserErrorCode[] = [
  'BAD_CHECK_DIGIT',
  'CYCLE',
  'DUPLICATE_ORGANIZATION_NUMBER',
  'DUPLICATE_VALUE',
  'PARENT_CLOSED',
  'REQUIRED',
  'RETIRED_CODE',
  'SITE_NOT_VALID',
  'TOO_MANY',
  'UNKNOWN_CODE',
  'WRONG_PARENT_TYPE',
];
const site: readonly UserWarningCode[] = ['NO_TREATMENT_SITE', 'SITE_IS_ENTERPRISE_NUMBER'];

/** Codes that each mutation can return beside those of every change. */
const additionalCodes: Readonly<Record<MutationName, ErrorCodes>> = {
  registerOrganization: { errors: [...newUnit], warnings: [...site] },
  registerContractSpecialist: { errors: [...newUnit, 'NOT_ALLOWED'], warnings: [...site] },
  registerTreatmentSite: {
    errors: ['BAD_CHECK_DIGIT', 'BAD_PERIOD', 'DUPLICATE_ORGANIZATION_NUMBER', 'TOO_MANY'],
    warnings: ['SITE_IS_ENTERPRISE_NUMBER'],
  },
  updateTreatmentSite: { errors: ['NOT_VALID_ON_DAY', 'REQUIRED', 'TOO_MANY'], warnings: [] },
  closeTreatmentSite: { errors: ['BAD_PERIOD', 'NOT_VALID_ON_DAY', 'SITE_IN_USE'], warnings: [] },
  reopenTreatmentSite: { errors: ['ALREADY_VALID'], warnings: [] },
  createDepartment: { errors: [...newUnit, 'BAD_PERIOD'], warnings: [...site] },
  updateUnit: {
    errors: [
      'BAD_CHECK_DIGIT',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'DUPLICATE_VALUE',
      'NOT_VALID_ON_DAY',
      'REQUIRED',
      'RETIRED_CODE',
      'TOO_MANY',
      'UNKNOWN_CODE',
    ],
    warnings: [],
  },
  moveUnit: { errors: ['CYCLE', 'NOT_VALID_ON_DAY', 'PARENT_CLOSED', 'REQUIRED', 'WRONG_PARENT_TYPE'], warnings: [] },
  closeUnit: {
    errors: ['BAD_PERIOD', 'CYCLE', 'DUPLICATE_VALUE', 'HAS_OPEN_CHILDREN', 'NOT_VALID_ON_DAY'],
    warnings: [],
  },
  reopenUnit: {
    errors: [
      'ALREADY_VALID',
      'BAD_CHECK_DIGIT',
      'CYCLE',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'DUPLICATE_VALUE',
      'NOT_ALLOWED',
      'NOT_VALID_ON_DAY',
      'PARENT_CLOSED',
      'RETIRED_CODE',
      'SITE_NOT_VALID',
      'UNKNOWN_CODE',
      'WRONG_PARENT_TYPE',
    ],
    warnings: [],
  },
  mergeUnits: { errors: [...newUnit, 'BAD_PERIOD', 'NOT_ALLOWED', 'NOT_VALID_ON_DAY'], warnings: [...site] },
  splitUnit: {
    errors: [...newUnit, 'BAD_PERIOD', 'HAS_OPEN_CHILDREN', 'NOT_ALLOWED', 'NOT_VALID_ON_DAY'],
    warnings: [...site],
  },
  withdrawUnit: { errors: ['HAS_OPEN_CHILDREN', 'HAS_SUCCESSIONS'], warnings: [] },
  reorganize: {
    errors: [...newUnit, 'BAD_PERIOD', 'HAS_OPEN_CHILDREN', 'NOT_ALLOWED', 'NOT_VALID_ON_DAY'],
    warnings: [...site],
  },
  updateUnitCodes: {
    errors: ['DUPLICATE_VALUE', 'NOT_VALID_ON_DAY', 'RETIRED_CODE', 'TOO_MANY', 'UNKNOWN_CODE'],
    warnings: [...site],
  },
  connectTreatmentSite: { errors: ['BAD_CHECK_DIGIT', 'NOT_VALID_ON_DAY', 'SITE_NOT_VALID'], warnings: [...site] },
  disconnectTreatmentSite: { errors: ['NOT_VALID_ON_DAY'], warnings: [...site] },
  setIdentifier: { errors: ['NOT_VALID_ON_DAY', 'RESERVED_SYSTEM'], warnings: ['DUPLICATE_IDENTIFIER'] },
  removeIdentifier: { errors: ['NOT_VALID_ON_DAY', 'RESERVED_SYSTEM'], warnings: [] },
  setMappingNode: { errors: ['CYCLE', 'NOT_VALID_ON_DAY', 'PARENT_CLOSED', 'REQUIRED'], warnings: [] },
  removeMappingNode: { errors: ['HAS_OPEN_CHILDREN', 'NOT_VALID_ON_DAY'], warnings: [] },
  grantAccess: { errors: ['BAD_PERIOD', 'NOT_ALLOWED', 'NOT_VALID_ON_DAY', 'REQUIRED'], warnings: [] },
  revokeAccess: { errors: ['LAST_OPERATOR', 'NOT_ALLOWED', 'REQUIRED'], warnings: [] },
  undoChange: {
    errors: [
      'CYCLE',
      'DUPLICATE_ORGANIZATION_NUMBER',
      'LAST_OPERATOR',
      'NOT_UNDOABLE',
      'NOT_VALID_ON_DAY',
      'PARENT_CLOSED',
      'SITE_IN_USE',
      'SITE_NOT_VALID',
      'WRONG_PARENT_TYPE',
    ],
    warnings: [],
  },
};

/** Returns the codes that a mutation can return, in order of the alphabet. */
export function listErrorCodes(name: MutationName): ErrorCodes {
  const { errors, warnings } = additionalCodes[name];
  return {
    errors: [...everyChange.errors, ...errors].sort(),
    warnings: [...everyChange.warnings, ...warnings].sort(),
  };
}

/** Adds the codes that a mutation can return to its description. */
export function describeErrorCodes(schema: GraphQLSchema): GraphQLSchema {
  const fields = schema.getMutationType()?.getFields() ?? {};
  for (const name of Object.keys(additionalCodes) as MutationName[]) {
    const field = fields[name];
    if (!field) throw new Error(`Mutation.${name} is not in the schema.`);
    const { errors, warnings } = listErrorCodes(name);
    field.description = `${field.description}\n\nUser errors: ${list(errors)}. Warnings: ${list(warnings)}.`;
  }
  return schema;
}

function list(codes: readonly string[]): string {
  return codes.map((code) => `\`${code}\``).join(', ');
}
