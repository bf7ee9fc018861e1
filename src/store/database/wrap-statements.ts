import type { PrismaClient } from '../../generated/prisma/client.js';

/** Runs a statement, now or later, or refuses to. */
export type AroundStatement = <T>(statement: () => Promise<T>) => Promise<T>;

/** The same client, each raw statement of which is run by `around`; all of the tree is read by such. */
export const eachStatement = (prisma: PrismaClient, around: AroundStatement): PrismaClient =>
  // The edge: an extension of statements alone leaves the client's type as it is.
  prisma.$extends({
    query: {
      $queryRaw: ({ args, query }) => around(() => query(args)),
      $queryRawUnsafe: ({ args, query }) => around(() => query(args)),
    },
  }) as unknown as PrismaClient;
