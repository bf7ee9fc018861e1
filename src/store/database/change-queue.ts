import { findErrorCode } from './connection-error.ts';
import { AcquireTimeoutError } from './semaphore.ts';
import {
  requestRegisterLock,
  type LockedTransaction,
  type Transaction,
  type TransactionRunner,
} from './transaction.ts';

/**
 * Runs work under the register's lock, and commits it if the work succeeds or rolls it back if the work throws. The
 * work must send what it writes, and must be repeatable: an error of other work can roll it back, and then it runs
 * again.
 */
export type ChangeQueue = <T>(
  work: (transaction: LockedTransaction) => Promise<T>,
  options?: {
    /** The work always throws, so that everything is rolled back; it shares its transaction with no other work */
    readonly isDryRun?: boolean | undefined;
  },
) => Promise<T>;

const QUEUE_TIMEOUT_MS = 60_000;

// A transaction then takes no more work, so that the work which it has done does not wait long for the commit.
const BATCH_TIME_MS = 10;

interface QueuedWork {
  readonly run: (transaction: LockedTransaction) => Promise<unknown>;
  readonly isDryRun: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Creates a queue before the register's lock. All work that waits shares the next transaction (group commit): it takes
 * the lock once and commits once, and each piece of work sees what those before it have written. If a shared
 * transaction fails, each piece runs again in a transaction of its own, so that only the piece at fault fails.
 */
export function createChangeQueue(transaction: TransactionRunner): ChangeQueue {
  const waiting: QueuedWork[] = [];
  let isTaking = false;
  const start = (): void => {
    if (isTaking || waiting.length === 0) return;
    isTaking = true;
    // The next transaction waits for the lock while this one commits.
    void runTogether(transaction, waiting, () => {
      isTaking = false;
      start();
    });
  };
  return <T>(
    run: (tx: LockedTransaction) => Promise<T>,
    { isDryRun = false }: { isDryRun?: boolean | undefined } = {},
  ) =>
    new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(work), 1);
        reject(createTimeoutError());
      }, QUEUE_TIMEOUT_MS);
      const work: QueuedWork = {
        run: (tx) => {
          clearTimeout(timer);
          return run(tx);
        },
        isDryRun,
        resolve: (value) => resolve(value as T),
        reject: (error) => {
          clearTimeout(timer);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      waiting.push(work);
      start();
    });
}

/** Work that shares a transaction. */
interface Batch {
  readonly taken: QueuedWork[];
  /** Functions that answer the work, to be called after the commit: what the work has read may be rolled back */
  readonly answers: (() => void)[];
  lockError: unknown;
  /** Time from which on it takes no more work */
  deadline: number;
  isCommitting: boolean;
}

/**
 * Takes work from a queue, runs it in one transaction, and answers it after the commit. Does not throw.
 *
 * @param onTaken called once, when it takes no more work
 */
async function runTogether(transaction: TransactionRunner, queue: QueuedWork[], onTaken: () => void): Promise<void> {
  const batch: Batch = { taken: [], answers: [], lockError: undefined, deadline: Infinity, isCommitting: false };
  try {
    await transaction(async (unlocked) => {
      await runUnderLock(unlocked, queue, batch);
      batch.isCommitting = true;
      onTaken();
    });
    for (const answer of batch.answers) answer();
  } catch (error) {
    const { taken, lockError, isCommitting } = batch;
    if (taken.length === 0) for (const work of queue.splice(0)) work.reject(error);
    else if (lockError !== undefined) for (const work of taken) work.reject(toTimeoutError(lockError));
    else if (taken.length > 1 && (!isCommitting || isRefusedStatement(error)))
      for (const work of taken) await runTogether(transaction, [work], () => {});
    else for (const work of taken) work.reject(error);
    if (!isCommitting) onTaken();
  }
}

async function runUnderLock(unlocked: Transaction, queue: QueuedWork[], batch: Batch): Promise<void> {
  const { locked, acquired } = requestRegisterLock(unlocked);
  acquired.then(
    () => (batch.deadline = performance.now() + BATCH_TIME_MS),
    (error: unknown) => (batch.lockError = error),
  );
  let work = queue.shift();
  while (work) {
    batch.taken.push(work);
    batch.answers.push(await runOne(work, locked));
    const isLast = work.isDryRun || queue[0]?.isDryRun === true || performance.now() > batch.deadline;
    work = isLast ? undefined : queue.shift();
  }
}

/**
 * Runs one piece of work in a transaction.
 *
 * @returns function that answers it
 * @throws the error of the work, if the work has written
 */
async function runOne(work: QueuedWork, locked: LockedTransaction): Promise<() => void> {
  const sent: string[] = [];
  const send = (text: string, values?: readonly unknown[]): void => {
    sent.push(text);
    locked.send(text, values);
  };
  try {
    const value = await work.run({ ...locked, send });
    return () => work.resolve(value);
  } catch (error) {
    if (sent.length > 0) throw error;
    return () => work.reject(error);
  }
}

// Codes of statements that the server refuses on a connection that lives on, so that nothing is committed: data
// exception, integrity constraint violation, transaction rollback, query canceled. After other errors, such as a lost
// connection, the transaction may have been committed, and running it again would write it twice.
function isRefusedStatement(error: unknown): boolean {
  return /^(22|23|40|57014)/.test(findErrorCode(error) ?? '');
}

function toTimeoutError(error: unknown): unknown {
  return ['57014', '55P03'].includes(findErrorCode(error) ?? '') ? createTimeoutError() : error;
}

function createTimeoutError(): AcquireTimeoutError {
  return new AcquireTimeoutError(`Waited more than ${QUEUE_TIMEOUT_MS / 1_000} seconds for other changes to end.`);
}
