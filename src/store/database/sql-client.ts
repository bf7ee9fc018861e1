/** Runs single statements: on a connection of Prisma's, on a bulk session, or within a transaction. */
export interface SqlClient {
  /** Runs one statement; rows come back as objects by column name, dates as ISO text, bigint as text. */
  query<Row extends Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}
