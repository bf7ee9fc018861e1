import { GraphQLError } from 'graphql';
import type { ErrorCode } from './error-codes.ts';

/** An error that a client sees with its own message, under a code. */
export class CodedError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Makes the GraphQL error of a coded error, a new one each time; any other error is a bug and stays as it is. */
export function toClientError(error: unknown): unknown {
  return error instanceof CodedError ? clientError(error.code, error.message) : error;
}

/** Makes an error that the client can correct: its message names the value, the place and the remedy. */
export function clientError(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
