import { registerContractSpecialist } from '../../operations/register-contract-specialist.ts';
import { builder } from '../kit/builder.ts';
import { commonFields, newUnitFields, UnitCodeInput } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const RegisterContractSpecialistInput = builder.inputType('RegisterContractSpecialistInput', {
  description: 'The specialist, its region, site and codes',
  fields: (t) => ({
    ...newUnitFields(t),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      description: 'Number in the national register of legal entities (organisasjonsnummer)',
    }),
    regionReshId: t.field({ type: 'ReshId', required: true, description: 'Region that it has its agreement with' }),
    treatmentSite: t.field({
      type: 'OrganizationNumber',
      description: 'Number of its treatment site (behandlingssted)',
    }),
    codes: t.field({ type: [UnitCodeInput], description: 'Codes of what it offers' }),
    ...commonFields(t),
  }),
});

const RegisterContractSpecialistPayload = declarePayload(
  'RegisterContractSpecialistPayload',
  'registerContractSpecialist',
  ['unit'],
);

builder.mutationField('registerContractSpecialist', (t) =>
  t.field({
    type: RegisterContractSpecialistPayload,
    nullable: true,
    description:
      'Registers a contract specialist (avtalespesialist) under the region it has its agreement with: the patient registry',
    args: {
      input: t.arg({
        type: RegisterContractSpecialistInput,
        required: true,
        description: 'The specialist, its region, site and codes',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => registerContractSpecialist(context, input)),
  }),
);
