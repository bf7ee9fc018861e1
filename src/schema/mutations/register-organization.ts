import { registerOrganization } from '../../operations/register-organization.ts';
import { builder } from '../kit/builder.ts';
import { AdministratorInput, commonFields, newUnitFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const RegisterOrganizationInput = builder.inputType('RegisterOrganizationInput', {
  description: 'Organization, with its parent and first administrator',
  fields: (t) => ({
    ...newUnitFields(t),
    organizationNumber: t.field({
      type: 'OrganizationNumber',
      required: true,
      description: 'Organization number (organisasjonsnummer) in the national register of legal entities',
    }),
    parentReshId: t.field({ type: 'ReshId', description: 'RESH-id of its parent organization; a root if omitted' }),
    administrator: t.field({
      type: AdministratorInput,
      required: true,
      description: 'First administrator of the organization',
    }),
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
    description: 'Registers an organization with its first administrator; requires the national operator',
    args: {
      input: t.arg({
        type: RegisterOrganizationInput,
        required: true,
        description: 'Organization, with its parent and first administrator',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => registerOrganization(context, input)),
  }),
);
