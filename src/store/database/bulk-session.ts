import type { SqlClient } from './sql-client.ts';

/**
 * One connection for work that Prisma does not support: COPY in both directions, temporary tables, explicit
 * transactions.
 */
export interface BulkSession extends SqlClient {
  /** Runs several statements without values. */
  execute(text: string): Promise<void>;
  /**
   * Loads text in COPY's CSV format (comma, quotes doubled, empty unquoted field is null) into a table.
   *
   * @param target table and columns, as written after COPY
   * @param chunks whole lines; read one chunk at a time to bound memory
   */
  copyFrom(target: string, chunks: AsyncIterable<string>): Promise<void>;
}
