import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const lockFile = fileURLToPath(new URL('../generated/lock', import.meta.url));
const RETRY_DELAY_MS = 50;
const MAX_WAIT_MS = 60_000;

/** Runs work that writes or reads src/generated, while no other process does. */
export async function withGenerationLock(work: () => Promise<void>): Promise<void> {
  const isLocked = await takeLock();
  try {
    await work();
  } finally {
    if (isLocked) rmSync(lockFile, { force: true });
  }
}

/** Returns whether this process has the lock. Where it may not write, nothing can be generated either. */
async function takeLock(): Promise<boolean> {
  const giveUpAt = performance.now() + MAX_WAIT_MS;
  try {
    mkdirSync(dirname(lockFile), { recursive: true });
    while (!createLock()) {
      // A process that was killed leaves its lock.
      if (!isHeld() || performance.now() > giveUpAt) rmSync(lockFile, { force: true });
      else await setTimeout(RETRY_DELAY_MS);
    }
    return true;
  } catch {
    return false;
  }
}

/** Creates the lock, or returns false if there is one. */
function createLock(): boolean {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function isHeld(): boolean {
  try {
    process.kill(Number(readFileSync(lockFile, 'utf8')), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
