import { getMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { pino, type Logger } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../src/server/server.ts';
import { connect, databaseOn, type Database } from '../../src/store/database/database.ts';
import { openTestDatabase } from '../support/database.ts';
import { followFeed, subscription, type Follower, type Following } from '../support/feed-follower.ts';
import { listenOn, type ListeningServer } from '../support/http-server.ts';
import { revisionOf } from '../support/changing-world.ts';
import { tokenFor } from '../support/tokens.ts';
import { actor, buildWorld, subjects, units as u, worldDay } from '../support/world.ts';

let database: Database;
let server: ListeningServer;
beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
  server = await listenOn(database, { today: () => worldDay });
});
afterAll(async () => {
  await server.close();
  await database.close();
});

const followers: Follower[] = [];
const follow = async (following: Following = {}, url = server.url): Promise<Follower> => {
  const follower = await followFeed(url, following);
  followers.push(follower);
  return follower;
};
afterEach(() => {
  for (const follower of followers.splice(0)) follower.leave();
});

interface Ended {
  readonly reason: string;
  readonly told: number;
}

/** A log, and the ends of subscriptions that were written to it. */
const listeningLog = (): { log: Logger; ended: Ended[] } => {
  const ended: Ended[] = [];
  const write = (line: string): void => {
    const { msg, reason, told } = JSON.parse(line) as Ended & { msg: string };
    if (msg === 'subscription ended') ended.push({ reason, told });
  };
  return { log: pino({ level: 'info' }, { write }), ended };
};

const until = async (isSo: () => boolean): Promise<void> => {
  for (let waited = 0; waited < 500 && !isSo(); waited += 1) await new Promise((resolve) => setTimeout(resolve, 10));
};

let renamed = 0;
const rename = async (reshId: number = u.ward): Promise<number> =>
  revisionOf(await actor(database, subjects.operator).updateUnit({ reshId, name: `Name ${(renamed += 1)}` }));

