import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import type { BulkSession } from './bulk-session.ts';
import type { Connection } from './connection.ts';
import { DataFolderUnusableError, lockDataFolder } from './data-folder-lock.ts';
import { createSerialRunner } from './semaphore.ts';
import { createPreparedQuery } from './prepared-statements.ts';
import { changeSettings, sessionSettings } from './session-settings.ts';
import type { SqlClient } from './sql-client.ts';
import { trackStatements } from './statement-tracker.ts';

const databaseOptions = {
  extensions: { btree_gist, pg_trgm, unaccent },
  // The default of 128 MB is cleared at every start, which takes half a second; the system caches the files as well.
  startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB'],
};

const parsers = { [types.DATE]: asText, [types.TIMESTAMPTZ]: asText, [types.INT8]: asText };

const localChangeSettings = changeSettings.map((setting) => `set local ${setting}`).join('; ');

const folderErrorCodes = ['EACCES', 'EEXIST', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR', 'EPERM', 'EROFS'];

/**
 * Opens the embedded database in a folder, and creates the folder if it does not exist.
 *
 * @param folder data folder, or undefined for a database in memory
 * @throws DataFolderInUseError if another running process has it open
 * @throws DataFolderUnusableError if it is not writable
 */
export async function openEmbeddedConnection(folder: string | undefined): Promise<Connection> {
  if (folder === undefined) return createEmbeddedConnection(await createInMemoryDatabase());
  const release = await createAndLockFolder(folder);
  try {
    return await createEmbeddedConnection(await openOrCreateDatabase(folder), release);
  } catch (error) {
    await release();
    throw error;
  }
}

/** Wraps an open embedded database; `release` runs once it is closed. */
export async function createEmbeddedConnection(client: PGlite, release = async () => {}): Promise<Connection> {
  await client.exec(`load 'pg_trgm'; ${sessionSettings}`);
  const session = createBulkSession(client);
  const queryPrepared = createPreparedQuery(client, parsers);
  // There is one connection: work waits for the work before it, otherwise their transactions would mix.
  const runExclusively = createSerialRunner();
  return {
    kind: 'embedded',
    factory: new PrismaPGlite(client),
    migrate: (apply) => apply(createMigrationFactory(client)),
    // Does not wait for bulk work, such as an import.
    client: session,
    bulk: (work) => runExclusively(() => work(session)),
    transaction: (work) =>
      runExclusively(() =>
        client.transaction(async (tx) => {
          await tx.exec(localChangeSettings);
          const tracked = trackStatements({ query: queryPrepared });
          const result = await work(tracked);
          await tracked.settle();
          return result;
        }),
      ),
    // Waits for running work: the rollback of an open transaction would undo LISTEN.
    listen: (onNotify) => runExclusively(() => client.listen('resh_change', onNotify)),
    close: async () => {
      await client.close();
      await release();
    },
  };
}

/** Creates an embedded database in memory, from `image` if given, otherwise empty. */
export async function createInMemoryDatabase(image?: Blob): Promise<PGlite> {
  return PGlite.create({ ...databaseOptions, loadDataDir: image ?? (await readEmptyImage()) });
}

/**
 * Opens the database in the data folder, and creates it if there is none. A marker is next to it while it is created,
 * so that what a killed process left of it is removed.
 */
async function openOrCreateDatabase(folder: string): Promise<PGlite> {
  const database = join(folder, 'database');
  const marker = join(folder, 'creating-database');
  if (existsSync(marker)) await rm(database, { recursive: true, force: true });
  else if (existsSync(database)) return PGlite.create(database, databaseOptions);
  await writeFile(marker, '');
  const client = await PGlite.create(database, { ...databaseOptions, loadDataDir: await readEmptyImage() });
  await rm(marker);
  return client;
}

/** Reads an image of an empty database; creating one without it takes twice as long. */
async function readEmptyImage(): Promise<Blob> {
  const { dataDir } = await import('@electric-sql/pglite-prepopulatedfs');
  return dataDir();
}

async function createAndLockFolder(folder: string): Promise<() => Promise<void>> {
  try {
    await mkdir(folder, { recursive: true });
    return await lockDataFolder(folder);
  } catch (error) {
    const isFolderError =
      error instanceof Error &&
      'code' in error &&
      typeof error.code === 'string' &&
      folderErrorCodes.includes(error.code);
    throw isFolderError ? new DataFolderUnusableError(folder, error) : error;
  }
}

function createBulkSession(client: PGlite): BulkSession {
  return {
    query: createQuery(client),
    execute: async (text) => {
      await client.exec(text);
    },
    copyFrom: async (target, chunks) => {
      for await (const chunk of chunks)
        await client.query(`copy ${target} from '/dev/blob' with (format csv)`, [], { blob: new Blob([chunk]) });
    },
  };
}

function createQuery(client: Pick<PGlite, 'query'>): SqlClient['query'] {
  return async (text, values = []) => {
    const { rows } = await client.query(text, [...values], { parsers });
    return rows as never;
  };
}

// The adapter does not wait for a script, so errors would be lost. It creates its shadow database without the
// extensions, so a comparison with it would silently see an empty register.
function createMigrationFactory(client: PGlite): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPGlite(client);
  const connect = async (target: PGlite) =>
    Object.assign(await new PrismaPGlite(target).connect(), {
      executeScript: async (script: string) => {
        await target.exec(script);
      },
    });
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: () => connect(client),
    connectToShadowDb: async () => connect(await PGlite.create(databaseOptions)),
  };
}

function asText(value: string): string {
  return value;
}
