import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import type { LedgerHead } from '../database/newest-revision.ts';
import { createSessionPool } from '../database/server-pool.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { checkIdentity, checkRevision, UnsuitableReplicaError, type PrimaryIdentity } from './check-connection.ts';

/** Connections to a replica. A statement runs only on one that has confirmed the revision at which it reads. */
export interface ReplicaConnections {
  /** Pool for Prisma; its statements must run within `readAt` */
  readonly pool: pg.Pool;
  /**
   * Runs work whose statements read at a revision.
   *
   * @param onFailure receives the error of a statement that could not be answered here
   */
  readAt<T>(pin: LedgerHead, work: () => Promise<T>, onFailure: (error: unknown) => void): Promise<T>;
  /**
   * Checks that a connection has a revision.
   *
   * @throws UnsuitableReplicaError, or the driver's error
   */
  confirm(pin: LedgerHead): Promise<void>;
  /** Breaks off running statements, and closes all connections; later statements open new ones. */
  reset(): void;
  close(): Promise<void>;
}

interface PinnedRead {
  readonly pin: LedgerHead;
  readonly onFailure: (error: unknown) => void;
}

const CONNECT_TIMEOUT_MS = 2_000;
const CHECK_TIMEOUT_MS = 2_000;
const NOTHING_CONFIRMED = -1;

/** Creates the pool of a replica; connects with the first statement. */
export function createReplicaConnections(url: string, identity: PrimaryIdentity): ReplicaConnections {
  const settings = { connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true };
  const pool = createSessionPool(settings);
  // Checks do not wait for statements, so a replica under load does not look unreachable.
  const checkPool = createSessionPool({ ...settings, max: 1 });
  // Each connection confirms for itself: the one before it may have led to another server, or to the same one before
  // it was restarted, and a replica can show an earlier state after a restart.
  let confirmed = new WeakMap<pg.PoolClient, number>();
  const busy = new Set<pg.PoolClient>();
  const pinnedReads = new AsyncLocalStorage<PinnedRead>();
  for (const each of [pool, checkPool]) each.on('connect', (client) => confirmed.set(client, NOTHING_CONFIRMED));

  const acquire = async (from: pg.Pool): Promise<pg.PoolClient> => {
    const client = await from.connect();
    if (confirmed.has(client)) {
      busy.add(client);
      return client;
    }
    client.release(true);
    return acquire(from);
  };
  // A reset releases busy connections before the work on them ends.
  const release = (client: pg.PoolClient, isBroken: boolean): void => {
    if (busy.delete(client)) client.release(isBroken);
  };
  const withClient = async <T>(from: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await acquire(from);
    try {
      const result = await work(client);
      release(client, false);
      return result;
    } catch (error) {
      release(client, !(error instanceof UnsuitableReplicaError));
      throw error;
    }
  };
  const confirm = async (client: pg.PoolClient, pin: LedgerHead): Promise<void> => {
    const checks = createCheckClient(client);
    if (confirmed.get(client) === NOTHING_CONFIRMED) await checkIdentity(checks, identity);
    await checkRevision(checks, pin, identity);
    confirmed.set(client, pin.revision);
  };
  const query = async (config: pg.QueryArrayConfig): Promise<pg.QueryArrayResult> => {
    const read = pinnedReads.getStore();
    if (!read) throw new Error('A statement on a replica has no revision at which it reads.');
    try {
      return await withClient(pool, async (client) => {
        if ((confirmed.get(client) ?? NOTHING_CONFIRMED) < read.pin.revision) await confirm(client, read.pin);
        return client.query(config);
      });
    } catch (error) {
      read.onFailure(error);
      throw error;
    }
  };
  return {
    // Prisma calls this form only.
    pool: Object.assign(pool, { query: query as pg.Pool['query'] }),
    readAt: (pin, work, onFailure) => pinnedReads.run({ pin, onFailure }, work),
    confirm: (pin) => withClient(checkPool, (client) => confirm(client, pin)),
    reset: () => {
      confirmed = new WeakMap();
      for (const client of busy) release(client, true);
    },
    close: async () => {
      for (const client of busy) release(client, true);
      await Promise.all([pool.end(), checkPool.end()]);
    },
  };
}

// A server that does not answer must not hold up the check.
function createCheckClient(client: pg.PoolClient): SqlClient {
  return {
    query: async (text, values = []) => {
      const config = { text, values: [...values], query_timeout: CHECK_TIMEOUT_MS };
      return (await client.query(config)).rows as never;
    },
  };
}
