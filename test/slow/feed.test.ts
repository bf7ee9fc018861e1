import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectRevision } from '../support/mutations/change-assertions.ts';
import { openTestDatabase } from '../support/database/database.ts';
import { subscribeToFeed, buildSubscription } from '../support/http/feed-subscriber.ts';
import { startHttpServer } from '../support/http/http-server.ts';
import type { Mutations } from '../support/mutations/mutations.ts';
import {
  createProcessRegister,
  type ProcessRegister,
  type ServerProcess,
} from '../support/processes/server-process.ts';
import { mutationsAs, buildWorld, subjects, units, worldDay } from '../support/world/world.ts';

function pause(milliseconds: number) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// Three processes need a database on a server.
const isServer = inject('testDatabaseSource').kind === 'server';
if (!isServer)
  process.stderr.write('SKIPPED: the feed of three server processes needs PostgreSQL (TEST_DATABASE_URL).\n');

describe.skipIf(!isServer)('three servers with eight writers and twenty reconnecting subscribers', () => {
  const SECONDS = 60;
  const [WRITERS, SUBSCRIBERS] = [8, 20];

  let register: ProcessRegister;
  const servers: ServerProcess[] = [];
  beforeAll(async () => {
    register = await createProcessRegister(buildWorld);
    servers.push(...(await Promise.all([1, 2, 3].map(() => register.startServer()))));
  });
  afterAll(() => register.remove());

  const pickServer = (n: number): ServerProcess => servers[n % servers.length] as ServerProcess;

  const writerUnits = [
    ...[units.clinic, units.ward, units.secondWard, units.secondClinic],
    ...[units.siblingClinic, units.southClinic, units.privateClinic, units.privateHospital],
  ];
  const nextChange = (changes: Mutations, writer: number, n: number) => {
    if (n % 5 === 4)
      return changes.moveUnit({
        reshId: units.ward,
        newParentReshId: writerUnits[(n + writer) % 2 === 0 ? 3 : 5],
      });
    return changes.updateUnit({ reshId: writerUnits[writer] as number, name: `Writer ${writer} change ${n}` });
  };

  /** Writes through the server that is never killed, and returns the committed revisions. */
  const writeUntil = async (writer: number, deadline: number): Promise<number[]> => {
    const revisions: number[] = [];
    const changes = pickServer(writer % 2).as(subjects.operator);
    for (let n = 0; Date.now() < deadline; n += 1) revisions.push(expectRevision(await nextChange(changes, writer, n)));
    return revisions;
  };

  interface Subscriber {
    readonly received: number[];
    connections: number;
  }

  /**
   * Subscribes, with many interrupted connections, until the last revision has arrived or no relevant revision remains.
   */
  const subscribeUntilLast = async (
    subscriber: Subscriber,
    n: number,
    within: number | undefined,
    last: () => number | undefined,
  ): Promise<void> => {
    const { received } = subscriber;
    const isDone = (): boolean => (received.at(-1) ?? 0) >= (last() ?? Infinity);
    while (!isDone()) {
      const server = pickServer(n + subscriber.connections);
      subscriber.connections += 1;
      try {
        const feedSubscription = await subscribeToFeed(server.url, {
          since: received.at(-1) ?? 0,
          ...(within !== undefined && { within }),
          headers: await server.createHeaders(subjects.regional),
        });
        const disconnectTimer = setTimeout(() => feedSubscription.disconnect(), 50 + Math.random() * 3_000);
        try {
          for (let answer = await feedSubscription.next(); answer?.data; answer = await feedSubscription.next()) {
            received.push(answer.data.changes.revision);
            if (n % 5 === 0) await pause(Math.random() * 20);
          }
        } finally {
          clearTimeout(disconnectTimer);
          feedSubscription.disconnect();
        }
      } catch {
        // The connection was interrupted, or its server was killed.
        await pause(20);
      }
    }
  };

  it(`send each subscriber every revision once, in order, for ${SECONDS} s`, async () => {
    const deadline = Date.now() + SECONDS * 1_000;
    const scopes = Array.from({ length: SUBSCRIBERS }, (_, n) => (n % 4 === 3 ? units.southTrust : undefined));
    const subscribers = scopes.map((): Subscriber => ({ received: [], connections: 0 }));
    const lastRevisionByScope = new Map<number | undefined, number>();
    const subscriptions = Promise.all(
      subscribers.map((subscriber, n) =>
        subscribeUntilLast(subscriber, n, scopes[n], () => lastRevisionByScope.get(scopes[n])),
      ),
    );
    const writes = Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeUntil(writer, deadline)));
    // The third server, which gets no writes, is killed and replaced twice.
    for (let round = 0; round < 2; round += 1) {
      await pause((SECONDS / 3) * 1_000);
      await servers[2]?.end('SIGKILL');
      servers[2] = await register.startServer();
    }
    const writtenRevisions = (await writes).flat().sort((one, other) => one - other);
    const last = writtenRevisions.at(-1) ?? 0;
    const allRevisions = Array.from({ length: last }, (_, n) => n + 1);

    expect(writtenRevisions).toEqual(allRevisions.slice(1));

    const scopedRevisions: number[] = [];
    let since = 0;
    while (since < last) {
      const { data } = await pickServer(0).send(subjects.regional, {
        query:
          `query Within($since: Revision) { changes(since: $since, withinReshId: ${units.southTrust}, first: ` +
          '100) { changes { revision } nextSince } }',
        variables: { since },
      });
      const { changes, nextSince } = (data as { changes: { changes: { revision: number }[]; nextSince: number } })
        .changes;
      scopedRevisions.push(...changes.map(({ revision }) => revision));
      since = nextSince;
    }
    lastRevisionByScope.set(undefined, last);
    lastRevisionByScope.set(units.southTrust, scopedRevisions.at(-1) ?? 0);
    await subscriptions;

    for (const [n, { received }] of subscribers.entries())
      expect(received).toEqual(scopes[n] === undefined ? allRevisions : scopedRevisions);
    expect(scopedRevisions.length).toBeGreaterThan(10);
    expect(scopedRevisions.length).toBeLessThan(last);
    expect(last).toBeGreaterThan(50);

    const connectionCount = subscribers.reduce((sum, { connections }) => sum + connections, 0);
    expect(connectionCount).toBeGreaterThan(SUBSCRIBERS * 10);

    process.stdout.write(`${last} revisions; ${connectionCount} connections of ${SUBSCRIBERS} subscribers\n`);
    const startedAt = Date.now();
    await Promise.all(servers.map((server) => server.end('SIGTERM')));

    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('clients that stop reading', () => {
  const [CLIENTS, CHANGES] = [40, 300];

  it('use no memory beyond their buffers and are disconnected', async () => {
    const database = await openTestDatabase();
    await buildWorld(database);
    const operator = mutationsAs(database, subjects.operator);
    for (let n = 0; n < CHANGES; n += 1) await operator.updateUnit({ reshId: units.ward, name: `Name ${n}` });
    const server = await startHttpServer(database, { today: () => worldDay, slowConsumerTimeoutMs: 3_000 });
    // Each response has 110 kB. Buffering all of them for one client would take 33 MB, and for all clients more than 1
    // GB.
    const manyFields = Array.from({ length: 1_400 }, (_, n) => `hash${n}: hash`).join(' ');
    const body = JSON.stringify({ query: buildSubscription(`revision ${manyFields}`), variables: { since: 0 } });
    const disconnected: Promise<void>[] = [];
    try {
      const before = process.memoryUsage().rss;
      await Promise.all(
        Array.from({ length: CLIENTS }, async () => {
          const clientRequest = request(server.url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
          });
          const responseReceived = new Promise<IncomingMessage>((resolve, reject) => {
            clientRequest.on('response', resolve);
            clientRequest.on('error', reject);
          });
          clientRequest.end(body);
          const response = await responseReceived;
          response.on('error', () => {});
          disconnected.push(new Promise((resolve) => response.once('close', resolve)));
          response.pause();
        }),
      );
      let peakMemory = 0;
      const countConnections = () =>
        new Promise<number>((resolve) => server.http.getConnections((_error, n) => resolve(n)));
      for (let attempts = 0; attempts < 600 && (await countConnections()) > 0; attempts += 1) {
        peakMemory = Math.max(peakMemory, process.memoryUsage().rss - before);
        await pause(100);
      }
      expect(await countConnections()).toBe(0);
      process.stdout.write(`${CLIENTS} clients that read nothing: at most ${Math.round(peakMemory / 1e6)} MB more\n`);
      expect(peakMemory).toBeLessThan(500e6);
    } finally {
      await server.close();
      await database.close();
    }
  });
});
