import { registerTreatmentSite } from '../../operations/register-treatment-site.ts';
import { builder } from '../kit/builder.ts';
import { commonFields, SiteAddressInput } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const RegisterTreatmentSiteInput = builder.inputType('RegisterTreatmentSiteInput', {
  description: 'The site, and the days of its life',
  fields: (t) => ({
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      required: true,
      description: 'Number of the establishment in the national register of legal entities',
    }),
    name: t.string({ required: true, description: 'Name of the treatment site' }),
    municipality: t.string({ description: 'Municipality the site lies in' }),
    address: t.field({ type: SiteAddressInput, description: 'Address of the site' }),
    legalEntityReshId: t.field({
      type: 'ReshId',
      description: 'Unit that runs the site as a legal entity; without it, for the operator and the registrar only',
    }),
    validFrom: t.field({ type: 'Date', description: 'First day of the site; without a known beginning when left out' }),
    validTo: t.field({ type: 'Date', description: 'First day on which it is gone; without an end when left out' }),
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
      'Registers a treatment site (behandlingssted) with the days of its own life; effectiveOn plays no part',
    args: {
      input: t.arg({
        type: RegisterTreatmentSiteInput,
        required: true,
        description: 'The site, and the days of its life',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => registerTreatmentSite(context, input)),
  }),
);