describe('the subscription to changes', () => {
  it('tells what was missed, then each change as it is made, in one order and each once', async () => {
    const before = [await rename(), await rename(), await rename()];
    const follower = await follow({ since: before[0] as number });
    expect(await follower.revisions(2)).toEqual(before.slice(1));

    const after = [await rename(), await rename()];
    expect(await follower.revisions(2)).toEqual(after);
  });

  it('tells only what comes where it is not told since when, and of each change what is asked', async () => {
    const follower = await follow({ fields: 'revision operation units { nodes { reshId kinds unit { name } } }' });
    const revision = await rename(u.clinic);
    expect(await follower.next()).toEqual({
      data: {
        changes: {
          revision,
          operation: 'UPDATE_UNIT',
          units: { nodes: [{ reshId: u.clinic, kinds: ['RENAMED'], unit: { name: `Name ${renamed}` } }] },
        },
      },
    });
  });

  it('goes on where a client left, however often it leaves', async () => {
    let since = await rename();
    const told: number[] = [];
    const made: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const follower = await follow({ since });
      made.push(await rename(), await rename());
      told.push(...(await follower.revisions(1 + (round % 2))));
      follower.leave();
      since = told.at(-1) ?? since;
    }
    const last = await follow({ since });
    told.push(...(await last.revisions(made.length - told.length)));
    expect(told).toEqual(made);
  });

  it('tells within a unit what concerns it, and passes the rest by', async () => {
    const since = await rename();
    const follower = await follow({ since, within: u.south });
    await rename(u.ward);
    const there = await rename(u.southClinic);
    await rename(u.ward);
    const thereAgain = await rename(u.privateClinic);
    expect(await follower.revisions(2)).toEqual([there, thereAgain]);
  });

  it('serves many at once', async () => {
    const since = await rename();
    const many = await Promise.all(Array.from({ length: 30 }, () => follow({ since })));
    const made = [await rename(), await rename(), await rename()];
    expect(await Promise.all(many.map((follower) => follower.revisions(3)))).toEqual(many.map(() => made));
  });

  it('can be asked for by GET, and goes on after the id of the last event, as an EventSource does', async () => {
    const since = (await rename()) - 1;
    const query = encodeURIComponent(`subscription { changes(since: ${since}) { revision } }`);
    /** The first event, and nothing before it but the colon that begins */
    const firstEvent = async (headers: Record<string, string>): Promise<string> => {
      const gone = new AbortController();
      const response = await fetch(`${server.url}?query=${query}`, {
        headers: { accept: 'text/event-stream', ...headers },
        signal: gone.signal,
      });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (!/^event.*\n\n/ms.test(text)) text += (await reader?.read())?.value ?? '';
      gone.abort();
      return text.replace(/^:\n\n/, '').replace(/(?<=\n\n).*/s, '');
    };
    const eventOf = (revision: number) =>
      `event: next\ndata: {"data":{"changes":{"revision":${revision}}}}\nid: ${revision}\n\n`;
    expect(await firstEvent({})).toBe(eventOf(since + 1));

    // It connects again by itself, with the same address and the id of the last event.
    const next = await rename();
    expect(await firstEvent({ 'last-event-id': `${since + 1}` })).toBe(eventOf(next));
    expect(await firstEvent({ 'last-event-id': `${since - 1}` })).toBe(eventOf(since + 1));
    expect(await firstEvent({ 'last-event-id': 'a' })).toContain(
      '«Last-Event-ID» is «a», which is no revision: send the id of an event as it came, or leave the header out.',
    );
  });

  it('says that events are coming, to be kept by nobody on the way', async () => {
    const { status, headers } = await follow();
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
  });

  it('refuses what cannot be, before it begins', async () => {
    const newest = await rename();
    const refused = async (following: Following) => {
      const follower = await follow(following);
      const told = await follower.next();
      expect(await follower.next()).toBeUndefined();
      return told?.errors?.map(({ message, extensions }) => [extensions?.['code'], message]);
    };
    expect(await refused({ since: newest + 1 })).toEqual([
      [
        'BAD_INPUT',
        `«since» is ${newest + 1}, and the newest revision is ${newest}: give the nextSince of an earlier answer, or 0 to begin.`,
      ],
    ]);
    const deep = (levels: number): string => (levels === 0 ? 'name' : `parent { ${deep(levels - 1)} }`);
    expect(await refused({ fields: `units { nodes { unit { ${deep(24)} } } }` })).toEqual([
      ['LIMIT_EXCEEDED', expect.stringContaining('levels deep, and 24 are allowed')],
    ]);
  });

  it('gives a code to each error, of the operation and of its variables too', async () => {
    const codesOf = async (query: string) => {
      const response = await fetch(`${server.url}?query=${encodeURIComponent(query)}`, {
        headers: { accept: 'text/event-stream' },
      });
      return [...(await response.text()).matchAll(/"code":"(\w+)"/g)].map(([, code]) => code);
    };
    expect(await codesOf('subscription { nothing }')).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(await codesOf('subscription ($since: Revision!) { changes(since: $since) { revision } }')).toEqual([
      'BAD_INPUT',
    ]);
  });
});

