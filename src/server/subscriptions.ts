import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createSourceEventStream, execute, GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { tokenExpiredDuringSubscription } from '../auth/tokens/token-messages.ts';
import type { TokenViewer, Viewer } from '../auth/viewer.ts';
import type { Context } from '../context.ts';
import { messageIn } from '../domain/plan/messages/message.ts';
import type { Language } from '../domain/text/language.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { findCostError } from '../schema/kit/cost.ts';
import { requestIdOf } from './request-log.ts';

/** Subscriptions that one process serves at once. */
export const SUBSCRIPTION_LIMIT = 1_000;
/** How long a client may leave an event unread. */
export const SLOW_CONSUMER_TIMEOUT_MS = 30_000;
/** Longest delay of a timer in Node. */
const MAX_TIMER_MS = 2_147_483_647;

/** What subscriptions need. */
export interface SubscriptionOptions {
  readonly log: Logger;
  /** Creates a context for one event; a request's caches and limits must not last as long as a subscription */
  readonly createViewerContext: (viewer: Viewer | null, language: Language) => Context;
  readonly findViewer: (request: Request) => TokenViewer | null;
  /** Aborts when the server stops; ends every subscription */
  readonly shutdownSignal?: AbortSignal | undefined;
  readonly slowConsumerTimeoutMs?: number | undefined;
}

const eventStreamRequired = createFinalMessage(
  'BAD_INPUT',
  'Subscriptions are sent as Server-Sent Events: send the header "Accept: text/event-stream".',
);

/** Executes subscriptions: each event with a new context, within the limits of an operation. */
export function subscriptions(options: SubscriptionOptions): Plugin {
  let openingCount = 0;
  let openCount = 0;
  // Each subscription adds a listener; by default Node warns about the eleventh.
  if (options.shutdownSignal) setMaxListeners(SUBSCRIPTION_LIMIT, options.shutdownSignal);
  const openStream = async (args: ExecutionArgs): Promise<ExecutionResult | EventStream> => {
    const events = await createSourceEventStream(args);
    if (!isAsyncIterable(events)) return events;
    openCount += 1;
    return new EventStream(events[Symbol.asyncIterator](), args, options, () => {
      openCount -= 1;
    });
  };
  const subscribe = async (args: ExecutionArgs): Promise<ExecutionResult | EventStream> => {
    const error = findCostError(args);
    if (error) return { errors: [error] };
    if (options.shutdownSignal?.aborted)
      return createFinalMessage('STOPPING', 'The server is about to stop. Subscribe again in a moment.');
    if (openCount + openingCount >= SUBSCRIPTION_LIMIT)
      return createFinalMessage(
        'LIMIT_EXCEEDED',
        `This server has ${SUBSCRIPTION_LIMIT} subscriptions, and no more are allowed. ` +
          'Query changes(since:) instead, or try again later.',
      );
    // Counted before the first await: many requests may arrive at once.
    openingCount += 1;
    return openStream(args).finally(() => {
      openingCount -= 1;
    });
  };
  return {
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
    onResultProcess: (event) => {
      if (event.resultProcessor || !isAsyncIterable(event.result)) return;
      // Nothing reads this stream, so nothing else would close it.
      void event.result[Symbol.asyncIterator]().return?.();
      event.setResultProcessor(
        (_result, fetchAPI) => fetchAPI.Response.json(eventStreamRequired, { status: 406 }),
        'application/json',
      );
    },
    onResponse: ({ response }) => {
      // Without it, proxies buffer events.
      if (response.headers.get('content-type')?.startsWith('text/event-stream'))
        response.headers.set('x-accel-buffering', 'no');
    },
  };
}

/** Why a subscription ended, for the log. */
type EndReason = 'client left' | 'server stops' | 'token expired' | 'slow consumer' | 'failed';

/**
 * Streams one result for each event, and executes the next event only after the client has read the previous result, so
 * nothing is buffered for slow clients. The stream closes when the client reads nothing for `slowConsumerTimeoutMs`,
 * when its token expires, and when the server stops.
 */
