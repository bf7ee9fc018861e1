import { GraphQLError, type ExecutionResult } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { ErrorCode } from '../errors/error-codes.ts';
import { requestIdOf } from './request-log.ts';

/** Hides unexpected errors from clients: the log has them in full, and a client gets the id of its request only. */
export interface UnexpectedErrors {
  /** Logs an error, and returns the message for the client. */
  readonly report: (error: unknown, request: Request) => string;
  /** Wraps an error that is caught where the request is unknown; the plugin reports it. */
  readonly wrap: (error: unknown) => GraphQLError;
  /** Reports the unexpected errors of each result. */
  readonly plugin: Plugin;
}

/** Creates what hides unexpected errors, and writes them to a log. */
export function createUnexpectedErrors(log: Logger): UnexpectedErrors {
  const report = (error: unknown, request: Request): string => {
    const requestId = requestIdOf(request);
    log.error({ requestId, err: error }, 'unexpected error');
    return `Unexpected error; report it with request id ${requestId}.`;
  };
  const toClientError = (error: GraphQLError, request: Request): GraphQLError =>
    isExpected(error)
      ? error
      : new GraphQLError(report(error.originalError, request), {
          ...(error.nodes && { nodes: error.nodes }),
          ...(error.path && { path: error.path }),
          extensions: { code: 'INTERNAL_SERVER_ERROR' satisfies ErrorCode, requestId: requestIdOf(request) },
        });
  const reportAll = (result: ExecutionResult, request: Request): ExecutionResult =>
    result.errors ? { ...result, errors: result.errors.map((error) => toClientError(error, request)) } : result;
  return {
    report,
    wrap: (error) => {
      if (error instanceof GraphQLError) return error;
      const originalError = error instanceof Error ? error : new Error(String(error));
      return new GraphQLError('Unexpected error.', { originalError });
    },
    plugin: {
      onResultProcess: (event) => {
        const { result, request } = event;
        if (isAsyncIterable(result)) event.setResult(mapAsyncIterator(result, (each) => reportAll(each, request)));
        else if (!Array.isArray(result)) event.setResult(reportAll(result, request));
      },
    },
  };
}

/** Says whether an error was made for the client: one of the program is the original error of another. */
function isExpected({ originalError }: GraphQLError): boolean {
  return originalError === undefined || (originalError instanceof GraphQLError && isExpected(originalError));
}
