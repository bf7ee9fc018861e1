import { setTimeout as sleep } from 'node:timers/promises';
import type { Replica } from '../postgresql/cluster.ts';
import { queryOnce } from '../postgresql/server.ts';
import { countTransactions } from './ledger-watch.ts';

/** A way to cut a replica off. */
export interface Interruption {
  readonly name: string;
  /** Which of the replicas */
  readonly replica: number;
  begin(replica: Replica): Promise<void>;
  end(replica: Replica): Promise<void>;
}

export const interruptions: readonly Interruption[] = [
  {
    name: 'cut off without an answer',
    replica: 0,
    begin: async (replica) => replica.freeze(),
    end: async (replica) => replica.thaw(),
  },
  {
    name: 'crashed, and started again',
    replica: 0,
    begin: (replica) => replica.stop('SIGQUIT'),
    end: (replica) => replica.start(),
  },
  {
    name: 'replay paused',
    replica: 1,
    begin: (replica) => execute(replica, 'select pg_wal_replay_pause()'),
    end: (replica) => execute(replica, 'select pg_wal_replay_resume()'),
  },
];

const CUT_OFF_MS = 3_000;
const BACK_TIMEOUT_MS = 60_000;
/** More statements in a second than checks of the processes. */
const READS_A_SECOND = 20;

async function execute(replica: Replica, statement: string): Promise<void> {
  await queryOnce(replica.url('postgres'), statement);
}

/**
 * Cuts a replica off for a while, and waits until the processes read from it again.
 *
 * @returns seconds from its return until it was read from
 */
export async function interrupt(interruption: Interruption, replica: Replica, databaseUrl: string): Promise<number> {
  await interruption.begin(replica);
  await sleep(CUT_OFF_MS);
  await interruption.end(replica);
  const endedAt = performance.now();
  while (performance.now() - endedAt < BACK_TIMEOUT_MS) {
    const before = await countTransactions(databaseUrl);
    await sleep(1_000);
    if ((await countTransactions(databaseUrl)) - before > READS_A_SECOND) return (performance.now() - endedAt) / 1_000;
  }
  throw new Error(`${databaseUrl} is not read from ${BACK_TIMEOUT_MS / 1_000} seconds after its return.`);
}
