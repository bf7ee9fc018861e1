import type { Database } from '../store/database/database.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;
const signalCodes = { SIGINT: 130, SIGTERM: 143 };

/**
 * Opens and migrates the register that the environment names, and closes it after the work, also when the process is
 * terminated: uncommitted changes are rolled back, and the data folder is released.
 */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  // Exiting releases the data folder; the database rolls back uncommitted changes.
  const stop = (signal: (typeof signals)[number]) => process.exit(signalCodes[signal]);
  for (const signal of signals) process.once(signal, stop);
  try {
    const database = await openFromEnvironment();
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

async function openFromEnvironment(): Promise<Database> {
  const [{ ConfigError, readDatabaseLocation }, { DataFolderUnusableError }, { openDatabase }] = await Promise.all([
    import('../config.ts'),
    import('../store/database/data-folder-lock.ts'),
    import('../store/database/database.ts'),
  ]);
  try {
    return await openDatabase(readDatabaseLocation(process.env));
  } catch (error) {
    throw error instanceof DataFolderUnusableError ? new ConfigError(error.message) : error;
  }
}

/** Returns the actor of changes on the command line: the user of the operating system. */
export function commandLineActor(): { subject: string; name: string } {
  const name = process.env['USER'] ?? process.env['LOGNAME'] ?? 'unknown';
  return { subject: `command-line:${name}`, name: `${name} (command line)` };
}
