import { registerTreatmentSite } from '../../../operations/register-treatment-site.ts';
import { builder } from '../../kit/builder.ts';
import { commonFields, SiteAddressInput } from '../inputs.ts';
import { resolveMutation, declarePayload } from '../payload.ts';

const RegisterTreatmentSiteInput = builder.inputType('RegisterTreatmentSiteInput', {
  description: 'Treatment site, with its period of validity',
  fields: (t) => ({
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      required: true,
      description: 'Organization number (organisasjonsnummer) of the establishment',
    }),
    name: t.string({ required: true, description: 'Name of the treatment site' }),
    municipality: t.string({ description: 'Municipality of the site' }),
    address: t.field({ type: SiteAddressInput, description: 'Address of the site' }),
    legalEntityReshId: t.field({
      type: 'ReshId',
      description:
        'RESH-id of the unit that runs the site as a legal entity; only the operator and the registrar may omit it',
    }),
    validFrom: t.field({ type: 'Date', description: 'First day on which the site is valid; unknown if omitted' }),
    validTo: t.field({
      type: 'Date',
      description: 'First day on which the site is no longer valid; open-ended if omitted',
    }),
    ...commonFields(t),
  }),
});

const RegisterTreatmentSitePayload = declarePayload('RegisterTreatmentSitePayload', 'registerTreatmentSite', [
  'treatmentSite',
]);

builder.mutationField('registerTreatmentSite', (t) =>
  t.field({
    type: RegisterTreatmentSitePayload,
    nullable: true,
    description:
      'Registers a treatment site (behandlingssted) with its own period of validity; `effectiveOn` has no effect',
    args: {
      input: t.arg({
        type: RegisterTreatmentSiteInput,
        required: true,
        description: 'Treatment site, with its period of validity',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => registerTreatmentSite(context, input)),
  }),
);
