import { updateTreatmentSite } from '../../../operations/update-treatment-site.ts';
import { builder } from '../../kit/builder.ts';
import { commonFields, SiteAddressInput } from '../inputs.ts';
import { resolveMutation, declarePayload } from '../payload.ts';

const UpdateTreatmentSiteInput = builder.inputType('UpdateTreatmentSiteInput', {
  description: 'Treatment site and the fields to change',
  fields: (t) => ({
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      required: true,
      description: 'Organization number (organisasjonsnummer) of the site',
    }),
    name: t.string({ description: 'Name of the treatment site' }),
    municipality: t.string({ description: 'Municipality of the site' }),
    address: t.field({ type: SiteAddressInput, description: 'Address of the site; replaces the whole address' }),
    legalEntityReshId: t.field({
      type: 'ReshId',
      description:
        'RESH-id of the unit that runs the site as a legal entity from the day on; only the operator and the ' +
        'registrar may clear it',
    }),
    ...commonFields(t),
  }),
});

const UpdateTreatmentSitePayload = declarePayload('UpdateTreatmentSitePayload', 'updateTreatmentSite', [
  'treatmentSite',
]);

builder.mutationField('updateTreatmentSite', (t) =>
  t.field({
    type: UpdateTreatmentSitePayload,
    nullable: true,
    description:
      'Changes facts of a treatment site (behandlingssted) from a given day. An omitted field is unchanged; ' +
      'null clears it',
    args: {
      input: t.arg({
        type: UpdateTreatmentSiteInput,
        required: true,
        description: 'Treatment site and the fields to change',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => updateTreatmentSite(context, input)),
  }),
);
