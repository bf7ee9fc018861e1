import { getMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { pino, type Logger } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../../src/server/server.ts';
import { connect, createDatabase, type Database } from '../../../src/store/database/database.ts';
import { expectRevision } from '../../support/mutations/change-assertions.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import {
  subscribeToFeed,
  buildSubscription,
  type FeedSubscriber,
  type FeedOptions,
} from '../../support/http/feed-subscriber.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { signToken } from '../../support/http/tokens.ts';
import { mutationsAs, buildWorld, subjects, units as u, worldDay } from '../../support/world/world.ts';

let database: Database;
let server: ListeningServer;
beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
  server = await startHttpServer(database, { today: () => worldDay });
});
afterAll(async () => {
  await server.close();
  await database.close();
});

const subscribers: FeedSubscriber[] = [];

async function subscribe(options: FeedOptions = {}, url = server.url): Promise<FeedSubscriber> {
  const subscriber = await subscribeToFeed(url, options);
  subscribers.push(subscriber);
  return subscriber;
}

afterEach(() => {
  for (const subscriber of subscribers.splice(0)) subscriber.disconnect();
});

interface SubscriptionEnd {
  readonly reason: string;
  readonly eventCount: number;
}

/** Creates a log, and a list of the ends of subscriptions that it logs. */
function createCapturingLog(): { log: Logger; ended: SubscriptionEnd[] } {
  const ends: SubscriptionEnd[] = [];
  const write = (line: string): void => {
    const { msg, reason, eventCount } = JSON.parse(line) as SubscriptionEnd & { msg: string };
    if (msg === 'subscription ended') ends.push({ reason, eventCount });
  };
  return { log: pino({ level: 'info' }, { write }), ended: ends };
}

