import { AcquireTimeoutError, createSemaphore } from '../store/database/semaphore.ts';
import type { StatementWrapper } from '../store/database/wrap-statements.ts';
import type { Budget } from './budget.ts';

/** Statements that one request runs at once, so that a large request leaves connections to others. */
export const MAX_CONCURRENT_STATEMENTS = 4;
/** Longest time that a statement waits for others of its request, in milliseconds. */
export const STATEMENT_TIMEOUT_MS = 60_000;

/** Runs the statements of one request a few at a time, and none once the request has exceeded a limit. */
export function createStatementLimiter({ throwLimitError, limitError }: Budget): StatementWrapper {
  const withPermit = createSemaphore(MAX_CONCURRENT_STATEMENTS, STATEMENT_TIMEOUT_MS);
  return async (statement) => {
    try {
      return await withPermit(async () => {
        const error = limitError();
        if (error) throw error;
        return statement();
      });
    } catch (error) {
      if (error instanceof AcquireTimeoutError)
        return throwLimitError(
          `The operation takes more than ${STATEMENT_TIMEOUT_MS / 1_000} seconds. ` +
            'Ask for less at a time: fewer searches, differences or filters.',
        );
      throw error;
    }
  };
}
