import { registerOrganization } from '../../operations/register-organization.ts';
import { builder } from '../kit/builder.ts';
import { AdministratorInput, commonFields, newUnitFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const RegisterOrganizationInput = builder.inputType('RegisterOrganizationInput', {
  description: 'The organization, its place and its first administrator',
  fields: (t) => ({
    ...newUnitFields(t),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      required: true,
      description: 'Number in the national register of legal entities (organisasjonsnummer)',
    }),
    parentReshId: t.field({ type: 'ReshId', description: 'Organization above it; a root when left out' }),
    administrator: t.field({ type: AdministratorInput, required: true, description: 'Its first administrator' }),
    ...commonFields(t),
  }),
});

const RegisterOrganizationPayload = declarePayload('RegisterOrganizationPayload', 'registerOrganization', [
  'unit',
  'administrator',
]);

builder.mutationField('registerOrganization', (t) =>
  t.field({
    type: RegisterOrganizationPayload,
    nullable: true,
    description: 'Registers an organization together with its first administrator: the national operator',
    args: {
      input: t.arg({
        type: RegisterOrganizationInput,
        required: true,
        description: 'The organization, its place and its first administrator',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => registerOrganization(context, input)),
  }),
);
