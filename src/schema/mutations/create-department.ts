import { createDepartment } from '../../operations/create-department.ts';
import { builder } from '../kit/builder.ts';
import { commonFields, newUnitFields, UnitCodeInput } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const CreateDepartmentInput = builder.inputType('CreateDepartmentInput', {
  description: 'The department and its place',
  fields: (t) => ({
    ...newUnitFields(t),
    parentReshId: t.field({ type: 'ReshId', required: true, description: 'Unit that it stands beneath' }),
    codes: t.field({ type: [UnitCodeInput], description: 'Codes of what it offers' }),
    treatmentSite: t.field({
      type: 'OrganizationNumber',
      description: 'Number of its treatment site (behandlingssted)',
    }),
    validTo: t.field({ type: 'Date', description: 'First day on which it is gone; open when left out' }),
    ...commonFields(t),
  }),
});

const CreateDepartmentPayload = declarePayload('CreateDepartmentPayload', 'createDepartment', ['unit']);

builder.mutationField('createDepartment', (t) =>
  t.field({
    type: CreateDepartmentPayload,
    nullable: true,
    description: 'Creates a department beneath a unit from a given day',
    args: {
      input: t.arg({ type: CreateDepartmentInput, required: true, description: 'The department and its place' }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => createDepartment(context, input)),
  }),
);
