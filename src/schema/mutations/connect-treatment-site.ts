import { connectTreatmentSite } from '../../operations/connect-treatment-site.ts';
import { builder } from '../kit/builder.ts';
import { commonFields, effectiveToField, type InputFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const ConnectTreatmentSiteInput = builder.inputType('ConnectTreatmentSiteInput', {
  description: 'Unit and its treatment site',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit to connect' }),
    ...connectedSiteFields(t),
    ...effectiveToField(t),
    ...commonFields(t),
  }),
});

/** The treatment site that a unit is connected to. */
export function connectedSiteFields(t: InputFields) {
  return {
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      required: true,
      description: 'Organization number of the treatment site',
    }),
  };
}

const ConnectTreatmentSitePayload = declarePayload('ConnectTreatmentSitePayload', 'connectTreatmentSite', ['unit']);

builder.mutationField('connectTreatmentSite', (t) =>
  t.field({
    type: ConnectTreatmentSitePayload,
    nullable: true,
    description: 'Connects a unit to a treatment site (behandlingssted) from a given day',
    args: {
      input: t.arg({ type: ConnectTreatmentSiteInput, required: true, description: 'Unit and its treatment site' }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => connectTreatmentSite(context, input)),
  }),
);
