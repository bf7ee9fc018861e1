import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { BulkSession } from './bulk-session.ts';
import type { Connection } from './connection.ts';
import { listenForChanges } from './notification-listener.ts';
import { createSemaphore } from './semaphore.ts';
import {
  createPool,
  createSessionPool,
  generateStatementName,
  STATEMENT_TIMEOUT_MS,
  timeSettings,
  typeParsers,
} from './server-pool.ts';
import type { SqlClient } from './sql-client.ts';

// The register's lock lets one change run at a time. Changes wait here without a connection: ten changes that wait for
// the lock would leave no connection for queries.
const MAX_CONCURRENT_CHANGES = 2;

// An arbitrary number. Every process that migrates a database takes this lock first.
const MIGRATION_LOCK = 7_374_001;

/** Connects to a PostgreSQL server; throws the driver's error if the server is unreachable. */
export async function openServerConnection(url: string): Promise<Connection> {
  const pool = createSessionPool({ connectionString: url });
  const withChangeSlot = createSemaphore(MAX_CONCURRENT_CHANGES, STATEMENT_TIMEOUT_MS);
  const factory = new PrismaPg(pool, { statementNameGenerator: generateStatementName });
  try {
    (await pool.connect()).release();
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    kind: 'server',
    factory,
    migrate: (apply) => migrate(url, apply),
    client: createPoolClient(pool),
    bulk: (work) => runBulkWork(pool, work),
    transaction: (work) => withChangeSlot(() => runTransaction(pool, work)),
    listen: (onNotify) => listenForChanges(url, onNotify),
    close: () => pool.end(),
  };
}

// The engine takes a lock and leaves it on its connection. If that connection stayed in the pool, no other process
// could open the database. So this pool has two connections: one holds our lock, the engine uses the other.
async function migrate<T>(
  url: string,
  apply: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<T>,
): Promise<T> {
  const pool = createPool({
    connectionString: url,
    max: 2,
    onConnect: async (client) => {
      await client.query(timeSettings);
    },
  });
  try {
    const client = await pool.connect();
    try {
      await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
      return await apply(withUnsplitScripts(new PrismaPg(pool), client));
    } finally {
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}

// The adapter splits a script at every semicolon, also inside function bodies; the server can run the whole script.
function withUnsplitScripts(factory: PrismaPg, client: pg.PoolClient): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () =>
      Object.assign(await factory.connect(), {
        executeScript: async (script: string) => {
          await client.query(script);
        },
      }),
    connectToShadowDb: () => factory.connectToShadowDb(),
  };
}

function createPoolClient(pool: pg.Pool): SqlClient {
  return {
    query: async (text, values = []) => {
      const name = generateStatementName({ sql: text });
      const { rows } = await pool.query({ text, name, types: typeParsers, values: [...values] });
      return rows as never;
    },
  };
}

async function runBulkWork<T>(pool: pg.Pool, work: (session: BulkSession) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('set statement_timeout = 0');
    const result = await work(createBulkSession(client));
    await client.query('reset statement_timeout');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

function createBulkSession(client: pg.PoolClient): BulkSession {
  return {
    query: async (text, values = []) => {
      const { rows } = await client.query({ text, types: typeParsers, values: [...values] });
      return rows as never;
    },
    execute: async (text) => {
      await client.query(text);
    },
    copyFrom: (target, chunks) =>
      pipeline(Readable.from(chunks), client.query(copyFrom(`copy ${target} from stdin with (format csv)`))),
  };
}

async function runTransaction<T>(pool: pg.Pool, work: (client: SqlClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level read committed');
    const result = await work(createTransaction(client));
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // The first error is the one to report; a lost connection cannot roll back and need not.
    const isRolledBack = await client.query('rollback').then(
      () => true,
      () => false,
    );
    client.release(!isRolledBack);
    throw error;
  }
}

// All changes run the same few dozen statements, so these are named like Prisma's. Statements run one at a time.
function createTransaction(client: pg.PoolClient): SqlClient {
  const runExclusively = createSemaphore(1, STATEMENT_TIMEOUT_MS);
  return {
    query: (text, values = []) =>
      runExclusively(async () => {
        const name = generateStatementName({ sql: text });
        const { rows } = await client.query({ text, name, types: typeParsers, values: [...values] });
        return rows as never;
      }),
  };
}