describe('the subscriptions of one process', () => {
  it('are a thousand at most, also where more come at once, and one that ends makes room', async () => {
    const [gone, stopping] = [new AbortController(), new AbortController()];
    const own = createServer({ database, log: pino({ level: 'silent' }), stopping: stopping.signal });
    const begin = async (signal: AbortSignal | null = null) =>
      own.fetch(`http://127.0.0.1/graphql?query=${encodeURIComponent(subscription())}`, {
        headers: { accept: 'text/event-stream' },
        signal,
      });
    await begin(gone.signal);
    const many = await Promise.all(Array.from({ length: 1_004 }, () => begin()));
    gone.abort();
    const late = await begin();
    stopping.abort();

    expect(getMaxListeners(stopping.signal)).toBe(1_000);
    const told = await Promise.all(many.map((response) => response.text()));
    const refused = told.filter((text) => text.includes('"code":"LIMIT_EXCEEDED"'));
    expect(refused).toHaveLength(5);
    expect(refused[0]).toContain(
      'This server has 1000 subscriptions, and no more are allowed. Ask for changes(since:) instead, or try again later.',
    );
    expect(await late.text()).not.toContain('errors');
  });

  it('do not count one that is asked for as something else than events, which is refused', async () => {
    const { log, ended } = listeningLog();
    const own = createServer({ database, log });
    const response = await own.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: subscription() }),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([406, 'application/json; charset=utf-8']);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'A subscription is told as Server-Sent Events: ask for it with «Accept: text/event-stream».',
          extensions: { code: 'BAD_INPUT' },
        },
      ],
    });
    expect(ended).toEqual([{ reason: 'client left', told: 0 }]);
  });
});

describe('the end of a subscription', () => {
  it('comes when its client goes away, whether it waits or not', async () => {
    const { log, ended } = listeningLog();
    const own = await listenOn(database, { log, today: () => worldDay });
    try {
      const [waiting, reading] = [await follow({}, own.url), await follow({ since: 0 }, own.url)];
      await reading.revisions(1);
      waiting.leave();
      reading.leave();
      await until(() => ended.length === 2);
      expect(ended.map(({ reason }) => reason)).toEqual(['client left', 'client left']);
    } finally {
      await own.close();
    }
  });

  it('comes when its client goes away before it has begun', async () => {
    const { log, ended } = listeningLog();
    const gone = new AbortController();
    const own = await listenOn(database, {
      log,
      authenticate: {
        verify: async (subject) => {
          const left = new Promise((resolve) => sockets[0]?.once('close', resolve));
          gone.abort();
          await left;
          return { subject, name: null, expiresAt: new Date(Date.now() + 60_000) };
        },
      },
    });
    const sockets: Socket[] = [];
    own.http.on('connection', (socket) => sockets.push(socket));
    try {
      const asked = fetch(`${own.url}?query=${encodeURIComponent(subscription())}`, {
        headers: { accept: 'text/event-stream', authorization: 'Bearer somebody' },
        signal: gone.signal,
      });
      await expect(asked).rejects.toThrow('aborted');
      await until(() => ended.length === 1);
      expect(ended).toEqual([{ reason: 'client left', told: 0 }]);
    } finally {
      await own.close();
    }
  });

  it('comes at once when the server stops, and the client is told so', async () => {
    const stopping = new AbortController();
    const { log, ended } = listeningLog();
    const own = await listenOn(database, { log, stopping: stopping.signal });
    try {
      const follower = await follow({}, own.url);
      const next = follower.next();
      stopping.abort();
      expect(await next).toBeUndefined();
      expect(ended).toEqual([{ reason: 'server stops', told: 0 }]);
      const late = await (await follow({}, own.url)).next();
      expect(late?.errors?.[0]?.extensions).toEqual({ code: 'STOPPING' });
    } finally {
      await own.close();
    }
  });

  it('comes when the server stops at whatever moment of its beginning', async () => {
    for (let turns = 0; turns < 40; turns += 1) {
      const stopping = new AbortController();
      const own = createServer({ database, log: pino({ level: 'silent' }), stopping: stopping.signal });
      const response = own.fetch(`http://127.0.0.1/graphql?query=${encodeURIComponent(subscription())}`, {
        headers: { accept: 'text/event-stream' },
      });
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      stopping.abort();
      expect(await (await response).text()).toContain('event: complete');
    }
  });

  it('comes with its token, and the client is told so', async () => {
    const own = await listenOn(database, {
      authenticate: {
        verify: async (subject) => ({ subject, name: null, expiresAt: new Date(Date.now() + 300) }),
      },
    });
    try {
      const follower = await follow({ headers: { authorization: 'Bearer somebody' } }, own.url);
      expect(await follower.next()).toEqual({
        errors: [
          {
            message: 'The token has expired. Subscribe again with a fresh one, and «since».',
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      });
      expect(await follower.next()).toBeUndefined();
    } finally {
      await own.close();
    }
  });

  it('is the beginning where reading needs a token and none is sent', async () => {
    const own = await listenOn(database, { readAccess: 'token' });
    try {
      expect((await follow({}, own.url)).status).toBe(401);
      const authorization = `Bearer ${await tokenFor(subjects.clinic)}`;
      expect((await follow({ headers: { authorization } }, own.url)).status).toBe(200);
    } finally {
      await own.close();
    }
  });

  it('does not come to one that has read everything, however long nothing is changed', async () => {
    const own = await listenOn(database, { patienceMs: 200, today: () => worldDay });
    try {
      const follower = await follow({}, own.url);
      const first = await rename();
      expect(await follower.revisions(1)).toEqual([first]);
      await new Promise((resolve) => setTimeout(resolve, 700));
      const second = await rename();
      expect(await follower.revisions(1)).toEqual([second]);
    } finally {
      await own.close();
    }
  });

  it('comes when a client reads nothing: no more is read for it than one answer, and its last word says why', async () => {
    const since = await rename();
    for (let n = 0; n < 10; n += 1) await rename();
    const { log, ended } = listeningLog();
    const own = createServer({ database, log, patienceMs: 300, today: () => worldDay });
    // Each answer is larger than what the stream holds.
    const much = Array.from({ length: 400 }, (_, n) => `hash${n}: hash`).join(' ');
    const response = await own.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: subscription(`revision ${much}`), variables: { since } }),
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = Buffer.from((await reader.read()).value ?? []).toString();

    await until(() => ended.length === 1);
    expect(ended).toEqual([{ reason: 'slow consumer', told: expect.any(Number) as number }]);
    expect(ended[0]?.told).toBeLessThanOrEqual(2);
    for (let part = await reader.read(); !part.done; part = await reader.read())
      text += Buffer.from(part.value).toString();
    expect(text.match(/"revision":\d+/g)).toEqual(
      Array.from({ length: ended[0]?.told ?? 0 }, (_, n) => `"revision":${since + 1 + n}`),
    );
    expect(text).toContain(
      '{"errors":[{"message":"Nothing was read for 0.3 seconds. Subscribe again with the revision of the last change as «since».","extensions":{"code":"SLOW_CONSUMER"}}]}\n\nevent: complete',
    );
  });
});

