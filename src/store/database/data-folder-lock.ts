import { readFileSync, rmSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const lockContent = z.object({ pid: z.number().int().positive(), startedAt: z.string() });
type LockContent = z.infer<typeof lockContent>;

/** Another living process has the data folder open. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  constructor(
    readonly folder: string,
    readonly pid: number,
  ) {
    super(
      `The data folder ${folder} is in use by process ${pid}. Stop that process, set DATA_DIR to another folder, or use a PostgreSQL server through DATABASE_URL.`,
    );
  }
}

/** The data folder cannot be made, or not be written to. */
export class DataFolderUnusableError extends Error {
  override readonly name = 'DataFolderUnusableError';
  constructor(folder: string, cause: Error) {
    super(
      `The folder ${folder} cannot be used (${cause.message}). Set DATA_DIR to a folder that this user may write to, or that can be made.`,
      { cause },
    );
  }
}

/**
 * Takes the data folder for this process; a lock left by a killed process is removed.
 *
 * @returns releases the folder; a process that exits without it releases the folder too
 * @throws DataFolderInUseError naming the living holder
 */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'resh-graph.lock');
  const ownLock: LockContent = { pid: process.pid, startedAt: readProcessStart(process.pid) };
  for (let attempt = 0; ; attempt += 1) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(JSON.stringify(ownLock));
      await handle.close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await readLock(file);
    if (holder && isAlive(holder)) throw new DataFolderInUseError(folder, holder.pid);
    // An unreadable lock may be one that its holder is just writing: look again before it is taken away.
    if (!holder && attempt < 5) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    const stalePath = `${file}.${process.pid}.stale`;
    await rename(file, stalePath).catch(() => {});
    await rm(stalePath, { force: true });
  }
  const releaseAtExit = () => rmSync(file, { force: true });
  process.once('exit', releaseAtExit);
  return async () => {
    process.off('exit', releaseAtExit);
    await rm(file, { force: true });
  };
}

// Pids are given again: on Linux the moment a process started tells two holders of one pid apart.
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
