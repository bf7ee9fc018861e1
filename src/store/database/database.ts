import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaClient } from '../../generated/prisma/client.js';
import type { SqlClient } from '../change/ledger.ts';
import { readNewestRevision } from '../read/revisions.ts';
import type { BulkSession } from './bulk-session.ts';
import { openEmbeddedConnection } from './embedded.ts';
import { applyMigrations } from './migrations.ts';
import { createRevisionNotifier, type RevisionNotifier } from './revision-notifier.ts';
import { openServerConnection } from './server-connection.ts';
import { observeQuery, observeStatements, type StatementObserver } from './statement-observer.ts';

/** Where a register is kept, before it is opened. */
export type DatabaseLocation =
  /** A PostgreSQL server, 15 or later, by its connection URL */
  | { readonly kind: 'server'; readonly url: string }
  /** The embedded database in a folder; `undefined` keeps it in memory only */
  | { readonly kind: 'embedded'; readonly folder: string | undefined };

/** A connection to either database, before Prisma stands on it. */
export interface Connection {
  readonly kind: DatabaseLocation['kind'];
  readonly factory: SqlMigrationAwareDriverAdapterFactory;
  /** Lends what the schema engine works through, while no other process migrates the same database. */
  migrate<T>(apply: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<T>): Promise<T>;
  /** Lends one session for bulk work: COPY and statements on one connection. */
  bulk<T>(work: (session: BulkSession) => Promise<T>): Promise<T>;
  /**
   * Runs work in one transaction, READ COMMITTED, of which nothing is left where the work fails. On the embedded database it holds
   * the one connection: whatever else is awaited within it waits for ever.
   */
  transaction<T>(work: (tx: SqlClient) => Promise<T>): Promise<T>;
  /** Calls `hear` when a change may have been made, by any process, until the function it gives is called. */
  listen(onNotify: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** An open register: migrated, and reachable through Prisma and through bulk sessions. */
export interface Database extends Pick<Connection, 'kind' | 'bulk' | 'transaction' | 'close'> {
  readonly prisma: PrismaClient;
  readonly revisionNotifier: RevisionNotifier;
  /** Names of the migrations that opening applied */
  readonly appliedMigrations: readonly string[];
}

/**
 * Opens a register and brings it up to the newest migration.
 *
 * @param observe hears of every statement: its text and how long it took
 * @throws DataFolderInUseError where another living process has the embedded database open
 */
export async function openDatabase(location: DatabaseLocation, observe?: StatementObserver): Promise<Database> {
  const connection = await connect(location);
  try {
    return createDatabase(connection, observe, await connection.migrate(applyMigrations));
  } catch (error) {
    await connection.close();
    throw error;
  }
}

export function connect(location: DatabaseLocation): Promise<Connection> {
  return location.kind === 'server' ? openServerConnection(location.url) : openEmbeddedConnection(location.folder);
}

/**
 * A register on a connection to a migrated database.
 *
 * @param observe hears of every statement: its text and how long it took
 * @param appliedMigrations names of the migrations that were applied just now
 */
export function createDatabase(
  connection: Connection,
  observe?: StatementObserver,
  appliedMigrations: readonly string[] = [],
): Database {
  const adapter = observe ? observeStatements(connection.factory, observe) : connection.factory;
  const prisma = new PrismaClient({ adapter });
  const revisionNotifier = createRevisionNotifier({
    readNewest: async () => (await readNewestRevision(prisma)).revision,
    listen: (onNotify) => connection.listen(onNotify),
  });
  return {
    kind: connection.kind,
    prisma,
    revisionNotifier,
    appliedMigrations,
    bulk: (work) => connection.bulk(work),
    transaction: (work) => connection.transaction((tx) => work(observe ? { query: observeQuery(tx, observe) } : tx)),
    close: async () => {
      await revisionNotifier.close();
      await prisma.$disconnect();
      await connection.close();
    },
  };
}
