import { readFileSync, rmSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';

const READ_RETRIES = 5;
const READ_RETRY_DELAY_MS = 50;

const lockContent = z.object({ pid: z.number().int().positive(), startedAt: z.string() });
type LockContent = z.infer<typeof lockContent>;

/** Another running process has the data folder open. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  constructor(
    readonly folder: string,
    readonly pid: number,
  ) {
    super(
      `The data folder ${folder} is in use by process ${pid}. Stop that process, set DATA_DIR to another folder, ` +
        'or use a PostgreSQL server through DATABASE_URL.',
    );
  }
}

/** The data folder cannot be created or is not writable. */
export class DataFolderUnusableError extends Error {
  override readonly name = 'DataFolderUnusableError';
  constructor(folder: string, cause: Error) {
    super(
      `The folder ${folder} cannot be used (${cause.message}). ` +
        'Set DATA_DIR to a folder that this user can write to or create.',
      { cause },
    );
  }
}

/**
 * Locks the data folder for this process, and removes the lock of a process that no longer runs.
 *
 * @returns function that releases the folder; the exit of the process releases it too
 * @throws DataFolderInUseError naming the process that holds the lock
 */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'resh-graph.lock');
  const ownLock: LockContent = { pid: process.pid, startedAt: readProcessStart(process.pid) };
  let unreadableCount = 0;
  while (!(await createLock(file, ownLock))) {
    const holder = await readLock(file);
    if (holder && isAlive(holder)) throw new DataFolderInUseError(folder, holder.pid);
    if (!holder) unreadableCount += 1;
    // The holder may still be writing an unreadable lock: read it again a few times before removing it.
    if (!holder && unreadableCount <= READ_RETRIES) await setTimeout(READ_RETRY_DELAY_MS);
    else await removeLock(file);
  }
  const releaseAtExit = () => rmSync(file, { force: true });
  process.once('exit', releaseAtExit);
  return async () => {
    process.off('exit', releaseAtExit);
    await rm(file, { force: true });
  };
}

/** Creates the lock file, or returns false if it exists. */
async function createLock(file: string, lock: LockContent): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify(lock));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

// Another process may remove the lock at the same time: only one of the two renames it.
async function removeLock(file: string): Promise<void> {
  const stalePath = `${file}.${process.pid}.stale`;
  await rename(file, stalePath).catch(() => {});
  await rm(stalePath, { force: true });
}

// The system reuses process ids: on Linux the start time distinguishes two processes with the same id.
function readProcessStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

async function readLock(file: string): Promise<LockContent | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return lockContent.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function isAlive({ pid, startedAt }: LockContent): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return readProcessStart(pid) === startedAt;
}
