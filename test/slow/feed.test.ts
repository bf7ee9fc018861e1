import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Changes } from '../support/changes.ts';
import { revisionOf } from '../support/changing-world.ts';
import { openTestDatabase } from '../support/database.ts';
import { followFeed, subscription } from '../support/feed-follower.ts';
import { listenOn } from '../support/http-server.ts';
import { createProcessRegister, type ProcessRegister, type ServerProcess } from '../support/server-process.ts';
import { actor, buildWorld, subjects, units, worldDay } from '../support/world.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Three processes need a database that all of them can open.
const isServer = inject('testDatabaseSource').kind === 'server';
if (!isServer)
  process.stderr.write('SKIPPED: the feed of three server processes needs PostgreSQL (TEST_DATABASE_URL).\n');

describe.skipIf(!isServer)('three servers, eight writers and twenty subscribers that come and go', () => {
  const SECONDS = 60;
  const [WRITERS, SUBSCRIBERS] = [8, 20];

  let register: ProcessRegister;
  const servers: ServerProcess[] = [];
  beforeAll(async () => {
    register = await createProcessRegister(buildWorld);
    servers.push(...(await Promise.all([1, 2, 3].map(() => register.startServer()))));
  });
  afterAll(() => register.remove());

  const serverOf = (n: number): ServerProcess => servers[n % servers.length] as ServerProcess;

  const own = [
    ...[units.clinic, units.ward, units.secondWard, units.secondClinic],
    ...[units.siblingClinic, units.southClinic, units.privateClinic, units.privateHospital],
  ];
  const nextChange = (changes: Changes, writer: number, n: number) => {
    if (n % 5 === 4)
      return changes.moveUnit({
        reshId: units.ward,
        newParentReshId: own[(n + writer) % 2 === 0 ? 3 : 5],
      });
    return changes.updateUnit({ reshId: own[writer] as number, name: `Writer ${writer} change ${n}` });
  };

  /** Writes through a server that stays; the revisions it was told. */
  const write = async (writer: number, until: number): Promise<number[]> => {
    const revisions: number[] = [];
    const changes = serverOf(writer % 2).as(subjects.operator);
    for (let n = 0; Date.now() < until; n += 1) revisions.push(revisionOf(await nextChange(changes, writer, n)));
    return revisions;
  };

  interface Subscriber {
    readonly told: number[];
    connections: number;
  }

  /** Follows until it has been told the last revision, or knows that there is none of concern left, and is torn away again and again. */
  const follow = async (
    subscriber: Subscriber,
    n: number,
    within: number | undefined,
    last: () => number | undefined,
  ): Promise<void> => {
    const { told } = subscriber;
    for (;;) {
      const lastNow = last();
      if (lastNow !== undefined && (told.at(-1) ?? 0) >= lastNow) return;
      const server = serverOf(n + subscriber.connections);
      subscriber.connections += 1;
      try {
        const follower = await followFeed(server.url, {
          since: told.at(-1) ?? 0,
          ...(within !== undefined && { within }),
          headers: await server.headersOf(subjects.regional),
        });
        const torn = setTimeout(() => follower.leave(), 50 + Math.random() * 3_000);
        try {
          for (let answer = await follower.next(); answer?.data; answer = await follower.next()) {
            told.push(answer.data.changes.revision);
            if (n % 5 === 0) await pause(Math.random() * 20);
          }
        } finally {
          clearTimeout(torn);
          follower.leave();
        }
      } catch {
        // It was torn away, or its server was killed.
        await pause(20);
      }
    }
  };

  it(`tell each subscriber every revision once, in order, for ${SECONDS} s`, async () => {
    const until = Date.now() + SECONDS * 1_000;
    const withins = Array.from({ length: SUBSCRIBERS }, (_, n) => (n % 4 === 3 ? units.southTrust : undefined));
    const subscribers = withins.map((): Subscriber => ({ told: [], connections: 0 }));
    const lastOf = new Map<number | undefined, number>();
    const following = Promise.all(
      subscribers.map((subscriber, n) => follow(subscriber, n, withins[n], () => lastOf.get(withins[n]))),
    );
    const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer, until)));
    // The third server, through which nobody writes, is killed twice, and another takes its place.
    for (let round = 0; round < 2; round += 1) {
      await pause((SECONDS / 3) * 1_000);
      await servers[2]?.end('SIGKILL');
      servers[2] = await register.startServer();
    }
    const written = (await writing).flat().sort((one, other) => one - other);
    const last = written.at(-1) ?? 0;
    const all = Array.from({ length: last }, (_, n) => n + 1);
    expect(written).toEqual(all.slice(1));

    const concerning: number[] = [];
    for (let since = 0; since < last;) {
      const { data } = await serverOf(0).ask(subjects.regional, {
        query: `query Within($since: Revision) { changes(since: $since, within: ${units.southTrust}, first: 100) { changes { revision } nextSince } }`,
        variables: { since },
      });
      const { changes, nextSince } = (data as { changes: { changes: { revision: number }[]; nextSince: number } })
        .changes;
      concerning.push(...changes.map(({ revision }) => revision));
      since = nextSince;
    }
    lastOf.set(undefined, last);
    lastOf.set(units.southTrust, concerning.at(-1) ?? 0);
    await following;

    for (const [n, { told }] of subscribers.entries())
      expect(told).toEqual(withins[n] === undefined ? all : concerning);
    expect(concerning.length).toBeGreaterThan(10);
    expect(concerning.length).toBeLessThan(last);
    expect(last).toBeGreaterThan(50);
    expect(subscribers.reduce((sum, { connections }) => sum + connections, 0)).toBeGreaterThan(SUBSCRIBERS * 10);
    process.stdout.write(
      `${last} revisions; ${subscribers.reduce((sum, { connections }) => sum + connections, 0)} connections of ${SUBSCRIBERS} subscribers\n`,
    );
    const begun = Date.now();
    await Promise.all(servers.map((server) => server.end('SIGTERM')));
    expect(Date.now() - begun).toBeLessThan(5_000);
  });
});

