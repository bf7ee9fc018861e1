import type { Database } from '../database/database.ts';
import type { StatementObserver } from '../database/statement-observer.ts';
import { readPrimaryIdentity, type ReplicaProblem } from './check-connection.ts';
import { createReplica, type Replica, type ReplicaListener } from './replica.ts';

/** The replicas that answer reads. */
export interface ReplicaSet {
  /** Returns one of the replicas that are in use, in turn; undefined if there is none */
  choose(): Replica | undefined;
  close(): Promise<void>;
}

/** A server in DATABASE_REPLICA_URLS can never be used; the message says why and what to do. */
export class ReplicaSettingError extends Error {
  override readonly name = 'ReplicaSettingError';
}

/** The set of a register without replicas. */
export const noReplicas: ReplicaSet = { choose: () => undefined, close: async () => {} };

/** Time between two probes. A replica that lacks what was the newest revision at the previous one is late. */
const PROBE_INTERVAL_MS = 1_000;

interface ReplicaSetOptions {
  readonly onChange: ReplicaListener;
  readonly observe?: StatementObserver;
}

/**
 * Opens the replicas of a register. Those that cannot be reached or are late are left out until they are back.
 *
 * @param urls of PostgreSQL streaming replicas, each of one server
 * @throws ReplicaSettingError if a server is writable, or is not a replica of the register's server
 */
export async function openReplicas(
  urls: readonly string[],
  database: Database,
  { onChange, observe }: ReplicaSetOptions,
): Promise<ReplicaSet> {
  if (urls.length === 0) return noReplicas;
  const identity = await database.bulk((session) => readPrimaryIdentity(session));
  const refused = new Map<string, unknown>();
  let isStarting = true;
  const report: ReplicaListener = (change) => {
    if (isStarting && isSettingProblem(change.problem)) refused.set(change.replica, change.error);
    else onChange(change);
  };
  const replicas = urls.map((url) => createReplica({ url, identity, onChange: report, observe }));
  const closeAll = async (): Promise<void> => {
    await Promise.all(replicas.map((replica) => replica.close()));
  };
  let pin = await database.newestRevision();
  await Promise.all(replicas.map((replica) => replica.probe(pin)));
  isStarting = false;
  if (refused.size > 0) {
    await closeAll();
    throw new ReplicaSettingError([...refused].map(([name, error]) => explainRefusal(name, error)).join('\n'));
  }

  const probeAll = async (): Promise<void> => {
    // While the primary does not answer, nothing can be read at a revision anyway.
    const newest = await database.newestRevision().catch(() => pin);
    await Promise.all(replicas.map((replica) => replica.probe(pin)));
    pin = newest;
  };
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let probing: Promise<void> | undefined;
  const scheduleProbe = (): void => {
    if (isClosed) return;
    timer = setTimeout(() => {
      probing = probeAll().finally(scheduleProbe);
    }, PROBE_INTERVAL_MS).unref();
  };
  scheduleProbe();

  let turn = 0;
  return {
    choose: () => {
      turn += 1;
      const usable = replicas.filter(({ problem }) => problem() === undefined);
      return usable[turn % usable.length];
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await probing;
      await closeAll();
    },
  };
}

function isSettingProblem(problem: ReplicaProblem | undefined): boolean {
  return problem === 'writable' || problem === 'other register';
}

function explainRefusal(name: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return (
    `DATABASE_REPLICA_URLS names ${name}, which cannot be used: ${reason} ` +
    'Name only streaming replicas of the server in DATABASE_URL.'
  );
}
