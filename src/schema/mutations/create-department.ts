import { createDepartment } from '../../operations/create-department.ts';
import { builder } from '../kit/builder.ts';
import { commonFields, newUnitFields, UnitCodeInput, type InputFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const CreateDepartmentInput = builder.inputType('CreateDepartmentInput', {
  description: 'Department to create, and its parent',
  fields: (t) => ({
    parentReshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of its parent' }),
    ...newDepartmentFields(t),
    ...commonFields(t),
  }),
});

/** The fields of a new department, without its parent. */
export function newDepartmentFields(t: InputFields) {
  return {
    ...newUnitFields(t),
    codes: t.field({ type: [UnitCodeInput], description: 'Codes of the services that it offers' }),
    treatmentSite: t.field({
      type: 'OrganizationNumber',
      description: 'Organization number of its treatment site (behandlingssted)',
    }),
    validTo: t.field({ type: 'Date', description: 'First day on which it is no longer valid; open-ended if omitted' }),
  };
}

const CreateDepartmentPayload = declarePayload('CreateDepartmentPayload', 'createDepartment', ['unit']);

builder.mutationField('createDepartment', (t) =>
  t.field({
    type: CreateDepartmentPayload,
    nullable: true,
    description: 'Creates a department under a unit from a given day',
    args: {
      input: t.arg({
        type: CreateDepartmentInput,
        required: true,
        description: 'Department to create, and its parent',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => createDepartment(context, input)),
  }),
);
