import { moveUnit } from '../../operations/move-unit.ts';
import { builder } from '../kit/builder.ts';
import { commonFields, effectiveToField } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const MoveUnitInput = builder.inputType('MoveUnitInput', {
  description: 'Unit to move, its new parent and the day',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit to move' }),
    newParentReshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of its new parent; null makes an organization a root',
    }),
    ...effectiveToField(t),
    ...commonFields(t),
  }),
});

const MoveUnitPayload = declarePayload('MoveUnitPayload', 'moveUnit', ['unit']);

builder.mutationField('moveUnit', (t) =>
  t.field({
    type: MoveUnitPayload,
    nullable: true,
    description: 'Moves a unit under another parent from a given day',
    args: {
      input: t.arg({ type: MoveUnitInput, required: true, description: 'Unit to move, its new parent and the day' }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => moveUnit(context, input)),
  }),
);
