import type { PrismaClient } from '../../generated/prisma/client.js';

/**
 * Runs a statement, now or later, or throws instead. The statement runs on the wrapped client, or on another one if it
 * is given.
 */
export type StatementWrapper = <T>(statement: (other?: PrismaClient) => Promise<T>) => Promise<T>;

/** Wraps a client so that `wrapStatement` runs each raw statement; all queries of the tree are raw statements. */
export function wrapStatements(prisma: PrismaClient, wrapStatement: StatementWrapper): PrismaClient {
  // Safe cast: an extension of queries alone does not change the client's type.
  return prisma.$extends({
    query: {
      $queryRaw: ({ args, query }) => wrapStatement<unknown>((other) => (other ? other.$queryRaw(args) : query(args))),
      $queryRawUnsafe: ({ args, query }) =>
        wrapStatement<unknown>((other) => (other ? other.$queryRawUnsafe(...args) : query(args))),
    },
  }) as unknown as PrismaClient;
}
