import { revokeAccess } from '../../operations/revoke-access.ts';
import { builder } from '../kit/builder.ts';
import { AccessRole } from '../kit/enums.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const RevokeAccessInput = builder.inputType('RevokeAccessInput', {
  description: 'Whose access, which and where',
  fields: (t) => ({
    subject: t.string({ required: true, description: 'Who it is in tokens' }),
    role: t.field({ type: AccessRole, required: true, description: 'Role that ends' }),
    reshId: t.field({ type: 'ReshId', description: 'Unit that was administered; for ADMINISTRATOR, and only then' }),
    ...commonFields(t),
  }),
});

const RevokeAccessPayload = declarePayload('RevokeAccessPayload', 'revokeAccess', ['administrator']);

builder.mutationField('revokeAccess', (t) =>
  t.field({
    type: RevokeAccessPayload,
    nullable: true,
    description: "Ends somebody's access from a given day",
    args: { input: t.arg({ type: RevokeAccessInput, required: true, description: 'Whose access, which and where' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => revokeAccess(context, input)),
  }),
);
