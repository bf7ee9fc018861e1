/** One connection for work that Prisma is not made for: COPY in both directions, temporary tables, explicit transactions. */
export interface BulkSession {
  /** Runs one statement; rows come back as objects by column name, dates as ISO text, bigint as text. */
  query<Row extends Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs several statements without values. */
  execute(text: string): Promise<void>;
  /**
   * Loads text in COPY's CSV format (comma, quotes doubled, empty unquoted field is null) into a table.
   *
   * @param target table and columns, as they stand after COPY
   * @param chunks whole lines; taken one at a time, so that memory stays bounded
   */
  copyFrom(target: string, chunks: AsyncIterable<string>): Promise<void>;
}
