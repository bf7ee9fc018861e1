import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { connect } from '../../src/store/database/database.ts';
import type { Connection } from '../../src/store/database/connection.ts';
import { createInMemoryDatabase, createEmbeddedConnection } from '../../src/store/database/embedded.ts';
import { applyMigrations } from '../../src/store/database/migrations.ts';
import { createServerDatabase, databaseUrl, dropRun, createRunName } from './database/server-database.ts';

/** Source of the databases of this run: a migrated image, or a migrated template on a server. */
export type TestDatabaseSource =
  | { readonly kind: 'embedded'; readonly image: string }
  | { readonly kind: 'server'; readonly url: string; readonly runName: string; readonly template: string };

declare module 'vitest' {
  interface ProvidedContext {
    testDatabaseSource: TestDatabaseSource;
  }
}

interface PreparedSource {
  readonly source: TestDatabaseSource;
  readonly remove: () => Promise<void>;
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const serverUrl = process.env['TEST_DATABASE_URL'];
  const { source, remove } = await (serverUrl ? prepareServer(serverUrl) : prepareEmbedded());
  project.provide('testDatabaseSource', source);
  return remove;
}

async function prepareServer(url: string): Promise<PreparedSource> {
  const runName = createRunName();
  const template = `${runName}_template`;
  const remove = () => dropRun(url, runName);
  try {
    await createServerDatabase(url, template);
    await migrateAndClose(await connect({ kind: 'server', url: databaseUrl(url, template) }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { source: { kind: 'server', url, runName, template }, remove };
}

async function migrateAndClose(connection: Connection, beforeClosing = async () => {}): Promise<void> {
  try {
    await connection.migrate(applyMigrations);
    await beforeClosing();
  } finally {
    await connection.close();
  }
}

async function prepareEmbedded(): Promise<PreparedSource> {
  const folder = await mkdtemp(join(tmpdir(), 'resh-graph-test-'));
  const image = join(folder, 'migrated.tar');
  const client = await createInMemoryDatabase();
  await migrateAndClose(await createEmbeddedConnection(client), async () => {
    const dump = await client.dumpDataDir('none');
    await writeFile(image, Buffer.from(await dump.arrayBuffer()));
  });
  return { source: { kind: 'embedded', image }, remove: () => rm(folder, { recursive: true, force: true }) };
}
