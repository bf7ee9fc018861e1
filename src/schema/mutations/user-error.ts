import { userErrorCodes, type UserError as Shape, type UserErrorCode as Code } from '../../domain/plan/user-error.ts';
import { builder } from '../kit/builder.ts';

const UserErrorCode = builder.enumType('UserErrorCode', {
  description: 'What a person can mend in a change, or should know of it',
  values: Object.fromEntries(
    Object.entries(userErrorCodes).map(([code, description]) => [code, { description }]),
  ) as Record<Code, { description: string }>,
});

export const UserError = builder.objectRef<Shape>('UserError').implement({
  description: 'Something that whoever asks for a change can mend, or should know of it',
  fields: (t) => ({
    code: t.expose('code', { type: UserErrorCode, description: 'What it is, for programs' }),
    message: t.exposeString('message', { description: 'What it is, with its values, and what to do' }),
    field: t.stringList({
      nullable: true,
      description: 'Path into the input, places in lists counted from 0; null where the whole is meant',
      resolve: ({ field }) => (field.length === 0 ? null : [...field]),
    }),
  }),
});
