import type { BulkSession } from './bulk-session.ts';
import type { Connection } from './connection.ts';
import type { SqlClient } from './sql-client.ts';
import { observeQuery, type StatementObserver } from './statement-observer.ts';

declare const inTransaction: unique symbol;
declare const holdsRegisterLock: unique symbol;

/** An open transaction. Only this file creates one, so that all its writes are committed or rolled back together. */
export interface Transaction extends SqlClient {
  readonly [inTransaction]: true;
}

/**
 * A transaction that holds the register's lock. Only `lockRegister` creates one; functions that write to the register
 * require it.
 */
export interface LockedTransaction extends Transaction {
  readonly [holdsRegisterLock]: true;
}

/** A transaction on a bulk session, which can also copy rows and run scripts. */
export type BulkTransaction = BulkSession & Transaction;

/** A transaction on a bulk session that holds the register's lock. */
export type LockedBulkTransaction = BulkSession & LockedTransaction;

/** Runs work in a transaction, and commits it if the work succeeds or rolls it back if the work throws. */
export type TransactionRunner = <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;

// An arbitrary number. Every change of the register takes this lock before it reads.
const REGISTER_LOCK = 7_374_002;

/**
 * Returns a function that runs work in a transaction of its own, READ COMMITTED.
 *
 * @param observe receives each statement with its duration
 */
export function createTransactionRunner(
  connection: Pick<Connection, 'transaction'>,
  observe?: StatementObserver,
): TransactionRunner {
  return (work) =>
    connection.transaction((client) =>
      work(withBrand<SqlClient, Transaction>(observe ? { query: observeQuery(client, observe) } : client)),
    );
}

/**
 * Runs work in a transaction on a bulk session, READ COMMITTED. Temporary tables of the session can be used in it.
 *
 * @throws the error of the work, after a rollback
 */
export async function runInTransaction<T>(
  session: BulkSession,
  work: (transaction: BulkTransaction) => Promise<T>,
): Promise<T> {
  await session.execute('begin isolation level read committed');
  try {
    const result = await work(withBrand<BulkSession, Transaction>(session));
    await session.execute('commit');
    return result;
  } catch (error) {
    // The first error is the one to report; a lost connection cannot roll back and need not.
    await session.execute('rollback').catch(() => {});
    throw error;
  }
}

/**
 * Waits for the register's lock, which the transaction then holds until it ends. Call it before any other statement:
 * rows read earlier can be outdated once the lock is held.
 */
export async function lockRegister<Unlocked extends Transaction>(
  transaction: Unlocked,
): Promise<Unlocked & LockedTransaction> {
  await transaction.query(
    `-- lock the register
     select pg_advisory_xact_lock($1)::text as locked`,
    [REGISTER_LOCK],
  );
  return withBrand<Unlocked, LockedTransaction>(transaction);
}

// The only place that adds a brand; brands exist in types only.
function withBrand<Client extends SqlClient, Brand extends SqlClient>(client: Client): Client & Brand {
  return client as Client & Brand;
}
