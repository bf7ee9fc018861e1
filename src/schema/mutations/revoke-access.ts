import { revokeAccess } from '../../operations/revoke-access.ts';
import { builder } from '../kit/builder.ts';
import { AccessRole } from '../kit/enums.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const RevokeAccessInput = builder.inputType('RevokeAccessInput', {
  description: 'Person, role and unit of the grant to end',
  fields: (t) => ({
    subject: t.string({ required: true, description: 'Subject of the person in tokens (`sub`)' }),
    role: t.field({ type: AccessRole, required: true, description: 'Role of the grant' }),
    reshId: t.field({
      type: 'ReshId',
      description: 'RESH-id of the administered unit; required for ADMINISTRATOR and not allowed for other roles',
    }),
    ...commonFields(t),
  }),
});

const RevokeAccessPayload = declarePayload('RevokeAccessPayload', 'revokeAccess', ['administrator']);

builder.mutationField('revokeAccess', (t) =>
  t.field({
    type: RevokeAccessPayload,
    nullable: true,
    description: "Ends a person's grant from a given day",
    args: {
      input: t.arg({
        type: RevokeAccessInput,
        required: true,
        description: 'Person, role and unit of the grant to end',
      }),
    },
    resolve: (_root, { input }, context) => resolveMutation(context, () => revokeAccess(context, input)),
  }),
);
