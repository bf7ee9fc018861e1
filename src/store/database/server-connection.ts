import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { BulkSession } from './bulk-session.ts';
import type { Connection } from './connection.ts';
import { listenForChanges } from './notification-listener.ts';
import { createSemaphore, createSerialRunner } from './semaphore.ts';
import { createPool, createSessionPool, STATEMENT_TIMEOUT_MS, timeSettings, typeParsers } from './server-pool.ts';
import { changeSettings } from './session-settings.ts';
import type { SqlClient } from './sql-client.ts';
import { generateStatementName } from './statement-name.ts';
import { trackStatements, type TrackedClient } from './statement-tracker.ts';

// The register's lock lets one transaction change the register at a time. The next one starts while it commits.
const MAX_CONCURRENT_CHANGES = 2;

// An arbitrary number. Every process that migrates a database takes this lock first.
const MIGRATION_LOCK = 7_374_001;

/** Connects to a PostgreSQL server; throws the driver's error if the server is unreachable. */
export async function openServerConnection(url: string): Promise<Connection> {
  const pool = createSessionPool({ connectionString: url });
  // Changes send statements without waiting for the answers to those before, which COPY cannot share.
  const changePool = createSessionPool(
    { connectionString: url, max: MAX_CONCURRENT_CHANGES, pipeline: true },
    changeSettings.map((setting) => `set ${setting}`).join('; '),
  );
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
    client: createNamedClient(pool),
    bulk: (work) => runBulkWork(pool, work),
    transaction: (work) => withChangeSlot(() => runTransaction(changePool, work)),
    listen: (onNotify) => listenForChanges(url, onNotify),
    close: async () => {
      await Promise.all([pool.end(), changePool.end()]);
    },
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

// The texts are few, so these are named like Prisma's.
function createNamedClient(client: pg.Pool | pg.PoolClient): SqlClient {
  return {
    query: async (text, values = []) => {
      const name = generateStatementName({ sql: text });
      const { rows } = await client.query({ text, name, types: typeParsers, values: [...values] });
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
  // Without a pipeline, the driver sends a statement only after the answer to the one before.
  const runExclusively = createSerialRunner();
  return {
    query: (text, values = []) =>
      runExclusively(async () => {
        const { rows } = await client.query({ text, types: typeParsers, values: [...values] });
        return rows as never;
      }),
    execute: (text) =>
      runExclusively(async () => {
        await client.query(text);
      }),
    copyFrom: (target, chunks) =>
      runExclusively(() =>
        pipeline(Readable.from(chunks), client.query(copyFrom(`copy ${target} from stdin with (format csv)`))),
      ),
  };
}

async function runTransaction<T>(pool: pg.Pool, work: (client: TrackedClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    const transaction = trackStatements(createNamedClient(client));
    // The tracked client keeps the error.
    transaction.query('begin isolation level read committed').catch(() => {});
    const result = await work(transaction);
    // A server that has refused a statement answers the commit with a rollback.
    await Promise.all([transaction.settle(), client.query('commit')]);
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
