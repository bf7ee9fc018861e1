import { registerContractSpecialist } from '../../operations/register-contract-specialist.ts';
import { builder } from '../kit/builder.ts';
import { commonFields, newUnitFields, UnitCodeInput } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const RegisterContractSpecialistInput = builder.inputType('RegisterContractSpecialistInput', {
  description: 'Contract specialist, with region, treatment site and codes',
  fields: (t) => ({
    ...newUnitFields(t),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      description: 'Organization number (organisasjonsnummer) in the national register of legal entities',
    }),
    regionReshId: t.field({
      type: 'ReshId',
      required: true,
      description: 'RESH-id of the region with which it has its agreement',
    }),
    treatmentSite: t.field({
      type: 'OrganizationNumber',
      description: 'Organization number of its treatment site (behandlingssted)',
    }),
    codes: t.field({ type: [UnitCodeInput], description: 'Codes of the services that it offers' }),
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
      'Registers a contract specialist (avtalespesialist) under the region with which it has its agreement; ' +
      'requires the registrar of contract specialists or the national operator',
    args: {
      input: t.arg({
        type: RegisterContractSpecialistInput,
        required: true,
        description: 'Contract specialist, with region, treatment site and codes',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => registerContractSpecialist(context, input)),
  }),
);
