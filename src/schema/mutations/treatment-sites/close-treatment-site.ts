import { closeTreatmentSite } from '../../../operations/close-treatment-site.ts';
import { builder } from '../../kit/builder.ts';
import { commonFields } from '../inputs.ts';
import { resolveMutation, declarePayload } from '../payload.ts';

const CloseTreatmentSiteInput = builder.inputType('CloseTreatmentSiteInput', {
  description: 'Treatment site to close',
  fields: (t) => ({
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      required: true,
      description: 'Organization number (organisasjonsnummer) of the site',
    }),
    ...commonFields(t),
  }),
});

const CloseTreatmentSitePayload = declarePayload('CloseTreatmentSitePayload', 'closeTreatmentSite', ['treatmentSite']);

builder.mutationField('closeTreatmentSite', (t) =>
  t.field({
    type: CloseTreatmentSitePayload,
    nullable: true,
    description:
      'Closes a treatment site (behandlingssted), which no unit may use from the given day on, the first day on ' +
      'which it is no longer valid',
    args: {
      input: t.arg({ type: CloseTreatmentSiteInput, required: true, description: 'Treatment site to close' }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => closeTreatmentSite(context, input)),
  }),
);