class EventStream implements AsyncIterableIterator<ExecutionResult, undefined> {
  private readonly requestId: string;
  private readonly startedAt = performance.now();
  private sentCount = 0;
  private finalMessage: ExecutionResult | undefined;
  private hasEnded = false;
  private isClientGone = false;
  private slowConsumerTimer: NodeJS.Timeout | undefined;
  private readonly expiryTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly events: AsyncIterator<unknown>,
    private readonly args: ExecutionArgs,
    private readonly options: SubscriptionOptions,
    private readonly onEnd: () => void,
  ) {
    this.requestId = requestIdOf(getRequestContext(args).request);
    options.shutdownSignal?.addEventListener('abort', this.onShutdown);
    // If the client leaves before the first result, no failed write would show it.
    const { signal } = getRequestContext(args).request;
    signal.addEventListener('abort', this.onClientGone);
    if (signal.aborted) this.onClientGone();
    if (options.shutdownSignal?.aborted) this.onShutdown();
    const viewer = options.findViewer(getRequestContext(args).request);
    if (viewer && !this.hasEnded)
      this.expiryTimer = setTimeout(
        this.onTokenExpired,
        Math.min(viewer.expiresAt.getTime() - Date.now(), MAX_TIMER_MS),
      );
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    clearTimeout(this.slowConsumerTimer);
    const value = this.hasEnded ? undefined : await this.nextResult();
    const result = value ?? this.finalMessage;
    if (!value) this.finalMessage = undefined;
    if (!result) return { value: undefined, done: true };
    if (!this.isClientGone) this.slowConsumerTimer = setTimeout(this.closeSlowConsumer, this.slowConsumerTimeoutMs);
    return { value: result, done: false };
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.onClientGone();
    return { value: undefined, done: true };
  }

  /** Returns the result for the next event, or undefined when the subscription ends, also while it waits. */
  private async nextResult(): Promise<ExecutionResult | undefined> {
    try {
      const event = await this.events.next();
      if (event.done) this.end('server stops');
      if (this.hasEnded) return undefined;
      const result = await executeForEvent(event.value, this.args, this.options);
      // A failed event must not be skipped: a client that resumes from its last revision gets the event again.
      if (!result.data) {
        this.end('failed');
        return result;
      }
      this.sentCount += 1;
      return withEventId(result, event.value);
    } catch (error) {
      this.end('failed');
      return { errors: [new GraphQLError('Unexpected error', { originalError: error as Error })] };
    }
  }

  private get slowConsumerTimeoutMs(): number {
    return this.options.slowConsumerTimeoutMs ?? SLOW_CONSUMER_TIMEOUT_MS;
  }

  private readonly onClientGone = (): void => {
    this.isClientGone = true;
    clearTimeout(this.slowConsumerTimer);
    this.end('client left');
  };

  private readonly onShutdown = (): void => this.end('server stops');

  private readonly onTokenExpired = (): void =>
    this.end(
      'token expired',
      createFinalMessage(
        'UNAUTHENTICATED',
        messageIn(getRequestContext(this.args).language, tokenExpiredDuringSubscription()),
      ),
    );

  private readonly closeSlowConsumer = (): void => {
    if (this.hasEnded) {
      getRequestContext(this.args).res?.destroy();
      return;
    }
    this.end(
      'slow consumer',
      createFinalMessage(
        'SLOW_CONSUMER',
        `Nothing was read for ${this.slowConsumerTimeoutMs / 1_000} seconds. ` +
          'Subscribe again with the revision of the last change as `since`.',
      ),
    );
    // Leaves time to read the final message; then the connection is destroyed.
    this.slowConsumerTimer = setTimeout(this.closeSlowConsumer, this.slowConsumerTimeoutMs);
  };

  private end(reason: EndReason, finalMessage?: ExecutionResult): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.finalMessage = finalMessage;
    clearTimeout(this.expiryTimer);
    this.options.shutdownSignal?.removeEventListener('abort', this.onShutdown);
    this.onEnd();
    const { requestId, sentCount } = this;
    const milliseconds = Math.round(performance.now() - this.startedAt);
    this.options.log.info({ requestId, eventCount: sentCount, milliseconds, reason }, 'subscription ended');
    void this.events.return?.().catch(() => {});
  }
}

async function executeForEvent(
  event: unknown,
  args: ExecutionArgs,
  options: SubscriptionOptions,
): Promise<ExecutionResult> {
  const { viewer, language } = getRequestContext(args);
  const context = options.createViewerContext(viewer, language);
  const result = await execute({ ...args, rootValue: event, contextValue: { ...getRequestContext(args), ...context } });
  const limitError = context.limitError();
  return limitError
    ? { errors: [new GraphQLError(limitError.message, { extensions: limitError.extensions })] }
    : result;
}

// Yoga adds the request to the context, and on Node's server the response.
type RequestContext = Context & { readonly request: Request; readonly res?: ServerResponse };

function getRequestContext({ contextValue }: ExecutionArgs): RequestContext {
  return contextValue as RequestContext;
}

// Each Server-Sent Event has its revision as `id` after the data; an EventSource returns it when it reconnects.
function withEventId(
  result: ExecutionResult,
  revision: unknown,
): ExecutionResult & { stringify: typeof JSON.stringify } {
  return {
    ...result,
    stringify: (value: unknown) => `${JSON.stringify(value)}\nid: ${String(revision)}`,
  };
}

function createFinalMessage(code: ErrorCode, message: string): ExecutionResult {
  return {
    errors: [new GraphQLError(message, { extensions: { code } })],
  };
}
