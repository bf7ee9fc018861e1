import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { inject } from 'vitest';
import { connect, databaseOn, type Connection, type Database } from '../../src/store/database/database.ts';
import { createInMemory, embeddedConnection } from '../../src/store/database/embedded.ts';
import type { StatementObserver } from '../../src/store/database/statement-observer.ts';
import type { TestDatabaseSource } from './global-setup.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from './server.ts';

/** What databases are copied from: an image of an embedded one, or a template on the server. */
type Original =
  { readonly kind: 'embedded'; readonly image: Blob } | Extract<TestDatabaseSource, { readonly kind: 'server' }>;

const emptyOriginal = async (): Promise<Original> => {
  const source = inject('testDatabaseSource');
  return source.kind === 'server' ? source : { kind: 'embedded', image: new Blob([await readFile(source.image)]) };
};

const newName = (runName: string): string => `${runName}_${randomBytes(6).toString('hex')}`;

/** A copy; closing the connection removes it. */
const connectCopy = async (original: Original): Promise<Connection> => {
  if (original.kind === 'embedded') return embeddedConnection(await createInMemory(original.image));
  const { url, runName, template } = original;
  const name = newName(runName);
  await createServerDatabase(url, name, template);
  const connection = await connect({ kind: 'server', url: databaseUrl(url, name) });
  return {
    ...connection,
    close: async () => {
      await connection.close();
      await dropServerDatabase(url, name);
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
  databaseOn(await connectCopy(await emptyOriginal()), options.observe);

type Fill = (database: Database) => Promise<unknown>;

const fillAndClose = async (connection: Connection, fill: Fill, beforeClosing = async () => {}): Promise<void> => {
  const database = databaseOn(connection);
  try {
    await fill(database);
    await beforeClosing();
  } finally {
    await database.close();
  }
};

const filledOriginal = async (fill: Fill): Promise<Original> => {
  const empty = await emptyOriginal();
  if (empty.kind === 'server') {
    const template = newName(empty.runName);
    await createServerDatabase(empty.url, template, empty.template);
    await fillAndClose(await connect({ kind: 'server', url: databaseUrl(empty.url, template) }), fill);
    return { ...empty, template };
  }
  const client = await createInMemory(empty.image);
  let image = new Blob();
  await fillAndClose(await embeddedConnection(client), fill, async () => {
    image = await client.dumpDataDir('none');
  });
  return { kind: 'embedded', image };
};

/** Opens registers that all hold what `fill` writes: it writes once in a process, and each register is a copy of that one. */
export const openerOfCopies = (fill: Fill): (() => Promise<Database>) => {
  let filled: Promise<Original> | undefined;
  return async () => databaseOn(await connectCopy(await (filled ??= filledOriginal(fill))));
};

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
