import { removeIdentifier } from '../../operations/remove-identifier.ts';
import { builder } from '../kit/builder.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const RemoveIdentifierInput = builder.inputType('RemoveIdentifierInput', {
  description: 'Unit, and the system of the identifier',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit that has the identifier' }),
    system: t.string({
      required: true,
      description: 'System of the identifier: a URI such as `urn:oid:...`, or any other text',
    }),
    ...commonFields(t),
  }),
});

const RemoveIdentifierPayload = declarePayload('RemoveIdentifierPayload', 'removeIdentifier', ['unit']);

builder.mutationField('removeIdentifier', (t) =>
  t.field({
    type: RemoveIdentifierPayload,
    nullable: true,
    description: 'Removes the identifier of a unit in another system from a given day',
    args: {
      input: t.arg({
        type: RemoveIdentifierInput,
        required: true,
        description: 'Unit, and the system of the identifier',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => removeIdentifier(context, input)),
  }),
);
