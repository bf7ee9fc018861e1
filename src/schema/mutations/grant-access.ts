import { grantAccess } from '../../operations/grant-access.ts';
import { builder } from '../kit/builder.ts';
import { AccessRole } from '../kit/enums.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const GrantAccessInput = builder.inputType('GrantAccessInput', {
  description: 'Person, role and unit of the grant',
  fields: (t) => ({
    subject: t.string({ required: true, description: 'Subject of the person in tokens (`sub`)' }),
    name: t.string({ description: 'Name of the person; required if the register has none' }),
    email: t.string({ description: 'E-mail address of the person; unchanged if omitted' }),
    role: t.field({ type: AccessRole, required: true, description: 'Role that the grant gives its holder' }),
    reshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of the unit to administer; required for ADMINISTRATOR and not allowed for other roles',
    }),
    validTo: t.field({
      type: 'Date',
      description: 'First day on which the grant is no longer valid; open-ended if omitted',
    }),
    ...commonFields(t),
  }),
});

const GrantAccessPayload = declarePayload('GrantAccessPayload', 'grantAccess', ['administrator']);

builder.mutationField('grantAccess', (t) =>
  t.field({
    type: GrantAccessPayload,
    nullable: true,
    description: 'Grants a person access to a unit and the units under it, or a national role',
    args: {
      input: t.arg({ type: GrantAccessInput, required: true, description: 'Person, role and unit of the grant' }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => grantAccess(context, input)),
  }),
);
