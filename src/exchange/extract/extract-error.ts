import type { ErrorCode } from '../../errors/error-codes.ts';

/** What is wrong with one parameter of an extract. */
export interface ExtractProblem {
  readonly code: Extract<ErrorCode, 'BAD_INPUT' | 'NOT_FOUND'>;
  readonly parameter: string;
  /** Value, place and remedy */
  readonly message: string;
}

/** All problems of a request for an extract. */
export class ExtractError extends Error {
  override readonly name = 'ExtractError';
  constructor(readonly problems: readonly ExtractProblem[]) {
    super(problems.map(({ message }) => message).join('\n'));
  }
}

/** The value as a message shows it: none longer than a line. */
export function clipForMessage(value: string): string {
  return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
}
