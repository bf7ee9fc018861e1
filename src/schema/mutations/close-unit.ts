import { closeUnit } from '../../operations/close-unit.ts';
import { builder } from '../kit/builder.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const CloseUnitInput = builder.inputType('CloseUnitInput', {
  description: 'Unit and the first day on which it is gone',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'Unit to close' }),
    withDescendants: t.boolean({ description: 'Whether to close what stands beneath it on the day too' }),
    successorReshIds: t.field({ type: ['ReshId'], description: 'Units that take its place' }),
    ...commonFields(t),
  }),
});

const CloseUnitPayload = declarePayload('CloseUnitPayload', 'closeUnit', ['unit']);

builder.mutationField('closeUnit', (t) =>
  t.field({
    type: CloseUnitPayload,
    nullable: true,
    description: 'Ends the validity of a unit on a given day, the first on which it is gone',
    args: {
      input: t.arg({ type: CloseUnitInput, required: true, description: 'Unit and the first day on which it is gone' }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => closeUnit(context, input)),
  }),
);
