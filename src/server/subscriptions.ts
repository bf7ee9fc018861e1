import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createSourceEventStream, execute, GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { TokenViewer, Viewer } from '../auth/viewer.ts';
import type { Context } from '../context.ts';
import { currentRequestId } from './request-log.ts';
import { costErrorOf } from '../schema/kit/cost.ts';

/** Subscriptions that one process serves at once. */
const SUBSCRIPTION_LIMIT = 1_000;
/** How long a client may leave unread what it has been sent. */
const PATIENCE_MS = 30_000;
/** Longest that a timer can run. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** What subscriptions work with. */
export interface SubscriptionOptions {
  readonly log: Logger;
  /** A context for one event: what a request keeps would grow old, and be used up, over a subscription's life */
  readonly contextOf: (viewer: Viewer | null) => Context;
  readonly viewerOf: (request: Request) => TokenViewer | null;
  /** Ends every subscription: the server stops */
  readonly stopping?: AbortSignal | undefined;
  readonly patienceMs?: number | undefined;
}

/** Why a subscription ended, as the log has it. */
type Ending = 'client left' | 'server stops' | 'token expired' | 'slow consumer' | 'failed';

// Yoga adds to the context the request, and the response of Node's server where there is one.
type RequestContext = Context & { readonly request: Request; readonly res?: ServerResponse };
const contextIn = ({ contextValue }: ExecutionArgs): RequestContext => contextValue as RequestContext;

const lastWord = (code: string, message: string): ExecutionResult => ({
  errors: [new GraphQLError(message, { extensions: { code } })],
});

const notEvents = lastWord(
  'BAD_INPUT',
  'A subscription is told as Server-Sent Events: ask for it with «Accept: text/event-stream».',
);

const answerTo = async (
  event: unknown,
  args: ExecutionArgs,
  options: SubscriptionOptions,
): Promise<ExecutionResult> => {
  const context = options.contextOf(contextIn(args).viewer);
  const result = await execute({ ...args, rootValue: event, contextValue: { ...contextIn(args), ...context } });
  const exceeded = context.exceeded();
  return exceeded ? { errors: [new GraphQLError(exceeded.message, { extensions: exceeded.extensions })] } : result;
};

// The event of Server-Sent Events has its revision as id after the data: an EventSource sends it back when it connects again.
const withId = (
  answer: ExecutionResult,
  revision: unknown,
): ExecutionResult & { stringify: typeof JSON.stringify } => ({
  ...answer,
  stringify: (result: unknown) => `${JSON.stringify(result)}\nid: ${String(revision)}`,
});

/**
 * The answers to events, one each time the client has taken the one before: nothing is kept for a client that is slow. One that
 * takes nothing for long is let go, as is one whose token expires.
 */
class Answers implements AsyncIterableIterator<ExecutionResult, undefined> {
  private readonly requestId = currentRequestId();
  private readonly begunAt = performance.now();
  private told = 0;
  private last: ExecutionResult | undefined;
  private isOver = false;
  private isLeft = false;
  private impatience: NodeJS.Timeout | undefined;
  private readonly expiry: NodeJS.Timeout | undefined;

  constructor(
    private readonly events: AsyncIterator<unknown>,
    private readonly args: ExecutionArgs,
    private readonly options: SubscriptionOptions,
    private readonly onEnd: () => void,
  ) {
    options.stopping?.addEventListener('abort', this.stop);
    // Nothing is sent to a client that has left before the first answer, and so nothing else would tell.
    const { signal } = contextIn(args).request;
    signal.addEventListener('abort', this.leave);
    if (signal.aborted) this.leave();
    if (options.stopping?.aborted) this.stop();
    const viewer = options.viewerOf(contextIn(args).request);
    if (viewer && !this.isOver)
      this.expiry = setTimeout(this.expire, Math.min(viewer.expiresAt.getTime() - Date.now(), LONGEST_TIMER_MS));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    clearTimeout(this.impatience);
    const value = this.isOver ? undefined : await this.nextAnswer();
    const told = value ?? this.last;
    if (!value) this.last = undefined;
    if (!told) return { value: undefined, done: true };
    if (!this.isLeft) this.impatience = setTimeout(this.losePatience, this.patience);
    return { value: told, done: false };
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.leave();
    return { value: undefined, done: true };
  }