describe('a change made through another process', () => {
  it('is told as soon as it is committed', async ({ skip }) => {
    if (database.kind === 'embedded') return skip('An embedded register has one process.');
    const [{ url }] = await database.prisma.$queryRaw<[{ url: string }]>`
      select 'postgres://' || current_user || '@' || host(inet_server_addr()) || ':' || inet_server_port() || '/' || current_database() as url`;
    const other = databaseOn(await connect({ kind: 'server', url }));
    try {
      const follower = await follow();
      const begun = performance.now();
      const revision = revisionOf(
        await actor(other, subjects.operator).updateUnit({ reshId: u.ward, name: 'By another' }),
      );
      expect(await follower.revisions(1)).toEqual([revision]);
      expect(performance.now() - begun).toBeLessThan(4_000);
    } finally {
      await other.close();
    }
  });

  it('is told although the listening connection was lost', async ({ skip }) => {
    if (database.kind === 'embedded') return skip('An embedded register has no connection to lose.');
    const follower = await follow();
    await rename();
    await follower.revisions(1);
    await database.prisma.$queryRaw`
      select pg_terminate_backend(pid)::text as ended
      from pg_stat_activity
      where datname = current_database() and application_name = 'resh-graph changes'`;
    const made = [await rename(), await rename()];
    expect(await follower.revisions(2)).toEqual(made);
  });
});
