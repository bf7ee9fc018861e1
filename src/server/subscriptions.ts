import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createSourceEventStream, execute, GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { TokenViewer, Viewer } from '../auth/viewer.ts';
import type { Context } from '../context.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { findCostError } from '../schema/kit/cost.ts';
import { currentRequestId } from './request-log.ts';

/** Subscriptions that one process serves at once. */
export const SUBSCRIPTION_LIMIT = 1_000;
/** How long a client may leave unread what it has been sent. */
export const SLOW_CONSUMER_TIMEOUT_MS = 30_000;
/** Longest that a timer can run. */
const MAX_TIMER_MS = 2_147_483_647;

/** What subscriptions work with. */
export interface SubscriptionOptions {
  readonly log: Logger;
  /** A context for one event: what a request keeps would grow old, and be used up, over a subscription's life */
  readonly createViewerContext: (viewer: Viewer | null) => Context;
  readonly findViewer: (request: Request) => TokenViewer | null;
  /** Ends every subscription: the server stops */
  readonly shutdownSignal?: AbortSignal | undefined;
  readonly slowConsumerTimeoutMs?: number | undefined;
}

/** Why a subscription ended, as the log has it. */
type EndReason = 'client left' | 'server stops' | 'token expired' | 'slow consumer' | 'failed';

// Yoga adds to the context the request, and the response of Node's server where there is one.
type RequestContext = Context & { readonly request: Request; readonly res?: ServerResponse };

const eventStreamRequired = createFinalMessage(
  'BAD_INPUT',
  'A subscription is told as Server-Sent Events: ask for it with «Accept: text/event-stream».',
);

/**
 * The answers to events, one each time the client has taken the one before: nothing is kept for a client that is slow. One that
 * takes nothing for long is let go, as is one whose token expires.
 */
class EventStream implements AsyncIterableIterator<ExecutionResult, undefined> {
  private readonly requestId = currentRequestId();
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
    options.shutdownSignal?.addEventListener('abort', this.onShutdown);
    // Nothing is sent to a client that has left before the first answer, and so nothing else would tell.
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

  /** Undefined where the subscription ends: that ends the wait for its next event, too. */
  private async nextResult(): Promise<ExecutionResult | undefined> {
    try {
      const event = await this.events.next();
      if (event.done) this.end('server stops');
      if (this.hasEnded) return undefined;
      const result = await executeForEvent(event.value, this.args, this.options);
      // What cannot be told must not be passed over: whoever goes on from the last change that was told meets it again.
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
      createFinalMessage('UNAUTHENTICATED', 'The token has expired. Subscribe again with a fresh one, and «since».'),
    );

  private readonly closeSlowConsumer = (): void => {
    if (this.hasEnded) return void getRequestContext(this.args).res?.destroy();
    this.end(
      'slow consumer',
      createFinalMessage(
        'SLOW_CONSUMER',
        `Nothing was read for ${this.slowConsumerTimeoutMs / 1_000} seconds. Subscribe again with the revision of the last change as «since».`,
      ),
    );
    // Room for the last word, if it is read after all.
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

function getRequestContext({ contextValue }: ExecutionArgs): RequestContext {
  return contextValue as RequestContext;
}

async function executeForEvent(
  event: unknown,
  args: ExecutionArgs,
  options: SubscriptionOptions,
): Promise<ExecutionResult> {
  const context = options.createViewerContext(getRequestContext(args).viewer);
  const result = await execute({ ...args, rootValue: event, contextValue: { ...getRequestContext(args), ...context } });
  const limitError = context.limitError();
  return limitError
    ? { errors: [new GraphQLError(limitError.message, { extensions: limitError.extensions })] }
    : result;
}

// The event of Server-Sent Events has its revision as id after the data: an EventSource sends it back when it connects again.
function withEventId(
  answer: ExecutionResult,
  revision: unknown,
): ExecutionResult & { stringify: typeof JSON.stringify } {
  return {
    ...answer,
    stringify: (result: unknown) => `${JSON.stringify(result)}\nid: ${String(revision)}`,
  };
}

/** Answers subscriptions: each event with a context of its own, within the limits of any operation, and with an end to each. */
export function subscriptions(options: SubscriptionOptions): Plugin {
  let [openingCount, openCount] = [0, 0];
  // Each subscription listens: Node would warn of eleven.
  if (options.shutdownSignal) setMaxListeners(SUBSCRIPTION_LIMIT, options.shutdownSignal);
  const openStream = async (args: ExecutionArgs): Promise<ExecutionResult | EventStream> => {
    const events = await createSourceEventStream(args);
    if (!isAsyncIterable(events)) return events;
    openCount += 1;
    return new EventStream(events[Symbol.asyncIterator](), args, options, () => void (openCount -= 1));
  };
  const subscribe = async (args: ExecutionArgs): Promise<ExecutionResult | EventStream> => {
    const error = findCostError(args);
    if (error) return { errors: [error] };
    if (options.shutdownSignal?.aborted)
      return createFinalMessage('STOPPING', 'The server is about to stop. Subscribe again in a moment.');
    if (openCount + openingCount >= SUBSCRIPTION_LIMIT)
      return createFinalMessage(
        'LIMIT_EXCEEDED',
        `This server has ${SUBSCRIPTION_LIMIT} subscriptions, and no more are allowed. Ask for changes(since:) instead, or try again later.`,
      );
    // Counted before anything is waited for: many may come at once.
    openingCount += 1;
    return openStream(args).finally(() => (openingCount -= 1));
  };
  return {
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
    onResultProcess: (event) => {
      if (event.resultProcessor || !isAsyncIterable(event.result)) return;
      // Nobody takes these answers, and so nothing else would end them.
      void event.result[Symbol.asyncIterator]().return?.();
      event.setResultProcessor(
        (_result, fetchAPI) => fetchAPI.Response.json(eventStreamRequired, { status: 406 }),
        'application/json',
      );
    },
    onResponse: ({ response }) => {
      // Proxies would gather events otherwise.
      if (response.headers.get('content-type')?.startsWith('text/event-stream'))
        response.headers.set('x-accel-buffering', 'no');
    },
  };
}

function createFinalMessage(code: ErrorCode, message: string): ExecutionResult {
  return {
    errors: [new GraphQLError(message, { extensions: { code } })],
  };
}
