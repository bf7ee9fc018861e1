import { updateUnit } from '../../operations/update-unit.ts';
import { builder } from '../kit/builder.ts';
import { changedUnitFields, commonFields, effectiveToField, type InputFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const UpdateUnitInput = builder.inputType('UpdateUnitInput', {
  description: 'Unit and the fields to change',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit to change' }),
    ...updatedUnitFields(t),
    ...effectiveToField(t),
    ...commonFields(t),
  }),
});

/** The fields of a unit that an update can change. */
export function updatedUnitFields(t: InputFields) {
  return {
    ...changedUnitFields(t),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      description:
        'Organization number (organisasjonsnummer) in the national register of legal entities; requires access ' +
        'to a unit above',
    }),
  };
}

const UpdateUnitPayload = declarePayload('UpdateUnitPayload', 'updateUnit', ['unit']);

builder.mutationField('updateUnit', (t) =>
  t.field({
    type: UpdateUnitPayload,
    nullable: true,
    description: 'Changes fields of a unit from a given day. An omitted field is unchanged; null clears it',
    args: { input: t.arg({ type: UpdateUnitInput, required: true, description: 'Unit and the fields to change' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => updateUnit(context, input)),
  }),
);
