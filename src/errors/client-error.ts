import { GraphQLError } from 'graphql';
import type { ErrorCode } from './error-codes.ts';

/** An error that clients see, with its message and code. */
export class CodedError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Returns a new GraphQL error for a coded error. Any other error is a bug and is returned as it is. */
export function toClientError(error: unknown): unknown {
  return error instanceof CodedError ? clientError(error.code, error.message) : error;
}

/** Creates an error that the client can correct; the message names the value, the place and the remedy. */
export function clientError(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
