import { randomBytes } from 'node:crypto';
import pg from 'pg';

// The name contains the time of creation, so that a run can recognize what an earlier, killed run left behind.
const PREFIX = 'resh_test_';
const ABANDONED_AFTER_MS = 3 * 60 * 60 * 1000;

/** Returns the URL of another database on the same server. */
export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Returns the name prefix of all databases of one test run. */
export function createRunName(): string {
  return `${PREFIX}${Date.now()}_${randomBytes(4).toString('hex')}`;
}

/** Creates a database as a copy of `template`. */
export async function createServerDatabase(serverUrl: string, name: string, template = 'template1'): Promise<void> {
  return withServerClient(serverUrl, async (client) => {
    await client.query(`create database "${name}" template "${template}"`);
  });
}

async function withServerClient<T>(serverUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function dropServerDatabase(serverUrl: string, name: string): Promise<void> {
  return withServerClient(serverUrl, async (client) => {
    await client.query(`drop database if exists "${name}" with (force)`);
  });
}

/** Drops all databases of a run, and those that runs hours ago left behind. */
export async function dropRun(serverUrl: string, runName: string): Promise<void> {
  return withServerClient(serverUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database where datname ^@ $1', [
      PREFIX,
    ]);
    for (const { datname } of rows) {
      const createdAt = Number(datname.slice(PREFIX.length).split('_')[0]);
      const isAbandoned = createdAt > 0 && createdAt < Date.now() - ABANDONED_AFTER_MS;
      if (datname.startsWith(runName) || isAbandoned)
        await client.query(`drop database if exists "${datname}" with (force)`);
    }
  });
}
