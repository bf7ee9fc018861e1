import { updateUnit } from '../../operations/update-unit.ts';
import { builder } from '../kit/builder.ts';
import { changedUnitFields, commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const UpdateUnitInput = builder.inputType('UpdateUnitInput', {
  description: 'Unit and the facts to set',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'Unit to change' }),
    ...changedUnitFields(t),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      description: 'Number in the national register of legal entities; needs access above the unit',
    }),
    ...commonFields(t),
  }),
});

const UpdateUnitPayload = declarePayload('UpdateUnitPayload', 'updateUnit', ['unit']);

builder.mutationField('updateUnit', (t) =>
  t.field({
    type: UpdateUnitPayload,
    nullable: true,
    description: 'Sets facts of a unit from a given day: what is left out is kept, null clears',
    args: { input: t.arg({ type: UpdateUnitInput, required: true, description: 'Unit and the facts to set' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => updateUnit(context, input)),
  }),
);
