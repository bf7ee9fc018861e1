import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { BulkSession } from './bulk-session.ts';
import type { Connection } from './connection.ts';
import { listenForChanges } from './notification-listener.ts';
import { createSemaphore } from './semaphore.ts';
import { sessionSettings } from './session-settings.ts';
import type { SqlClient } from './sql-client.ts';

const DATE_OID = 1082;
const TIMESTAMPTZ_OID = 1184;

const textOids = new Set<number>([DATE_OID, TIMESTAMPTZ_OID]);
const typeParsers = {
  getTypeParser: ((oid: Parameters<typeof pg.types.getTypeParser>[0], format?: 'text'): unknown =>
    textOids.has(oid) ? asText : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

// The server cancels statements that take longer, so that no client can block it; bulk work has no timeout.
const STATEMENT_TIMEOUT_MS = 60_000;

// Most servers use their local time zone, but the adapter ignores the offset of an instant and expects ISO dates.
const timeSettings = "set timezone = 'UTC'; set datestyle = 'ISO'";

const statementNames = new Map<string, string>();

// The register's lock lets one change run at a time. Changes wait here without a connection: ten changes that wait for
// the lock would leave no connection for queries.
const MAX_CONCURRENT_CHANGES = 2;

// An arbitrary number. Every process that migrates a database takes this lock first.
const MIGRATION_LOCK = 7_374_001;

/** Connects to a PostgreSQL server; throws the driver's error if the server is unreachable. */
export async function openServerConnection(url: string): Promise<Connection> {
  const pool = createPool({
    connectionString: url,
    max: 10,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    onConnect: async (client) => {
      await client.query(`${timeSettings}; ${sessionSettings}`);
    },
  });
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

function createPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ connectionTimeoutMillis: 10_000, ...config });
  // Without error listeners a terminated back end would crash the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

// The same text always gets the same name, so the server parses and plans it once on each connection. The number of
// texts has no limit, so texts beyond a bound get no name.
function generateStatementName({ sql }: { sql: string }): string {
  const existingName = statementNames.get(sql);
  if (existingName) return existingName;
  if (statementNames.size >= 5_000) return '';
  const name = `resh_${statementNames.size + 1}`;
  statementNames.set(sql, name);
  return name;
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

function asText(value: string): string {
  return value;
}
