import { disconnectTreatmentSite } from '../../operations/disconnect-treatment-site.ts';
import { builder } from '../kit/builder.ts';
import { commonFields, effectiveToField } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const DisconnectTreatmentSiteInput = builder.inputType('DisconnectTreatmentSiteInput', {
  description: 'Unit to disconnect, and the day',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit to disconnect' }),
    ...effectiveToField(t),
    ...commonFields(t),
  }),
});

const DisconnectTreatmentSitePayload = declarePayload('DisconnectTreatmentSitePayload', 'disconnectTreatmentSite', [
  'unit',
]);

builder.mutationField('disconnectTreatmentSite', (t) =>
  t.field({
    type: DisconnectTreatmentSitePayload,
    nullable: true,
    description: 'Disconnects a unit from its treatment site from a given day',
    args: {
      input: t.arg({
        type: DisconnectTreatmentSiteInput,
        required: true,
        description: 'Unit to disconnect, and the day',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => disconnectTreatmentSite(context, input)),
  }),
);
