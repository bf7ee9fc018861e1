import { reopenUnit } from '../../operations/reopen-unit.ts';
import { builder } from '../kit/builder.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const ReopenUnitInput = builder.inputType('ReopenUnitInput', {
  description: 'Unit and the day from which it is valid again',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'Unit to reopen' }),
    newParentReshId: t.field({
      type: 'ReshId',
      description: 'Parent to stand beneath; as on its last day when left out',
    }),
    withDescendants: t.boolean({ description: 'Whether to reopen what the same change closed beneath it too' }),
    ...commonFields(t),
  }),
});

const ReopenUnitPayload = declarePayload('ReopenUnitPayload', 'reopenUnit', ['unit']);

builder.mutationField('reopenUnit', (t) =>
  t.field({
    type: ReopenUnitPayload,
    nullable: true,
    description:
      'Makes a closed unit valid again from a given day, as on its last one; before its first day it moves the opening back',
    args: {
      input: t.arg({
        type: ReopenUnitInput,
        required: true,
        description: 'Unit and the day from which it is valid again',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => reopenUnit(context, input)),
  }),
);
