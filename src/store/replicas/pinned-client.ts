import type { PrismaClient } from '../../generated/prisma/client.js';
import type { LedgerHead } from '../database/newest-revision.ts';
import { wrapStatements, type StatementWrapper } from '../database/wrap-statements.ts';
import { ReplicaReadError, type Replica } from './replica.ts';
import { noReplicas, type ReplicaSet } from './replica-set.ts';

/** A client for the reads of one request, all at one revision or earlier ones. */
export interface PinnedClient {
  readonly prisma: PrismaClient;
  /** Sends all later statements to the primary */
  readonly usePrimary: () => void;
}

interface PinnedClientOptions {
  readonly primary: PrismaClient;
  readonly replicas: ReplicaSet;
  /** Returns the revision that a replica must have reached, read from the primary; undefined for the primary */
  readonly readPin: () => Promise<LedgerHead | undefined>;
  /** Runs each statement on a replica */
  readonly limit?: StatementWrapper;
}

/**
 * Creates a client whose statements run on one replica that has reached the revision, and on the primary if there is
 * none. Rows of a revision never change, so both give the same answers: if the replica fails, the primary continues.
 */
export function createPinnedClient({ primary, replicas, readPin, limit }: PinnedClientOptions): PinnedClient {
  if (replicas === noReplicas) return { prisma: primary, usePrimary: () => {} };
  let isPrimaryOnly = false;
  let chosen: Replica | undefined;
  const usePrimary = (): void => {
    isPrimaryOnly = true;
  };
  const chooseReplica = (): Replica | undefined => (isPrimaryOnly ? undefined : (chosen ??= replicas.choose()));
  const run: StatementWrapper = async (statement) => {
    const pin = isPrimaryOnly ? undefined : await readPin();
    const replica = pin && chooseReplica();
    if (!replica) return statement();
    try {
      return await replica.read(pin, (client) => (limit ? limit(() => statement(client)) : statement(client)));
    } catch (error) {
      if (!(error instanceof ReplicaReadError)) throw error;
      usePrimary();
      return statement();
    }
  };
  return { prisma: wrapStatements(primary, run), usePrimary };
}
