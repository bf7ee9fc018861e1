import type { BulkSession } from './bulk-session.ts';
import type { Connection } from './connection.ts';
import { observeQuery, type StatementObserver } from './statement-observer.ts';
import { trackStatements, type TrackedClient } from './statement-tracker.ts';

declare const inTransaction: unique symbol;
declare const holdsRegisterLock: unique symbol;

/** An open transaction. Only this file creates one, so that all its writes are committed or rolled back together. */
export interface Transaction extends TrackedClient {
  readonly [inTransaction]: true;
  /**
   * Sends a statement without waiting for it: statements run in the order in which they are sent, and if one fails, the
   * transaction is rolled back and fails with its error.
   */
  send(text: string, values?: readonly unknown[]): void;
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
      work(openTransaction(observe ? { ...client, query: observeQuery(client, observe) } : client)),
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
    const transaction = openTransaction({ ...session, ...trackStatements(session) });
    const result = await work(transaction);
    await transaction.settle();
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
  const { locked, acquired } = requestRegisterLock(transaction);
  await acquired;
  return locked;
}

/**
 * Requests the register's lock. The statements sent after it run once the lock is held, so a change can send its first
 * ones without waiting.
 *
 * @returns the locked transaction, and a promise that ends when it holds the lock
 */
export function requestRegisterLock<Unlocked extends Transaction>(
  transaction: Unlocked,
): { locked: Unlocked & LockedTransaction; acquired: Promise<unknown> } {
  const acquired = transaction.query(
    `-- lock the register
     select pg_advisory_xact_lock($1)::text as locked`,
    [REGISTER_LOCK],
  );
  return { locked: transaction as Unlocked & LockedTransaction, acquired };
}

// With `requestRegisterLock`, the only place that adds a brand; brands exist in types only.
function openTransaction<Client extends TrackedClient>(client: Client): Client & Transaction {
  const send = (text: string, values?: readonly unknown[]): void => {
    // The tracked client keeps the error.
    client.query(text, values).catch(() => {});
  };
  return { ...client, send } as unknown as Client & Transaction;
}
