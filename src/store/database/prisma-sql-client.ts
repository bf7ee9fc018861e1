import type { PrismaClient } from '../../generated/prisma/client.js';
import type { SqlClient } from './sql-client.ts';

/**
 * Prisma's connection as what reads within a change reads through, so that one statement serves both. Days and instants must
 * be cast to text in the statement: Prisma would make a `Date` of them.
 */
export function createSqlClient(prisma: Pick<PrismaClient, '$queryRawUnsafe'>): SqlClient {
  return {
    query: (text, values = []) => prisma.$queryRawUnsafe(text, ...values),
  };
}
