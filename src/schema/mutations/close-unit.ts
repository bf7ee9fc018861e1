import { closeUnit } from '../../operations/close-unit.ts';
import { builder } from '../kit/builder.ts';
import { commonFields, type InputFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const CloseUnitInput = builder.inputType('CloseUnitInput', {
  description: 'Unit to close, and the first day on which it is no longer valid',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'Unit to close' }),
    ...withDescendantsField(t),
    successorReshIds: t.field({
      type: ['ReshId'],
      description:
        'RESH-ids of the units that replace it; for a unit that already closed on the day, they replace its ' +
        'successors of that day, and an empty list takes those away',
    }),
    ...commonFields(t),
  }),
});

/** The field that says whether descendants close too. */
export function withDescendantsField(t: InputFields) {
  return { withDescendants: t.boolean({ description: 'Whether to close the units under it on the day too' }) };
}

const CloseUnitPayload = declarePayload('CloseUnitPayload', 'closeUnit', ['unit']);

builder.mutationField('closeUnit', (t) =>
  t.field({
    type: CloseUnitPayload,
    nullable: true,
    description: 'Closes a unit; the given day is the first on which it is no longer valid',
    args: {
      input: t.arg({
        type: CloseUnitInput,
        required: true,
        description: 'Unit to close, and the first day on which it is no longer valid',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => closeUnit(context, input)),
  }),
);
