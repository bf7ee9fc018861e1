import { userErrorCodes, type UserError as Shape, type UserErrorCode as Code } from '../../domain/plan/user-error.ts';
import { builder } from '../kit/builder.ts';

const UserErrorCode = builder.enumType('UserErrorCode', {
  description: 'Code of a user error or a warning',
  values: Object.fromEntries(
    Object.entries(userErrorCodes).map(([code, description]) => [code, { description }]),
  ) as Record<Code, { description: string }>,
});

export const UserError = builder.objectRef<Shape>('UserError').implement({
  description: 'Validation error of the input, or a warning about it',
  fields: (t) => ({
    code: t.expose('code', { type: UserErrorCode, description: 'Code of the error, for programs' }),
    message: t.exposeString('message', { description: 'Explanation of the error, with its values and the remedy' }),
    field: t.stringList({
      nullable: true,
      description: 'Path of the input field, with list positions counted from 0; null for the input as a whole',
      resolve: ({ field }) => (field.length === 0 ? null : [...field]),
    }),
  }),
});
