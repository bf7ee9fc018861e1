import { grantAccess } from '../../operations/grant-access.ts';
import { builder } from '../kit/builder.ts';
import { AccessRole } from '../kit/enums.ts';
import { commonFields } from './inputs.ts';
import { resolveMutation, declarePayload } from './payload.ts';

const GrantAccessInput = builder.inputType('GrantAccessInput', {
  description: 'Who, in which role, where',
  fields: (t) => ({
    subject: t.string({ required: true, description: 'Who it is in tokens' }),
    name: t.string({ description: 'Name of whoever gets access; needed where the register has none' }),
    email: t.string({ description: 'E-mail address; kept when left out' }),
    role: t.field({ type: AccessRole, required: true, description: 'What it lets its holder do' }),
    reshId: t.field({ type: 'ReshId', description: 'Unit to administer; for ADMINISTRATOR, and only then' }),
    validTo: t.field({ type: 'Date', description: 'First day without the access; open when left out' }),
    ...commonFields(t),
  }),
});

const GrantAccessPayload = declarePayload('GrantAccessPayload', 'grantAccess', ['administrator']);

builder.mutationField('grantAccess', (t) =>
  t.field({
    type: GrantAccessPayload,
    nullable: true,
    description: 'Lets somebody change a unit and what is beneath it, or act in a national role',
    args: { input: t.arg({ type: GrantAccessInput, required: true, description: 'Who, in which role, where' }) },
    resolve: (_root, { input }, context) => resolveMutation(context, () => grantAccess(context, input)),
  }),
);
