import type { DatabaseLocation } from '../../src/store/database/connection.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../support/database/server-database.ts';
import { createTemporaryFolder, type Defer } from './reading/with-clean-up.ts';

/** Returns a place for a new embedded database, which the clean-up removes. */
export async function createEmbeddedLocation(defer: Defer): Promise<DatabaseLocation> {
  return { kind: 'embedded', folder: await createTemporaryFolder(defer) };
}

/** Creates a database on the server in TEST_DATABASE_URL, which the clean-up drops; undefined without a server. */
export async function createServerLocation(defer: Defer): Promise<DatabaseLocation | undefined> {
  const serverUrl = process.env['TEST_DATABASE_URL'];
  if (!serverUrl) return undefined;
  const name = `resh_bench_${process.pid}`;
  await createServerDatabase(serverUrl, name);
  defer(() => dropServerDatabase(serverUrl, name));
  return { kind: 'server', url: databaseUrl(serverUrl, name) };
}
