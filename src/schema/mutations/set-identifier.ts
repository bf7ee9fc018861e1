import { setIdentifier } from '../../operations/set-identifier.ts';
import { builder } from '../kit/builder.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const SetIdentifierInput = builder.inputType('SetIdentifierInput', {
  description: 'Unit, system and identifier',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit that has the identifier' }),
    system: t.string({
      required: true,
      description: 'System of the identifier: a URI such as `urn:oid:...`, or any other text',
    }),
    value: t.string({ required: true, description: 'Value of the identifier' }),
    ...commonFields(t),
  }),
});

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
