import { PrismaClient } from '../../generated/prisma/client.js';
import type { Connection, DatabaseLocation } from './connection.ts';
import { createChangeQueue, type ChangeQueue } from './change-queue.ts';
import { openEmbeddedConnection } from './embedded.ts';
import { applyMigrations } from './migrations.ts';
import { createNewestRevisionReader } from './newest-revision-reader.ts';
import { readLedgerHead, readNewestRevisionNumber, type LedgerHead } from './newest-revision.ts';
import { createRevisionNotifier, type RevisionNotifier } from './revision-notifier.ts';
import { openServerConnection } from './server-connection.ts';
import type { SqlClient } from './sql-client.ts';
import { observeQuery, observeStatements, type StatementObserver } from './statement-observer.ts';
import { createTransactionRunner, type TransactionRunner } from './transaction.ts';
import { createWriteCounter } from './write-counter.ts';

/** An open, migrated register, with Prisma and bulk sessions to access it. */
export interface Database extends Pick<Connection, 'kind' | 'bulk' | 'close'> {
  /** Runs work in a transaction of its own */
  readonly transaction: TransactionRunner;
  /** Runs work under the register's lock, perhaps together with other work of this process */
  readonly withRegisterLock: ChangeQueue;
  readonly prisma: PrismaClient;
  /** Runs single statements without Prisma, which costs less */
  readonly client: SqlClient;
  readonly revisionNotifier: RevisionNotifier;
  /** Returns the newest revision, at least as new as any committed before the call */
  readonly newestRevision: () => Promise<LedgerHead>;
  /** Names of the migrations that opening applied */
  readonly appliedMigrations: readonly string[];
}

/**
 * Opens a register and applies the missing migrations.
 *
 * @param observe receives each statement with its duration
 * @throws DataFolderInUseError if another running process has the embedded database open
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

/** Opens a connection to a register, which may need migrations. */
export function connect(location: DatabaseLocation): Promise<Connection> {
  return location.kind === 'server' ? openServerConnection(location.url) : openEmbeddedConnection(location.folder);
}

/**
 * Creates a register on a connection to a migrated database.
 *
 * @param observe receives each statement with its duration
 * @param appliedMigrations names of the migrations that were just applied
 */
export function createDatabase(
  connection: Connection,
  observe?: StatementObserver,
  appliedMigrations: readonly string[] = [],
): Database {
  const adapter = observe ? observeStatements(connection.factory, observe) : connection.factory;
  const prisma = new PrismaClient({ adapter });
  const client: SqlClient = observe ? { query: observeQuery(connection.client, observe) } : connection.client;
  const revisionNotifier = createRevisionNotifier({
    readNewest: () => readNewestRevisionNumber(client),
    listen: (onNotify) => connection.listen(onNotify),
  });
  // No other process writes the embedded database, so its newest revision changes with work of this process only.
  const writes = createWriteCounter();
  const readHead = () => readLedgerHead(client);
  const runTransaction = createTransactionRunner(connection, observe);
  const newestRevision = createNewestRevisionReader(
    connection.kind === 'embedded' ? writes.rememberUntilNextWrite(readHead) : readHead,
  );
  const transaction: TransactionRunner = (work) => writes.count(runTransaction(work));
  return {
    kind: connection.kind,
    prisma,
    client,
    revisionNotifier,
    appliedMigrations,
    newestRevision,
    bulk: (work) => writes.count(connection.bulk(work)),
    transaction,
    withRegisterLock: createChangeQueue(transaction),
    close: async () => {
      await revisionNotifier.close();
      await prisma.$disconnect();
      await connection.close();
    },
  };
}
