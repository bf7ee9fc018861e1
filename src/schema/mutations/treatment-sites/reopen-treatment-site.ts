import { reopenTreatmentSite } from '../../../operations/reopen-treatment-site.ts';
import { builder } from '../../kit/builder.ts';
import { commonFields } from '../inputs.ts';
import { resolveMutation, declarePayload } from '../payload.ts';

const ReopenTreatmentSiteInput = builder.inputType('ReopenTreatmentSiteInput', {
  description: 'Treatment site to reopen',
  fields: (t) => ({
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      required: true,
      description: 'Organization number (organisasjonsnummer) of the site',
    }),
    ...commonFields(t),
  }),
});

const ReopenTreatmentSitePayload = declarePayload('ReopenTreatmentSitePayload', 'reopenTreatmentSite', [
  'treatmentSite',
]);

builder.mutationField('reopenTreatmentSite', (t) =>
  t.field({
    type: ReopenTreatmentSitePayload,
    nullable: true,
    description:
      'Makes a closed treatment site (behandlingssted) valid again from a given day, as on its last day; before its ' +
      'first day, it begins on the given day instead',
    args: {
      input: t.arg({ type: ReopenTreatmentSiteInput, required: true, description: 'Treatment site to reopen' }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => reopenTreatmentSite(context, input)),
  }),
);