async function waitUntil(condition: () => boolean): Promise<void> {
  for (let attempts = 0; attempts < 500 && !condition(); attempts += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

let renameCount = 0;

async function rename(reshId: number = u.ward): Promise<number> {
  return expectRevision(
    await mutationsAs(database, subjects.operator).updateUnit({ reshId, name: `Name ${(renameCount += 1)}` }),
  );
}

describe('changes subscription', () => {
  it('has messages in the language of the client', async () => {
    const revision = await rename();
    const subscriber = await subscribe({
      since: revision - 1,
      fields: 'revision units { nodes { current { viewerCan { edit { reason } } } } }',
      headers: { 'accept-language': 'nb' },
    });

    expect(JSON.stringify((await subscriber.next())?.data)).toContain('Denne forespørselen krever et token.');
  });

  it('sends missed changes, then new ones, in order and each once', async () => {
    const before = [await rename(), await rename(), await rename()];
    const subscriber = await subscribe({ since: before[0] as number });
    expect(await subscriber.readRevisions(2)).toEqual(before.slice(1));

    const after = [await rename(), await rename()];
    expect(await subscriber.readRevisions(2)).toEqual(after);
  });

  it('sends only new changes without a start revision, with the selected fields', async () => {
    const subscriber = await subscribe({ fields: 'revision operation units { nodes { reshId kinds unit { name } } }' });
    const revision = await rename(u.clinic);
    expect(await subscriber.next()).toEqual({
      data: {
        changes: {
          revision,
          operation: 'UPDATE_UNIT',
          units: { nodes: [{ reshId: u.clinic, kinds: ['RENAMED'], unit: { name: `Name ${renameCount}` } }] },
        },
      },
    });
  });

  it('resumes where a client disconnected, any number of times', async () => {
    let since = await rename();
    const received: number[] = [];
    const committed: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const subscriber = await subscribe({ since });
      committed.push(await rename(), await rename());
      received.push(...(await subscriber.readRevisions(1 + (round % 2))));
      subscriber.disconnect();
      since = received.at(-1) ?? since;
    }
    const last = await subscribe({ since });
    received.push(...(await last.readRevisions(committed.length - received.length)));

    expect(received).toEqual(committed);
  });

  it('sends only changes within the given unit', async () => {
    const since = await rename();
    const subscriber = await subscribe({ since, within: u.south });
    await rename(u.ward);
    const outsideRevision = await rename(u.southClinic);
    await rename(u.ward);
    const laterOutsideRevision = await rename(u.privateClinic);

    expect(await subscriber.readRevisions(2)).toEqual([outsideRevision, laterOutsideRevision]);
  });

  it('serves many subscribers at once', async () => {
    const since = await rename();
    const many = await Promise.all(Array.from({ length: 30 }, () => subscribe({ since })));
    const committed = [await rename(), await rename(), await rename()];
    expect(await Promise.all(many.map((subscriber) => subscriber.readRevisions(3)))).toEqual(many.map(() => committed));
  });

  it('accepts GET and resumes after Last-Event-ID, as an EventSource sends it', async () => {
    const since = (await rename()) - 1;
    const query = encodeURIComponent(`subscription { changes(since: ${since}) { revision } }`);
    /** Returns the first event; only the initial colon may precede it */
    const readFirstEvent = async (headers: Record<string, string>): Promise<string> => {
      const abortController = new AbortController();
      const response = await fetch(`${server.url}?query=${query}`, {
        headers: { accept: 'text/event-stream', ...headers },
        signal: abortController.signal,
      });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (!/^event.*\n\n/ms.test(text)) text += (await reader?.read())?.value ?? '';
      abortController.abort();
      return text.replace(/^:\n\n/, '').replace(/(?<=\n\n).*/s, '');
    };
    const formatEvent = (revision: number) =>
      `event: next\ndata: {"data":{"changes":{"revision":${revision}}}}\nid: ${revision}\n\n`;

    expect(await readFirstEvent({})).toBe(formatEvent(since + 1));

    // The client reconnects by itself, with the same URL and the id of the last event.
    const next = await rename();
    expect(await readFirstEvent({ 'last-event-id': `${since + 1}` })).toBe(formatEvent(next));
    expect(await readFirstEvent({ 'last-event-id': `${since - 1}` })).toBe(formatEvent(since + 1));
    expect(await readFirstEvent({ 'last-event-id': 'a' })).toContain(
      '`Last-Event-ID` is \\"a\\", which is not a revision: send the id of an event, or omit the header.',
    );
  });

  it('marks its response as an uncached event stream', async () => {
    const { status, headers } = await subscribe();
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
  });

  it('refuses invalid arguments before it starts', async () => {
    const newest = await rename();
    const readRefusal = async (options: FeedOptions) => {
      const subscriber = await subscribe(options);
      const refusalMessage = await subscriber.next();
      expect(await subscriber.next()).toBeUndefined();
      return refusalMessage?.errors?.map(({ message, extensions }) => [extensions?.['code'], message]);
    };

    expect(await readRefusal({ since: newest + 1 })).toEqual([
      [
        'BAD_INPUT',
        `\`since\` is ${newest + 1}, and the newest revision is ${newest}: ` +
          'give the `nextSince` of an earlier page, or 0 to start.',
      ],
    ]);

    const nestedParents = (levels: number): string =>
      levels === 0 ? 'name' : `parent { ${nestedParents(levels - 1)} }`;
    expect(await readRefusal({ fields: `units { nodes { unit { ${nestedParents(24)} } } }` })).toEqual([
      ['LIMIT_EXCEEDED', expect.stringContaining('levels deep, but at most 24 are allowed')],
    ]);
  });

  it('returns an error code for invalid operations and variables', async () => {
    const readErrorCodes = async (query: string) => {
      const response = await fetch(`${server.url}?query=${encodeURIComponent(query)}`, {
        headers: { accept: 'text/event-stream' },
      });
      return [...(await response.text()).matchAll(/"code":"(\w+)"/g)].map(([, code]) => code);
    };
    expect(await readErrorCodes('subscription { nothing }')).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(await readErrorCodes('subscription ($since: Revision!) { changes(since: $since) { revision } }')).toEqual([
      'BAD_INPUT',
    ]);
  });
});

describe('subscription limit of a process', () => {
  it('allows a thousand at once, under concurrent requests too, and frees a slot when one ends', async () => {
    const [disconnect, stopping] = [new AbortController(), new AbortController()];
    const ownServer = createServer({ database, log: pino({ level: 'silent' }), shutdownSignal: stopping.signal });
    const startSubscription = async (signal: AbortSignal | null = null) =>
      ownServer.fetch(`http://127.0.0.1/graphql?query=${encodeURIComponent(buildSubscription())}`, {
        headers: { accept: 'text/event-stream' },
        signal,
      });
    await startSubscription(disconnect.signal);
    const many = await Promise.all(Array.from({ length: 1_004 }, () => startSubscription()));
    disconnect.abort();
    const lateResponse = await startSubscription();
    stopping.abort();

    expect(getMaxListeners(stopping.signal)).toBe(1_000);

    const responseTexts = await Promise.all(many.map((response) => response.text()));
    const refusedTexts = responseTexts.filter((text) => text.includes('"code":"LIMIT_EXCEEDED"'));

    expect(refusedTexts).toHaveLength(5);
    expect(refusedTexts[0]).toContain(
      'This server has 1000 subscriptions, and no more are allowed. Query changes(since:) instead, or try again later.',
    );
    expect(await lateResponse.text()).not.toContain('errors');
  });

  it('does not count a subscription that is refused for its Accept header', async () => {
    const { log, ended } = createCapturingLog();
    const ownServer = createServer({ database, log });
    const response = await ownServer.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: buildSubscription() }),
    });

    expect([response.status, response.headers.get('content-type')]).toEqual([406, 'application/json; charset=utf-8']);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'Subscriptions are sent as Server-Sent Events: send the header "Accept: text/event-stream".',
          extensions: { code: 'BAD_INPUT' },
        },
      ],
    });
    expect(ended).toEqual([{ reason: 'client left', eventCount: 0 }]);
  });
});

