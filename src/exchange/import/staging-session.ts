import type { BulkSession } from '../../store/database/bulk-session.ts';
import type { Database } from '../../store/database/database.ts';
import { dropStaging } from '../../store/staging/tables.ts';
import { RegisterChangedError } from './stage-files.ts';

const maxAttempts = 3;

/**
 * Runs an import on a session whose staging tables go when it is done. Where another change came in between, all of it is done anew,
 * from the files on, a few times at most.
 *
 * @throws RegisterChangedError where another change came in between each time
 */
export function withStagingSession<Outcome>(
  database: Pick<Database, 'bulk'>,
  run: (session: BulkSession) => Promise<Outcome>,
): Promise<Outcome> {
  return database.bulk(async (session) => {
    try {
      for (let attempt = 1; ; attempt += 1)
        try {
          return await run(session);
        } catch (error) {
          if (!(error instanceof RegisterChangedError) || attempt === maxAttempts) throw error;
        }
    } finally {
      // A lost connection took its temporary tables with it.
      await dropStaging(session).catch(() => {});
    }
  });
}
