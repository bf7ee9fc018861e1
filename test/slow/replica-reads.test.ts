import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../src/store/database/database.ts';
import type { ReplicaProblem } from '../../src/store/replicas/check-connection.ts';
import { openReplicas, ReplicaSettingError, type ReplicaSet } from '../../src/store/replicas/replica-set.ts';
import { createClient, type TestClient } from '../support/http/client.ts';
import { startHttpServer } from '../support/http/http-server.ts';
import { createMutations, type Mutations } from '../support/mutations/mutations.ts';
import { startCluster, type Cluster, type Replica } from '../support/postgresql/cluster.ts';
import { queryOnce } from '../support/postgresql/server.ts';
import { buildWorld, subjects, units } from '../support/world/world.ts';

const DATABASE = 'register';

let primary: Cluster;
let replica: Replica;
let database: Database;
let replicas: ReplicaSet;
let client: TestClient;
let mutations: Mutations;
let seen: (ReplicaProblem | 'in use')[] = [];
let primaryStatements: string[] = [];
let replicaStatements: string[] = [];

beforeAll(async () => {
  primary = await startCluster({ shared_buffers: '32MB' });
  const url = await primary.createDatabase(DATABASE);
  database = await openDatabase({ kind: 'server', url }, ({ sql }) => primaryStatements.push(sql));
  await buildWorld(database);
  replica = await primary.startReplica();
  replicas = await openReplicas([replica.url(DATABASE)], database, {
    onChange: ({ problem }) => seen.push(problem ?? 'in use'),
    observe: ({ sql }) => replicaStatements.push(sql),
  });
  client = createClient(database, { replicas });
  mutations = createMutations(createClient(database, { replicas, as: subjects.operator }));
  await waitFor('in use');
});
afterAll(async () => {
  await replicas.close();
  await database.close();
  await replica.remove();
  await primary.remove();
});
beforeEach(() => {
  seen = [];
  primaryStatements = [];
  replicaStatements = [];
});

/** Waits until the replica has changed to a state. */
async function waitFor(state: ReplicaProblem | 'in use'): Promise<void> {
  while (seen.at(-1) !== state) await sleep(20);
}

async function rename(name: string): Promise<number> {
  const { payload } = await mutations.updateUnit({ reshId: units.ward, name });
  if (!payload?.change) throw new Error('The change was refused.');
  return payload.change.revision;
}

async function waitForReplay(revision: number): Promise<void> {
  const read = () => queryOnce(replica.url(DATABASE), 'select max(revision) as newest from change');
  while (Number((await read())[0]?.['newest']) < revision) await sleep(20);
}

async function readWard(): Promise<unknown> {
  const { data, errors } = await client.send({ query: `{ revision unit(reshId: ${units.ward}) { name } }` });
  expect(errors).toBeUndefined();
  return data;
}

function countReads(statements: readonly string[]): number {
  return statements.filter((sql) => sql.includes('unit_version')).length;
}

describe('a register with a replica', () => {
  it('reads the newest revision on the primary, and all else on the replica that has reached it', async () => {
    const revision = await rename('Read on the replica');
    await waitForReplay(revision);
    primaryStatements = [];

    expect(await readWard()).toEqual({ revision, unit: { name: 'Read on the replica' } });
    expect(countReads(primaryStatements)).toBe(0);
    expect(countReads(replicaStatements)).toBe(1);
    expect(replicaStatements.filter((sql) => sql.includes('newest revision'))).toEqual([]);
  });

  it('reads nothing of a mutation on the replica', async () => {
    await rename('Written');

    expect(replicaStatements).toEqual([]);
  });

  it('reads on the primary what the replica has not received, and leaves it out until it has', async () => {
    await queryOnce(replica.url('postgres'), 'select pg_wal_replay_pause()');
    const revision = await rename('Not replayed');
    primaryStatements = [];

    expect(await readWard()).toEqual({ revision, unit: { name: 'Not replayed' } });
    expect(countReads(primaryStatements)).toBe(1);
    await waitFor('late');
    await queryOnce(replica.url('postgres'), 'select pg_wal_replay_resume()');
    await waitFor('in use');
    primaryStatements = [];
    await readWard();
    expect(countReads(primaryStatements)).toBe(0);
    expect(seen).toEqual(['late', 'in use']);
  });

  it.each(['crash', 'freeze'] as const)(
    'repeats on the primary what a replica did not answer, after a %s',
    async (kind) => {
      const revision = await rename(`Before a ${kind}`);
      await waitForReplay(revision);
      if (kind === 'freeze') replica.freeze();

      const reading = Promise.all(Array.from({ length: 8 }, () => readWard()));
      if (kind === 'crash') await replica.stop('SIGQUIT');
      const answers = await reading;
      await waitFor('unreachable');
      const isLeftOut = replicas.choose() === undefined;
      if (kind === 'crash') await replica.start();
      else replica.thaw();
      await waitFor('in use');

      expect(answers).toEqual(Array(8).fill({ revision, unit: { name: `Before a ${kind}` } }));
      expect(isLeftOut).toBe(true);
      expect(seen).toEqual(['unreachable', 'in use']);
    },
  );

  it('writes the same extract from the replica as from the primary', async () => {
    const revision = await rename('Extracted');
    await waitForReplay(revision);
    const withReplica = await startHttpServer(database, { replicas });
    const without = await startHttpServer(database);
    const read = async ({ url }: { url: string }) => (await fetch(new URL('/extracts/units.csv', url))).text();
    primaryStatements = [];

    const fromReplica = await read(withReplica);

    expect(countReads(primaryStatements)).toBe(0);
    expect(countReads(replicaStatements)).toBeGreaterThan(0);
    expect(fromReplica).toBe(await read(without));
    await Promise.all([withReplica.close(), without.close()]);
  });
});

describe('a server that is no replica of the register', () => {
  it('is refused if it accepts writes', async () => {
    const opening = openReplicas([primary.url(DATABASE)], database, { onChange: () => {} });

    await expect(opening).rejects.toThrow(ReplicaSettingError);
    await expect(opening).rejects.toThrow(/accepts writes, so it is not a replica/);
  });

  it('is refused if it belongs to another database system', async () => {
    const other = await startCluster({ shared_buffers: '32MB' });
    const otherUrl = await other.createDatabase(DATABASE);
    try {
      await (await openDatabase({ kind: 'server', url: otherUrl })).close();

      await expect(openReplicas([otherUrl], database, { onChange: () => {} })).rejects.toThrow(
        /127\.0\.0\.1:\d+\/register, which cannot be used: It belongs to database system \d+/,
      );
    } finally {
      await other.remove();
    }
  });

  it('is left out if it cannot be reached, and the register is read without it', async () => {
    const problems: unknown[] = [];
    const unreachable = await openReplicas(['postgresql://127.0.0.1:1/register'], database, {
      onChange: ({ problem }) => problems.push(problem),
    });

    const { errors } = await createClient(database, { replicas: unreachable }).send({ query: '{ revision }' });

    expect(errors).toBeUndefined();
    expect(problems).toEqual(['unreachable']);
    await unreachable.close();
  });
});
