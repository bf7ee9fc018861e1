import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../../generated/prisma/client.js';
import type { LedgerHead } from '../database/newest-revision.ts';
import { generateStatementName } from '../database/statement-name.ts';
import { observeStatements, type StatementObserver } from '../database/statement-observer.ts';
import { UnsuitableReplicaError, type PrimaryIdentity, type ReplicaProblem } from './check-connection.ts';
import { createReplicaConnections } from './replica-connections.ts';

/** A replica could not answer a statement; the primary can. */
export class ReplicaReadError extends Error {
  override readonly name = 'ReplicaReadError';
}

/** A streaming replica that answers reads. */
export interface Replica {
  /** Host, port and database */
  readonly name: string;
  /** Why the replica is left out; undefined while it is used */
  readonly problem: () => ReplicaProblem | undefined;
  /**
   * Reads at a revision.
   *
   * @throws ReplicaReadError if the replica has not reached the revision or cannot answer
   */
  read<T>(pin: LedgerHead, statement: (client: PrismaClient) => Promise<T>): Promise<T>;
  /** Checks whether the replica has a revision, and so decides whether it is used; skips while it backs off. */
  probe(pin: LedgerHead): Promise<void>;
  close(): Promise<void>;
}

/** Receives the state of a replica when it changes. */
export type ReplicaListener = (change: {
  readonly replica: string;
  readonly problem: ReplicaProblem | undefined;
  readonly error: unknown;
}) => void;

interface ReplicaOptions {
  readonly url: string;
  readonly identity: PrimaryIdentity;
  readonly onChange: ReplicaListener;
  readonly observe: StatementObserver | undefined;
}

const FIRST_BACK_OFF_MS = 500;
const LONGEST_BACK_OFF_MS = 8_000;
const QUERY_CANCELED = '57014';
const POOL_TIMEOUT = 'timeout exceeded when trying to connect';

/** Creates a replica that is left out until it is probed. */
export function createReplica({ url, identity, onChange, observe }: ReplicaOptions): Replica {
  const name = describeUrl(url);
  const connections = createReplicaConnections(url, identity);
  const factory = new PrismaPg(connections.pool, { statementNameGenerator: generateStatementName });
  const prisma = new PrismaClient({ adapter: observe ? observeStatements(factory, observe) : factory });
  let problem: ReplicaProblem | undefined = 'unreachable';
  let isKnown = false;
  let backOffMs = FIRST_BACK_OFF_MS;
  let retryAt = 0;

  const setProblem = (found: ReplicaProblem | undefined, error?: unknown): void => {
    const hasChanged = !isKnown || found !== problem;
    isKnown = true;
    problem = found;
    if (hasChanged) onChange({ replica: name, problem: found, error });
  };
  const leaveOut = (found: ReplicaProblem, error: unknown): void => {
    if (found === 'unreachable' && (problem !== 'unreachable' || performance.now() >= retryAt)) {
      connections.reset();
      retryAt = performance.now() + backOffMs;
      backOffMs = Math.min(2 * backOffMs, LONGEST_BACK_OFF_MS);
    }
    setProblem(found, error);
  };
  return {
    name,
    problem: () => problem,
    read: async (pin, statement) => {
      let failure: { readonly error: unknown } | undefined;
      try {
        // Awaited here: a statement of Prisma's begins when it is awaited.
        return await connections.readAt(
          pin,
          async () => await statement(prisma),
          (error) => {
            failure = { error };
          },
        );
      } catch (error) {
        if (!failure || isStatementTimeout(failure.error)) throw error;
        const found = findProblem(failure.error);
        // That it is one revision behind for a moment is no reason to leave it out.
        if (found !== undefined && found !== 'late') leaveOut(found, failure.error);
        throw new ReplicaReadError(`The replica ${name} could not answer.`, { cause: failure.error });
      }
    },
    probe: async (pin) => {
      if (performance.now() < retryAt) return;
      try {
        await connections.confirm(pin);
        backOffMs = FIRST_BACK_OFF_MS;
        setProblem(undefined);
      } catch (error) {
        leaveOut(findProblem(error) ?? 'unreachable', error);
      }
    },
    close: async () => {
      await prisma.$disconnect();
      await connections.close();
    },
  };
}

/** Names the server and the database of a URL, without user and password. */
function describeUrl(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

// The primary would take as long.
function isStatementTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === QUERY_CANCELED;
}

/** Returns the problem of a replica that an error shows; undefined if it concerns one statement only. */
function findProblem(error: unknown): ReplicaProblem | undefined {
  if (error instanceof UnsuitableReplicaError) return error.problem;
  // All connections are busy.
  if (error instanceof Error && error.message === POOL_TIMEOUT) return undefined;
  // Class 08 is about connections, 57P about a server that stops or starts, 53300 about too many connections.
  const isOfStatement = error instanceof pg.DatabaseError && !/^(08|57P|53300)/.test(error.code ?? '');
  return isOfStatement ? undefined : 'unreachable';
}
