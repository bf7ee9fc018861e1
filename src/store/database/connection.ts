import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { BulkSession } from './bulk-session.ts';
import type { SqlClient } from './sql-client.ts';
import type { TrackedClient } from './statement-tracker.ts';

/** The database of a register. */
export type DatabaseLocation =
  /** A PostgreSQL server, 15 or later, by its connection URL */
  | { readonly kind: 'server'; readonly url: string }
  /** The embedded database in a folder, or in memory if `undefined` */
  | { readonly kind: 'embedded'; readonly folder: string | undefined };

/** A connection to either database, which Prisma and bulk sessions share. */
export interface Connection {
  readonly kind: DatabaseLocation['kind'];
  readonly factory: SqlMigrationAwareDriverAdapterFactory;
  /** Runs `apply` with an adapter factory for the schema engine, while no other process migrates the same database. */
  migrate<T>(apply: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<T>): Promise<T>;
  /** Runs single statements without Prisma, which costs less. */
  readonly client: SqlClient;
  /** Runs bulk work (COPY and statements) in one session, on one connection. */
  bulk<T>(work: (session: BulkSession) => Promise<T>): Promise<T>;
  /**
   * Runs work in one transaction, READ COMMITTED, and rolls it back if the work throws or one of its statements fails,
   * awaited or not. On a server, statements that are sent together share a round trip, and so does the commit. The
   * embedded database has one connection only: work that waits for another transaction never finishes.
   */
  transaction<T>(work: (client: TrackedClient) => Promise<T>): Promise<T>;
  /** Calls `onNotify` after changes of any process, perhaps without a change, until the returned function is called. */
  listen(onNotify: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