describe('end of a subscription', () => {
  it('comes when the client disconnects, whether idle or receiving', async () => {
    const { log, ended } = createCapturingLog();
    const ownServer = await startHttpServer(database, { log, today: () => worldDay });
    try {
      const [idleSubscriber, activeSubscriber] = [
        await subscribe({}, ownServer.url),
        await subscribe({ since: 0 }, ownServer.url),
      ];
      await activeSubscriber.readRevisions(1);
      idleSubscriber.disconnect();
      activeSubscriber.disconnect();
      await waitUntil(() => ended.length === 2);
      expect(ended.map(({ reason }) => reason)).toEqual(['client left', 'client left']);
    } finally {
      await ownServer.close();
    }
  });

  it('comes when the client disconnects before the first event', async () => {
    const { log, ended } = createCapturingLog();
    const abortController = new AbortController();
    const ownServer = await startHttpServer(database, {
      log,
      tokenVerifier: {
        verify: async (subject) => {
          const disconnected = new Promise((resolve) => sockets[0]?.once('close', resolve));
          abortController.abort();
          await disconnected;
          return { subject, name: null, expiresAt: new Date(Date.now() + 60_000) };
        },
      },
    });
    const sockets: Socket[] = [];
    ownServer.http.on('connection', (socket) => sockets.push(socket));
    try {
      const pendingResponse = fetch(`${ownServer.url}?query=${encodeURIComponent(buildSubscription())}`, {
        headers: { accept: 'text/event-stream', authorization: 'Bearer somebody' },
        signal: abortController.signal,
      });
      await expect(pendingResponse).rejects.toThrow('aborted');
      await waitUntil(() => ended.length === 1);
      expect(ended).toEqual([{ reason: 'client left', eventCount: 0 }]);
    } finally {
      await ownServer.close();
    }
  });

  it('comes at once when the server stops, with a final message', async () => {
    const stopping = new AbortController();
    const { log, ended } = createCapturingLog();
    const ownServer = await startHttpServer(database, { log, shutdownSignal: stopping.signal });
    try {
      const subscriber = await subscribe({}, ownServer.url);
      const next = subscriber.next();
      stopping.abort();
      expect(await next).toBeUndefined();
      expect(ended).toEqual([{ reason: 'server stops', eventCount: 0 }]);
      const finalMessage = await (await subscribe({}, ownServer.url)).next();
      expect(finalMessage?.errors?.[0]?.extensions).toEqual({ code: 'STOPPING' });
    } finally {
      await ownServer.close();
    }
  });

  it('comes when the server stops at any moment of the start', async () => {
    for (let eventLoopTurns = 0; eventLoopTurns < 40; eventLoopTurns += 1) {
      const stopping = new AbortController();
      const ownServer = createServer({ database, log: pino({ level: 'silent' }), shutdownSignal: stopping.signal });
      const response = ownServer.fetch(`http://127.0.0.1/graphql?query=${encodeURIComponent(buildSubscription())}`, {
        headers: { accept: 'text/event-stream' },
      });
      for (let turn = 0; turn < eventLoopTurns; turn += 1) await new Promise(setImmediate);
      stopping.abort();
      expect(await (await response).text()).toContain('event: complete');
    }
  });

  it('comes when the token expires, with a final message', async () => {
    const ownServer = await startHttpServer(database, {
      tokenVerifier: {
        verify: async (subject) => ({ subject, name: null, expiresAt: new Date(Date.now() + 300) }),
      },
    });
    try {
      const subscriber = await subscribe({ headers: { authorization: 'Bearer somebody' } }, ownServer.url);
      expect(await subscriber.next()).toEqual({
        errors: [
          {
            message: 'The token has expired. Subscribe again with a new token and `since`.',
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      });
      expect(await subscriber.next()).toBeUndefined();
    } finally {
      await ownServer.close();
    }
  });

  it('comes at once when reading needs a token and none is sent', async () => {
    const ownServer = await startHttpServer(database, { readAccess: 'token' });
    try {
      expect((await subscribe({}, ownServer.url)).status).toBe(401);
      const authorization = `Bearer ${await signToken(subjects.clinic)}`;
      expect((await subscribe({ headers: { authorization } }, ownServer.url)).status).toBe(200);
    } finally {
      await ownServer.close();
    }
  });

  it('does not come to an idle client that has read everything', async () => {
    const ownServer = await startHttpServer(database, { slowConsumerTimeoutMs: 200, today: () => worldDay });
    try {
      const subscriber = await subscribe({}, ownServer.url);
      const first = await rename();
      expect(await subscriber.readRevisions(1)).toEqual([first]);
      await new Promise((resolve) => setTimeout(resolve, 700));
      const second = await rename();
      expect(await subscriber.readRevisions(1)).toEqual([second]);
    } finally {
      await ownServer.close();
    }
  });

  it('comes when a client stops reading, with at most one buffered answer and a final message', async () => {
    const since = await rename();
    for (let n = 0; n < 10; n += 1) await rename();
    const { log, ended } = createCapturingLog();
    const ownServer = createServer({ database, log, slowConsumerTimeoutMs: 300, today: () => worldDay });
    // Each response is larger than the buffer of the stream.
    const manyFields = Array.from({ length: 400 }, (_, n) => `hash${n}: hash`).join(' ');
    const response = await ownServer.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: buildSubscription(`revision ${manyFields}`), variables: { since } }),
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = Buffer.from((await reader.read()).value ?? []).toString();

    await waitUntil(() => ended.length === 1);
    expect(ended).toEqual([{ reason: 'slow consumer', eventCount: expect.any(Number) as number }]);
    expect(ended[0]?.eventCount).toBeLessThanOrEqual(2);

    for (let part = await reader.read(); !part.done; part = await reader.read())
      text += Buffer.from(part.value).toString();
    expect(text.match(/"revision":\d+/g)).toEqual(
      Array.from({ length: ended[0]?.eventCount ?? 0 }, (_, n) => `"revision":${since + 1 + n}`),
    );
    expect(text).toContain(
      '{"errors":[{"message":"Nothing was read for 0.3 seconds. ' +
        'Subscribe again with the revision of the last change as `since`.",' +
        '"extensions":{"code":"SLOW_CONSUMER"}}]}\n\nevent: complete',
    );
  });
});

