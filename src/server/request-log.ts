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

/** Id of the request under way: under it the log has all that happens in it. */
export function currentRequestId(): string {
  return requestStorage.getStore()?.id ?? randomUUID();
}

/**
 * Runs a request under an id: the caller's own where it sent a usable one (X-Request-Id), else a new one.
 *
 * @param requestedId what the caller sent
 */
export function withRequestId<Result>(requestedId: string | undefined, run: () => Result): Result {
  const id = requestedId !== undefined && /^[\w.:-]{1,100}$/.test(requestedId) ? requestedId : randomUUID();
  return requestStorage.run({ id, startedAt: performance.now() }, run);
}

/** Logs each request with its id, operation, status and time, and gives the id back in X-Request-Id. No variables: they may name people. */
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
          // A refused change is not in the ledger: here is where it can be seen.
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
