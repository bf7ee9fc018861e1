import { disconnectTreatmentSite } from '../../operations/disconnect-treatment-site.ts';
import { builder } from '../kit/builder.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const DisconnectTreatmentSiteInput = builder.inputType('DisconnectTreatmentSiteInput', {
  description: 'Unit and the day',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'Unit to untie' }),
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
    description: 'Unties a unit from its treatment site from a given day',
    args: { input: t.arg({ type: DisconnectTreatmentSiteInput, required: true, description: 'Unit and the day' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => disconnectTreatmentSite(context, input)),
  }),
);
