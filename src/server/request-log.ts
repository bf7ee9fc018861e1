import { randomBytes } from 'node:crypto';
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

// A random id for each request would take as long as the rest of a repeated response.
const processId = randomBytes(6).toString('hex');
let requestCount = 0;

// Keyed by request: an AsyncLocalStorage would make every other request of the process slower, too.
const states = new WeakMap<Request, RequestState>();

/** Returns the id of a request, which its log lines have as `requestId`. */
export function requestIdOf(request: Request): string {
  return stateOf(request).id;
}

function stateOf(request: Request): RequestState {
  const known = states.get(request);
  if (known) return known;
  const id = chooseRequestId(request.headers.get('x-request-id'));
  const state = { id, startedAt: performance.now() };
  states.set(request, state);
  return state;
}

/**
 * Chooses the id of a request: the client's own if it sent a valid one (X-Request-Id), else a new one.
 *
 * @param requestedId the header as the client sent it
 */
export function chooseRequestId(requestedId: string | null | undefined): string {
  if (typeof requestedId === 'string' && /^[\w.:-]{1,100}$/.test(requestedId)) return requestedId;
  requestCount += 1;
  return `${processId}-${requestCount}`;
}

/**
 * Logs each request with its id, operation, status and duration, and returns the id as X-Request-Id. Variables are not
 * logged: they may contain names of people.
 */
export function requestLog(log: Logger): Plugin {
  return {
    // Starts the clock.
    onRequest: ({ request }) => void stateOf(request),
    onSubscribe: ({ args }) => {
      const { document, operationName } = args as ExecutionArgs;
      stateOf(args.contextValue.request).operation = getOperationAST(document, operationName)?.name?.value;
    },
    onExecute: ({ args }) => {
      const state = stateOf(args.contextValue.request);
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
      const state = stateOf(request);
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
