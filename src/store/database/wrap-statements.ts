import type { PrismaClient } from '../../generated/prisma/client.js';

/** Runs a statement, now or later, or refuses to. */
export type StatementWrapper = <T>(statement: () => Promise<T>) => Promise<T>;

/** The same client, each raw statement of which is run by `around`; all of the tree is read by such. */
export function wrapStatements(prisma: PrismaClient, wrapStatement: StatementWrapper): PrismaClient {
  // The edge: an extension of statements alone leaves the client's type as it is.
  return prisma.$extends({
    query: {
      $queryRaw: ({ args, query }) => wrapStatement(() => query(args)),
      $queryRawUnsafe: ({ args, query }) => wrapStatement(() => query(args)),
    },
  }) as unknown as PrismaClient;
}
