import { updateUnitCodes } from '../../operations/update-unit-codes.ts';
import { builder } from '../kit/builder.ts';
import { CodeInput } from '../kit/unit-filter-input.ts';
import { commonFields, effectiveToField, UnitCodeInput, type InputFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const UpdateUnitCodesInput = builder.inputType('UpdateUnitCodesInput', {
  description: 'Unit, codes to add and codes to end',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit' }),
    ...codeListFields(t),
    ...effectiveToField(t),
    ...commonFields(t),
  }),
});

/** The codes to add and to end. */
export function codeListFields(t: InputFields) {
  return {
    add: t.field({ type: [UnitCodeInput], description: 'Codes to add, or codes with new attributes' }),
    end: t.field({ type: [CodeInput], description: 'Codes to end' }),
  };
}

const UpdateUnitCodesPayload = declarePayload('UpdateUnitCodesPayload', 'updateUnitCodes', ['unit']);

builder.mutationField('updateUnitCodes', (t) =>
  t.field({
    type: UpdateUnitCodesPayload,
    nullable: true,
    description: 'Adds codes to a unit and ends others from a given day',
    args: {
      input: t.arg({ type: UpdateUnitCodesInput, required: true, description: 'Unit, codes to add and codes to end' }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => updateUnitCodes(context, input)),
  }),
);