describe('clients that read nothing', () => {
  const [CLIENTS, CHANGES] = [40, 300];

  it('cost no memory beyond what lies on the way to them, and are let go', async () => {
    const database = await openTestDatabase();
    await buildWorld(database);
    const operator = actor(database, subjects.operator);
    for (let n = 0; n < CHANGES; n += 1) await operator.updateUnit({ reshId: units.ward, name: `Name ${n}` });
    const server = await listenOn(database, { today: () => worldDay, patienceMs: 3_000 });
    // 110 kB each: were they all read for a client, it would be 33 MB, and for all of them more than 1 GB.
    const much = Array.from({ length: 1_400 }, (_, n) => `hash${n}: hash`).join(' ');
    const body = JSON.stringify({ query: subscription(`revision ${much}`), variables: { since: 0 } });
    const gone: Promise<void>[] = [];
    try {
      const before = process.memoryUsage().rss;
      await Promise.all(
        Array.from({ length: CLIENTS }, async () => {
          const sent = request(server.url, { method: 'POST', headers: { 'content-type': 'application/json' } });
          const answered = new Promise<IncomingMessage>((resolve, reject) => {
            sent.on('response', resolve);
            sent.on('error', reject);
          });
          sent.end(body);
          const response = await answered;
          response.on('error', () => {});
          gone.push(new Promise((resolve) => response.once('close', resolve)));
          response.pause();
        }),
      );
      let most = 0;
      const connections = () => new Promise<number>((resolve) => server.http.getConnections((_error, n) => resolve(n)));
      for (let waited = 0; waited < 600 && (await connections()) > 0; waited += 1) {
        most = Math.max(most, process.memoryUsage().rss - before);
        await pause(100);
      }
      expect(await connections()).toBe(0);
      process.stdout.write(`${CLIENTS} clients that read nothing: at most ${Math.round(most / 1e6)} MB more\n`);
      expect(most).toBeLessThan(500e6);
    } finally {
      await server.close();
      await database.close();
    }
  });
});
