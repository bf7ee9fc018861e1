import { setIdentifier } from '../../operations/set-identifier.ts';
import { builder } from '../kit/builder.ts';
import { commonFields, effectiveToField, type InputFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';
import { identifierSystemField } from './remove-identifier.ts';

const SetIdentifierInput = builder.inputType('SetIdentifierInput', {
  description: 'Unit, system and identifier',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit that has the identifier' }),
    ...identifierFields(t),
    ...effectiveToField(t),
    ...commonFields(t),
  }),
});

/** The identifier of a unit in another system. */
export function identifierFields(t: InputFields) {
  return {
    ...identifierSystemField(t),
    value: t.string({ required: true, description: 'Value of the identifier' }),
  };
}

const SetIdentifierPayload = declarePayload('SetIdentifierPayload', 'setIdentifier', ['unit']);

builder.mutationField('setIdentifier', (t) =>
  t.field({
    type: SetIdentifierPayload,
    nullable: true,
    description: 'Sets the identifier of a unit in another system from a given day',
    args: { input: t.arg({ type: SetIdentifierInput, required: true, description: 'Unit, system and identifier' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => setIdentifier(context, input)),
  }),
);
