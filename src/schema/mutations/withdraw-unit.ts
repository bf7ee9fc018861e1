import { withdrawUnit } from '../../operations/withdraw-unit.ts';
import { builder } from '../kit/builder.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const WithdrawUnitInput = builder.inputType('WithdrawUnitInput', {
  description: 'Unit to withdraw',
  fields: (t) => ({
    reshId: t.field({
      type: 'ReshId',
      required: true,
      description: 'RESH-id of the unit that was registered in error',
    }),
    ...commonFields(t),
  }),
});

const WithdrawUnitPayload = declarePayload('WithdrawUnitPayload', 'withdrawUnit', ['unit']);

builder.mutationField('withdrawUnit', (t) =>
  t.field({
    type: WithdrawUnitPayload,
    nullable: true,
    description: 'Withdraws a unit that was registered in error; earlier revisions still show it',
    args: { input: t.arg({ type: WithdrawUnitInput, required: true, description: 'Unit to withdraw' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => withdrawUnit(context, input)),
  }),
);