  /** Undefined where the subscription ends: that ends the wait for its next event, too. */
  private async nextAnswer(): Promise<ExecutionResult | undefined> {
    try {
      const event = await this.events.next();
      if (event.done) this.end('server stops');
      if (this.isOver) return undefined;
      const answer = await answerTo(event.value, this.args, this.options);
      // What cannot be told must not be passed over: whoever goes on from the last change that was told meets it again.
      if (!answer.data) {
        this.end('failed');
        return answer;
      }
      this.told += 1;
      return withId(answer, event.value);
    } catch (error) {
      this.end('failed');
      return { errors: [new GraphQLError('Unexpected error', { originalError: error as Error })] };
    }
  }

  private get patience(): number {
    return this.options.patienceMs ?? PATIENCE_MS;
  }

  private readonly leave = (): void => {
    this.isLeft = true;
    clearTimeout(this.impatience);
    this.end('client left');
  };

  private readonly stop = (): void => this.end('server stops');

  private readonly expire = (): void =>
    this.end(
      'token expired',
      lastWord('UNAUTHENTICATED', 'The token has expired. Subscribe again with a fresh one, and «since».'),
    );

  private readonly losePatience = (): void => {
    if (this.isOver) return void contextIn(this.args).res?.destroy();
    this.end(
      'slow consumer',
      lastWord(
        'SLOW_CONSUMER',
        `Nothing was read for ${this.patience / 1_000} seconds. Subscribe again with the revision of the last change as «since».`,
      ),
    );
    // Room for the last word, if it is read after all.
    this.impatience = setTimeout(this.losePatience, this.patience);
  };

  private end(reason: Ending, last?: ExecutionResult): void {
    if (this.isOver) return;
    this.isOver = true;
    this.last = last;
    clearTimeout(this.expiry);
    this.options.stopping?.removeEventListener('abort', this.stop);
    this.onEnd();
    const { requestId, told } = this;
    const milliseconds = Math.round(performance.now() - this.begunAt);
    this.options.log.info({ requestId, told, milliseconds, reason }, 'subscription ended');
    void this.events.return?.().catch(() => {});
  }
}

/** Answers subscriptions: each event with a context of its own, within the limits of any operation, and with an end to each. */
export const subscriptions = (options: SubscriptionOptions): Plugin => {
  let [beginning, open] = [0, 0];
  // Each subscription listens: Node would warn of eleven.
  if (options.stopping) setMaxListeners(SUBSCRIPTION_LIMIT, options.stopping);
  const begin = async (args: ExecutionArgs): Promise<ExecutionResult | Answers> => {
    const events = await createSourceEventStream(args);
    if (!isAsyncIterable(events)) return events;
    open += 1;
    return new Answers(events[Symbol.asyncIterator](), args, options, () => void (open -= 1));
  };
  const subscribe = async (args: ExecutionArgs): Promise<ExecutionResult | Answers> => {
    const error = costErrorOf(args);
    if (error) return { errors: [error] };
    if (options.stopping?.aborted)
      return lastWord('STOPPING', 'The server is about to stop. Subscribe again in a moment.');
    if (open + beginning >= SUBSCRIPTION_LIMIT)
      return lastWord(
        'LIMIT_EXCEEDED',
        `This server has ${SUBSCRIPTION_LIMIT} subscriptions, and no more are allowed. Ask for changes(since:) instead, or try again later.`,
      );
    // Counted before anything is waited for: many may come at once.
    beginning += 1;
    return begin(args).finally(() => (beginning -= 1));
  };
  return {
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
    onResultProcess: (made) => {
      if (made.resultProcessor || !isAsyncIterable(made.result)) return;
      // Nobody takes these answers, and so nothing else would end them.
      void made.result[Symbol.asyncIterator]().return?.();
      made.setResultProcessor(
        (_result, fetchAPI) => fetchAPI.Response.json(notEvents, { status: 406 }),
        'application/json',
      );
    },
    onResponse: ({ response }) => {
      // Proxies would gather events otherwise.
      if (response.headers.get('content-type')?.startsWith('text/event-stream'))
        response.headers.set('x-accel-buffering', 'no');
    },
  };
};
