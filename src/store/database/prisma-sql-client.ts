import type { PrismaClient } from '../../generated/prisma/client.js';
import type { SqlClient } from './sql-client.ts';

/**
 * Adapts Prisma's client to `SqlClient`, so that queries and changes share statements. Statements must cast days and
 * instants to text: Prisma would return a `Date`.
 */
export function createSqlClient(prisma: Pick<PrismaClient, '$queryRawUnsafe'>): SqlClient {
  return {
    query: (text, values = []) => prisma.$queryRawUnsafe(text, ...values),
  };
}
