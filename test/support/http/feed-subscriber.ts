import type { GraphQLFormattedError } from 'graphql';

/** One response of a subscription. */
export interface FeedMessage {
  readonly data?: { readonly changes: { readonly revision: number } } | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** A subscription over HTTP, as a client sees it. */
export interface FeedSubscriber {
  readonly status: number;
  readonly headers: Headers;
  /** Returns the next response; undefined after the server has completed the subscription */
  next(): Promise<FeedMessage | undefined>;
  /** Returns the revisions of the next responses */
  readRevisions(count: number): Promise<number[]>;
  /** Closes the connection, as a terminated client does */
  disconnect(): void;
}

export interface FeedOptions {
  readonly since?: number;
  readonly within?: number;
  /** Selection set of each change */
  readonly fields?: string;
  readonly headers?: Record<string, string>;
}

/** Subscribes to the feed of a server at a URL. Reading fails if the connection is lost. */
export async function subscribeToFeed(
  url: string,
  { fields, headers, ...variables }: FeedOptions = {},
): Promise<FeedSubscriber> {
  const abortController = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query: buildSubscription(fields), variables }),
    signal: abortController.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const readEvent = async (): Promise<string> => {
    while (!text.includes('\n\n')) {
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
      if (done) throw new Error('The connection ended in the middle.');
      text += value;
    }
    const end = text.indexOf('\n\n');
    const event = text.slice(0, end);
    text = text.slice(end + 2);
    return event;
  };
  const next: FeedSubscriber['next'] = async () => {
    let data: string | undefined;
    while (data === undefined) {
      const event = await readEvent();
      if (event.includes('event: complete')) return undefined;
      data = /^data: (.*)$/m.exec(event)?.[1];
    }
    return JSON.parse(data) as FeedMessage;
  };
  return {
    status: response.status,
    headers: response.headers,
    next,
    readRevisions: async (count) => {
      const revisions: number[] = [];
      while (revisions.length < count) {
        const message = await next();
        if (!message?.data) throw new Error(`No change arrived: ${JSON.stringify(message)}`);
        revisions.push(message.data.changes.revision);
      }
      return revisions;
    },
    disconnect: () => abortController.abort(),
  };
}

export function buildSubscription(fields = 'revision'): string {
  return (
    'subscription Follow($since: Revision, $within: ReshId) { changes(since: $since, withinReshId: ' +
    `$within) { ${fields} } }`
  );
}