describe('change made through another process', () => {
  it('arrives as soon as it is committed', async ({ skip }) => {
    if (database.kind === 'embedded') return skip('An embedded register has one process.');
    const [{ url }] = await database.prisma.$queryRaw<[{ url: string }]>`
      select 'postgres://' || current_user || '@' || host(inet_server_addr()) || ':' || inet_server_port() || '/'
        || current_database() as url`;
    const otherDatabase = createDatabase(await connect({ kind: 'server', url }));
    try {
      const subscriber = await subscribe();
      const startedAt = performance.now();
      const revision = expectRevision(
        await mutationsAs(otherDatabase, subjects.operator).updateUnit({ reshId: u.ward, name: 'By another' }),
      );
      expect(await subscriber.readRevisions(1)).toEqual([revision]);
      expect(performance.now() - startedAt).toBeLessThan(4_000);
    } finally {
      await otherDatabase.close();
    }
  });

  it('arrives after the listening connection was lost', async ({ skip }) => {
    if (database.kind === 'embedded') return skip('An embedded register has no connection to lose.');
    const subscriber = await subscribe();
    await rename();
    await subscriber.readRevisions(1);
    await database.prisma.$queryRaw`
      select pg_terminate_backend(pid)::text as ended
      from pg_stat_activity
      where datname = current_database() and application_name = 'resh-graph changes'`;
    const committed = [await rename(), await rename()];

    expect(await subscriber.readRevisions(2)).toEqual(committed);
  });
});
