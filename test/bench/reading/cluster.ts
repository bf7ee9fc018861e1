import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

const BINARIES = '/usr/lib/postgresql';
const START_TIMEOUT_MS = 30_000;

/** A PostgreSQL server of the benchmark's own, in a temporary folder. */
export interface Cluster {
  readonly version: string;
  /** Process id of the server; its backends are child processes */
  readonly pid: number;
  /** Returns the URL of a database. */
  url(database: string): string;
  /** Creates an empty database, and returns its URL. */
  createDatabase(name: string): Promise<string>;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server on a free port. It runs as the user postgres if this process runs as root, which
 * PostgreSQL refuses.
 *
 * @throws if PostgreSQL is not installed
 */
export async function startCluster(): Promise<Cluster> {
  const binaries = await findBinaries();
  const owner = process.getuid?.() === 0 ? await findPostgresUser() : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'resh-bench-postgresql-'));
  if (owner) await chown(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const initOptions = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'];
  await run(join(binaries, 'initdb'), ['--pgdata', data, ...initOptions], { ...owner, cwd: folder });
  const port = await findFreePort();
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    shared_buffers: '2GB',
    jit: 'off',
    // The data can be generated again.
    fsync: 'off',
    max_wal_size: '8GB',
    max_connections: '200',
    shared_preload_libraries: 'pg_stat_statements',
  };
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...owner, cwd: folder, stdio: 'ignore' },
  );
  const url = (database: string): string => `postgresql://postgres@127.0.0.1:${port}/${database}`;
  const stop = async (): Promise<void> => {
    if (server.exitCode === null) {
      const exited = once(server, 'exit');
      server.kill('SIGINT');
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const version = await waitUntilReady(url('postgres'));
    return {
      version,
      pid: server.pid ?? 0,
      url,
      createDatabase: async (name) => {
        await queryOnce(url('postgres'), `create database "${name}"`);
        return url(name);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Finds the programs of PostgreSQL 15, or of the newest version. */
async function findBinaries(): Promise<string> {
  const versions = await readdir(BINARIES).catch(() => []);
  const newest = versions.sort((one, other) => Number(one) - Number(other)).at(-1);
  const version = versions.find((name) => name === '15') ?? newest;
  if (version === undefined)
    throw new Error(`There is no PostgreSQL in ${BINARIES}. Install it: apt-get install postgresql`);
  return join(BINARIES, version, 'bin');
}

async function findPostgresUser(): Promise<{ uid: number; gid: number }> {
  const readId = async (option: string): Promise<number> => Number((await run('id', [option, 'postgres'])).stdout);
  return { uid: await readId('-u'), gid: await readId('-g') };
}

/** Finds a port of the loopback interface that is free now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

async function waitUntilReady(url: string): Promise<string> {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  let lastError: unknown;
  while (Date.now() < giveUpAt) {
    try {
      const [row] = await queryOnce(url, 'show server_version');
      return String(row?.['server_version']);
    } catch (error) {
      lastError = error;
      await sleep(100);
    }
  }
  throw new Error('PostgreSQL did not start.', { cause: lastError });
}

async function queryOnce(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
