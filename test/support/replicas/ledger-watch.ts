import { setTimeout as sleep } from 'node:timers/promises';
import { queryOnce } from '../postgresql/server.ts';

const INTERVAL_MS = 100;

/** Watches the ledger on several servers until it is stopped. */
export interface LedgerWatch {
  /** Stops; returns how often the ledger was complete, and descriptions of those in which it was not. */
  stop(): Promise<{ readonly checks: number; readonly gaps: readonly string[] }>;
}

/**
 * Compares, in one statement, the newest revision that a server shows with the number of revisions it shows: they
 * differ if a commit is visible without one before it. A server that does not answer is skipped.
 */
export function watchLedger(urls: readonly string[]): LedgerWatch {
  let isStopped = false;
  let checks = 0;
  const gaps: string[] = [];
  const watch = async (url: string): Promise<void> => {
    while (!isStopped) {
      const rows = await queryOnce(url, 'select max(revision) as newest, count(*)::integer as count from change').catch(
        () => [],
      );
      for (const { newest, count } of rows) {
        checks += 1;
        if (newest !== count) gaps.push(`${url} shows ${String(count)} revisions, the newest is ${String(newest)}.`);
      }
      await sleep(INTERVAL_MS);
    }
  };
  const watching = Promise.all(urls.map(watch));
  return {
    stop: async () => {
      isStopped = true;
      await watching;
      return { checks, gaps };
    },
  };
}

/** Counts the transactions of a server in the register's database: each statement of a read is one. */
export async function countTransactions(url: string): Promise<number> {
  const [row] = await queryOnce(
    url,
    'select xact_commit::integer as count from pg_stat_database where datname = current_database()',
  );
  return Number(row?.['count'] ?? 0);
}
