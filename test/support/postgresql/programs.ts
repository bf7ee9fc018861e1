import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

const PROGRAMS = '/usr/lib/postgresql';

/** The programs of an installed PostgreSQL, and the user as which they run; without an owner, that of this process. */
export interface Programs {
  readonly folder: string;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * Finds the programs of PostgreSQL 15, or of the newest version. PostgreSQL refuses to run as root, so they run as the
 * user postgres if this process does.
 *
 * @throws if PostgreSQL is not installed
 */
export async function findPrograms(): Promise<Programs> {
  const versions = await readdir(PROGRAMS).catch(() => []);
  const newest = versions.sort((one, other) => Number(one) - Number(other)).at(-1);
  const version = versions.find((name) => name === '15') ?? newest;
  if (version === undefined)
    throw new Error(`There is no PostgreSQL in ${PROGRAMS}. Install it: apt-get install postgresql`);
  const owner = process.getuid?.() === 0 ? await findPostgresUser() : undefined;
  return { folder: join(PROGRAMS, version, 'bin'), owner };
}

async function findPostgresUser(): Promise<{ uid: number; gid: number }> {
  const readId = async (option: string): Promise<number> => Number((await run('id', [option, 'postgres'])).stdout);
  return { uid: await readId('-u'), gid: await readId('-g') };
}

/** Creates a temporary folder that the programs can write to. */
export async function createOwnedFolder({ owner }: Programs): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'resh-postgresql-'));
  if (owner) await chown(folder, owner.uid, owner.gid);
  return folder;
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
