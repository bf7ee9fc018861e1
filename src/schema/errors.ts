import { GraphQLError } from 'graphql';

/** What a client can be told apart by, in `extensions.code`. */
export type ErrorCode = 'BAD_INPUT' | 'BAD_CURSOR' | 'BAD_ID' | 'LIMIT_EXCEEDED' | 'TEXT_INVALID';

/** An error that the client can mend: its message names the value, the place and the remedy. */
export const inputError = (code: ErrorCode, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code } });
