import { setUnitCodes } from '../../operations/set-unit-codes.ts';
import { builder } from '../kit/builder.ts';
import { CodeInput } from '../kit/unit-filter-input.ts';
import { commonFields, UnitCodeInput } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const SetUnitCodesInput = builder.inputType('SetUnitCodesInput', {
  description: 'Unit, codes to add and codes to end',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit' }),
    add: t.field({ type: [UnitCodeInput], description: 'Codes to add, or codes with new attributes' }),
    end: t.field({ type: [CodeInput], description: 'Codes to end' }),
    ...commonFields(t),
  }),
});

const SetUnitCodesPayload = declarePayload('SetUnitCodesPayload', 'setUnitCodes', ['unit']);

builder.mutationField('setUnitCodes', (t) =>
  t.field({
    type: SetUnitCodesPayload,
    nullable: true,
    description: 'Adds codes to a unit and ends others from a given day',
    args: {
      input: t.arg({ type: SetUnitCodesInput, required: true, description: 'Unit, codes to add and codes to end' }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => setUnitCodes(context, input)),
  }),
);
