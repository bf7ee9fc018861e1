import type { ErrorCode } from '../../errors/error-codes.ts';

/** An invalid parameter of an extract. */
export interface ExtractProblem {
  readonly code: Extract<ErrorCode, 'BAD_INPUT' | 'NOT_FOUND'>;
  readonly parameter: string;
  /** Names the value, the place and the remedy */
  readonly message: string;
}

/** All problems of a request for an extract. */
export class ExtractError extends Error {
  override readonly name = 'ExtractError';
  constructor(readonly problems: readonly ExtractProblem[]) {
    super(problems.map(({ message }) => message).join('\n'));
  }
}
