import { GraphQLError } from 'graphql';
import { ForbiddenError, RegisterBusyError, UnauthenticatedError } from '../../auth/denials.ts';

/** What a client can be told apart by, in `extensions.code`. */
export type ErrorCode = 'BAD_INPUT' | 'BAD_CURSOR' | 'BAD_ID' | 'LIMIT_EXCEEDED' | 'TEXT_INVALID';

/** An error that the client can mend: its message names the value, the place and the remedy. */
export function inputError(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

/** The error that a client sees where a change is refused as a whole; anything else is a bug and stays as it is. A fresh one each time. */
export function toClientError(error: unknown): unknown {
  const code =
    error instanceof UnauthenticatedError
      ? 'UNAUTHENTICATED'
      : error instanceof ForbiddenError
        ? 'FORBIDDEN'
        : error instanceof RegisterBusyError
          ? 'REGISTER_BUSY'
          : undefined;
  return code && error instanceof Error ? new GraphQLError(error.message, { extensions: { code } }) : error;
}
