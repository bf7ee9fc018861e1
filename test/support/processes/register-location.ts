import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { DatabaseLocation } from '../../../src/store/database/connection.ts';
import { createServerDatabase, databaseUrl, dropServerDatabase } from '../database/server-database.ts';

/** A migrated register that processes of `resh` find by their environment. */
export interface RegisterLocation {
  readonly location: DatabaseLocation;
  readonly environment: Record<string, string>;
  /** Drops a database on the server; an embedded one goes with its folder */
  readonly remove: () => Promise<void>;
}

/** Creates an empty register on the server of this run, or names one in a folder, which its first process creates. */
export async function createRegisterLocation(folder: string): Promise<RegisterLocation> {
  const source = inject('testDatabaseSource');
  if (source.kind === 'embedded') {
    const dataFolder = join(folder, 'data');
    return {
      location: { kind: 'embedded', folder: dataFolder },
      environment: { DATA_DIR: dataFolder },
      remove: async () => {},
    };
  }
  const name = `${source.runName}_${randomBytes(6).toString('hex')}`;
  await createServerDatabase(source.url, name, source.template);
  const url = databaseUrl(source.url, name);
  return {
    location: { kind: 'server', url },
    environment: { DATABASE_URL: url },
    remove: () => dropServerDatabase(source.url, name),
  };
}
