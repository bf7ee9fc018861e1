import type { BulkSession } from '../../store/database/bulk-session.ts';
import type { Database } from '../../store/database/database.ts';
import { dropStaging } from '../../store/staging/tables.ts';
import { RegisterChangedError } from './stage-files.ts';

const maxAttempts = 3;

/**
 * Runs an import on a session, and drops its staging tables afterwards. If another change came in between, the import
 * starts again, three times at most.
 *
 * @throws RegisterChangedError if another change came in between on every attempt
 */
export function withStagingSession<Outcome>(
  database: Pick<Database, 'bulk'>,
  run: (session: BulkSession) => Promise<Outcome>,
): Promise<Outcome> {
  return database.bulk(async (session) => {
    try {
      return await runWithRetries(() => run(session));
    } finally {
      // A lost connection has dropped its temporary tables itself.
      await dropStaging(session).catch(() => {});
    }
  });
}

async function runWithRetries<Outcome>(run: () => Promise<Outcome>): Promise<Outcome> {
  for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof RegisterChangedError)) throw error;
    }
  }
  return run();
}
