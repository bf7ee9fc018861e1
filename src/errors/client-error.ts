import { GraphQLError } from 'graphql';
import type { ErrorCode } from './error-codes.ts';

/** A message in English, with its translations by language and the values that it mentions. */
export interface TranslatedMessage {
  readonly message: string;
  readonly translations: Readonly<Record<string, string>>;
  readonly values: readonly unknown[];
}

/** An error that clients see, with its message and code. */
export class CodedError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly translated: TranslatedMessage,
    /** Further data of the error, for programs */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(translated.message);
  }
}

/**
 * Returns a new GraphQL error for a coded error. Any other error is a bug and is returned as it is.
 *
 * @param language of the message; English if it has no translation
 */
export function toClientError(error: unknown, language: string): unknown {
  if (!(error instanceof CodedError)) return error;
  const { code, details, translated } = error;
  const { message, translations, values } = translated;
  return new GraphQLError(translations[language] ?? message, { extensions: { code, values, ...details } });
}

/** Creates an error that the client can correct; the message names the value, the place and the remedy. */
export function clientError(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
