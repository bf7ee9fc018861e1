import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { BulkSession } from './bulk-session.ts';
import type { SqlClient } from './sql-client.ts';

/** Where a register is kept. */
export type DatabaseLocation =
  /** A PostgreSQL server, 15 or later, by its connection URL */
  | { readonly kind: 'server'; readonly url: string }
  /** The embedded database in a folder; `undefined` keeps it in memory only */
  | { readonly kind: 'embedded'; readonly folder: string | undefined };

/** A connection to either database, which Prisma and bulk sessions share. */
export interface Connection {
  readonly kind: DatabaseLocation['kind'];
  readonly factory: SqlMigrationAwareDriverAdapterFactory;
  /** Lends the schema engine an adapter factory, while no other process migrates the same database. */
  migrate<T>(apply: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<T>): Promise<T>;
  /** Lends one session for bulk work: COPY and statements on one connection. */
  bulk<T>(work: (session: BulkSession) => Promise<T>): Promise<T>;
  /**
   * Runs work in one transaction, READ COMMITTED, and rolls it back where the work throws. On the embedded database it holds the
   * only connection: work that awaits another connection never ends.
   */
  transaction<T>(work: (client: SqlClient) => Promise<T>): Promise<T>;
  /** Calls `onNotify` when a change may have been made, by any process, until the returned function is called. */
  listen(onNotify: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
