import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { getOperationAST, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Context } from '../context.ts';

interface RequestState {
  readonly id: string;
  readonly startedAt: number;
  operation?: string | undefined;
  errors?: number | undefined;
}

const requestStorage = new AsyncLocalStorage<RequestState>();

/** Returns the id of the current request, which its log lines have as `requestId`. */
export function currentRequestId(): string {
  return requestStorage.getStore()?.id ?? randomUUID();
}

/**
 * Runs a request with an id: the client's own if it sent a valid one (X-Request-Id), else a new one.
 *
 * @param requestedId the header as the client sent it
 */
export function withRequestId<Result>(requestedId: string | undefined, run: () => Result): Result {
  return requestStorage.run({ id: chooseRequestId(requestedId), startedAt: performance.now() }, run);
}

/** Returns the id of a request: the client's own if it sent a valid one, else a new one. */
export function chooseRequestId(requestedId: string | undefined): string {
  return requestedId !== undefined && /^[\w.:-]{1,100}$/.test(requestedId) ? requestedId : randomUUID();
}

/**
 * Logs each request with its id, operation, status and duration, and returns the id as X-Request-Id. Variables are not
 * logged: they may contain names of people.
 */
export function requestLog(log: Logger): Plugin {
  return {
    onSubscribe: ({ args }) => {
      const state = requestStorage.getStore();
      const { document, operationName } = args as ExecutionArgs;
      if (state) state.operation = getOperationAST(document, operationName)?.name?.value;
    },
    onExecute: ({ args }) => {
      const state = requestStorage.getStore();
      if (!state) return undefined;
      const { document, operationName } = args as ExecutionArgs;
      state.operation = getOperationAST(document, operationName)?.name?.value;
      return {
        onExecuteDone: ({ result }) => {
          if (isAsyncIterable(result)) return;
          const { errors } = result as ExecutionResult;
          state.errors = errors?.length;
          // A refused change is not in the ledger; only the log shows it.
          for (const { message, path, extensions } of errors ?? [])
            if (path && (extensions['code'] === 'FORBIDDEN' || extensions['code'] === 'UNAUTHENTICATED'))
              log.warn(
                { requestId: state.id, subject: findSubject(args), path, code: extensions['code'], message },
                'refused',
              );
        },
      };
    },
    onResponse: ({ request, response }) => {
      const state = requestStorage.getStore();
      if (!state) return;
      response.headers.set('x-request-id', state.id);
      log.info(
        {
          requestId: state.id,
          method: request.method,
          path: new URL(request.url).pathname,
          status: response.status,
          milliseconds: Math.round(performance.now() - state.startedAt),
          ...(state.operation !== undefined && { operation: state.operation }),
          ...(state.errors !== undefined && { errors: state.errors }),
        },
        'request',
      );
    },
  };
}

function findSubject({ contextValue }: { contextValue?: unknown }): string | null {
  const { viewer } = contextValue as Partial<Context>;
  return viewer?.subject ?? null;
}
