import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { inject } from 'vitest';
import { connect, databaseOn, type Connection, type Database } from '../../src/store/database.ts';
import { createInMemory, embeddedConnection } from '../../src/store/embedded.ts';
import type { StatementObserver } from '../../src/store/observe-statements.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from './server.ts';

/** A fresh, migrated and empty database of the kind this run tests; closing the connection removes it. */
export const connectTestDatabase = async (): Promise<Connection> => {
  const source = inject('testDatabaseSource');
  if (source.kind === 'embedded')
    return embeddedConnection(await createInMemory(new Blob([await readFile(source.image)])));
  const name = `${source.runName}_${randomBytes(6).toString('hex')}`;
  await createServerDatabase(source.url, name, source.template);
  const connection = await connect({ kind: 'server', url: databaseUrl(source.url, name) });
  return {
    ...connection,
    close: async () => {
      await connection.close();
      await dropServerDatabase(source.url, name);
    },
  };
};

/**
 * A fresh, migrated and empty register: embedded, or on the server that TEST_DATABASE_URL names.
 * Closing removes it; what a failed test leaves open is removed when the run ends.
 *
 * @param options.observe hears of every statement that Prisma runs
 */
export const openTestDatabase = async (options: { observe?: StatementObserver } = {}): Promise<Database> =>
  databaseOn(await connectTestDatabase(), options.observe);

/** Takes everything out of a test's register: as good as a fresh one, where nothing changed its tables, and made in a tenth of the time. */
export const emptyRegister = (database: Database): Promise<void> =>
  database.bulk((session) =>
    session.execute(`
      set session_replication_role = replica;
      do $$
      begin
        execute (
          select 'truncate ' || string_agg(quote_ident(tablename), ', ') || ' restart identity'
          from pg_tables
          where schemaname = 'public' and tablename <> '_prisma_migrations'
        );
      end $$;
      alter sequence resh_id_seq restart;
      set session_replication_role = origin`),
  );
