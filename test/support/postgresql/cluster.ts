import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createOwnedFolder, findPrograms, run } from './programs.ts';
import { queryOnce, startPostgresServer, type PostgresServer } from './server.ts';

/** A PostgreSQL server with data of its own, in a temporary folder. */
export interface Cluster extends Omit<PostgresServer, 'start' | 'stop'> {
  /** Creates an empty database, and returns its URL. */
  createDatabase(name: string): Promise<string>;
  /** Copies the data, and starts a streaming replica on it. */
  startReplica(): Promise<Replica>;
  /** Stops the server and removes its folder; its replicas are removed first. */
  remove(): Promise<void>;
}

/** A streaming replica of a cluster. */
export interface Replica extends PostgresServer {
  /** Stops the server and removes its folder. */
  remove(): Promise<void>;
}

/** The data can be generated again. */
const generalSettings = { jit: 'off', fsync: 'off', max_connections: '200' };

/**
 * Starts a PostgreSQL server on new data. It runs as the user postgres if this process runs as root.
 *
 * @throws if PostgreSQL is not installed
 */
export async function startCluster(settings: Readonly<Record<string, string>>): Promise<Cluster> {
  const programs = await findPrograms();
  const folder = await createOwnedFolder(programs);
  const data = ['--pgdata', join(folder, 'data'), '--no-sync'];
  const initOptions = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8'];
  await run(join(programs.folder, 'initdb'), [...data, ...initOptions], { ...programs.owner, cwd: folder });
  const allSettings = { ...generalSettings, ...settings };
  const server = await startPostgresServer({ programs, folder, settings: allSettings });
  const startReplica = async (): Promise<Replica> => {
    const replicaFolder = await createOwnedFolder(programs);
    const copy = ['--pgdata', join(replicaFolder, 'data'), '--no-sync', '--checkpoint=fast', '--wal-method=stream'];
    await run(
      join(programs.folder, 'pg_basebackup'),
      [...copy, '--write-recovery-conf', '--dbname', server.url('postgres')],
      { ...programs.owner, cwd: replicaFolder },
    );
    const replica = await startPostgresServer({ programs, folder: replicaFolder, settings: allSettings });
    return { ...replica, remove: () => stopAndRemove(replica, replicaFolder) };
  };
  return {
    ...server,
    createDatabase: async (name) => {
      await queryOnce(server.url('postgres'), `create database "${name}"`);
      return server.url(name);
    },
    startReplica,
    remove: () => stopAndRemove(server, folder),
  };
}

async function stopAndRemove(server: PostgresServer, folder: string): Promise<void> {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
