import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { inject } from 'vitest';
import { connect, createDatabase, type Database } from '../../../src/store/database/database.ts';
import type { Connection } from '../../../src/store/database/connection.ts';
import { createInMemoryDatabase, createEmbeddedConnection } from '../../../src/store/database/embedded.ts';
import { applyMigrations } from '../../../src/store/database/migrations.ts';
import type { StatementObserver } from '../../../src/store/database/statement-observer.ts';
import type { TestDatabaseSource } from '../global-setup.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from './server-database.ts';

/**
 * Source of a test database: the image of an embedded database (empty without an image), or a template on the server.
 */
type CopySource =
  { readonly kind: 'embedded'; readonly image?: Blob } | Extract<TestDatabaseSource, { readonly kind: 'server' }>;

/**
 * Opens a new, migrated and empty register: embedded, or on the server in TEST_DATABASE_URL. Closing removes it; what a
 * failed test leaves open is removed when the run ends.
 *
 * @param options.observe called for every statement that Prisma runs
 */
export async function openTestDatabase(options: { observe?: StatementObserver } = {}): Promise<Database> {
  return createDatabase(await connectCopy(await readEmptySource()), options.observe);
}

/** Opens a register created by an SQL script in an empty database, and migrates it. Closing removes it. */
export async function openDumpedDatabase(script: string): Promise<Database> {
  const source = inject('testDatabaseSource');
  const connection = await connectCopy(
    source.kind === 'server' ? { ...source, template: 'template1' } : { kind: 'embedded' },
  );
  await connection.bulk((session) => session.execute(script));
  return createDatabase(connection, undefined, await connection.migrate(applyMigrations));
}

/** Connects to a new copy. Closing the connection removes it. */
async function connectCopy(copySource: CopySource): Promise<Connection> {
  if (copySource.kind === 'embedded') return createEmbeddedConnection(await createInMemoryDatabase(copySource.image));
  const { url, runName, template } = copySource;
  const name = newDatabaseName(runName);
  await createServerDatabase(url, name, template);
  const connection = await connect({ kind: 'server', url: databaseUrl(url, name) });
  return {
    ...connection,
    close: async () => {
      await connection.close();
      await dropServerDatabase(url, name);
    },
  };
}

function newDatabaseName(runName: string): string {
  return `${runName}_${randomBytes(6).toString('hex')}`;
}

async function readEmptySource(): Promise<CopySource> {
  const source = inject('testDatabaseSource');
  return source.kind === 'server' ? source : { kind: 'embedded', image: new Blob([await readFile(source.image)]) };
}

type Fill = (database: Database) => Promise<unknown>;

/** Returns a function that opens a copy of a register filled by `fill`, which runs once per process. */
export function createCopyOpener(fill: Fill): () => Promise<Database> {
  let filledSource: Promise<CopySource> | undefined;
  return async () => createDatabase(await connectCopy(await (filledSource ??= createFilledSource(fill))));
}

async function createFilledSource(fill: Fill): Promise<CopySource> {
  const empty = await readEmptySource();
  if (empty.kind === 'server') {
    const template = newDatabaseName(empty.runName);
    await createServerDatabase(empty.url, template, empty.template);
    await fillAndClose(await connect({ kind: 'server', url: databaseUrl(empty.url, template) }), fill);
    return { ...empty, template };
  }
  const client = await createInMemoryDatabase(empty.image);
  let image = new Blob();
  await fillAndClose(await createEmbeddedConnection(client), fill, async () => {
    image = await client.dumpDataDir('none');
  });
  return { kind: 'embedded', image };
}

async function fillAndClose(connection: Connection, fill: Fill, beforeClosing = async () => {}): Promise<void> {
  const database = createDatabase(connection);
  try {
    await fill(database);
    await beforeClosing();
  } finally {
    await database.close();
  }
}

/**
 * Removes all rows from a register. Ten times as fast as opening a new one, and equivalent unless the test changed the
 * tables.
 */
export function clearRegister(database: Database): Promise<void> {
  return database.bulk((session) =>
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
}
