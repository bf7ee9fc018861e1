import { z } from 'zod';
import type { BulkSession } from '../database/bulk-session.ts';
import { lockRegister, runInTransaction } from '../database/transaction.ts';
import { greatestReshIdSql } from '../sql/resh-ids.ts';

const greatestRows = z.array(z.object({ greatest: z.number() }));

/**
 * Advances the sequence of RESH-ids to an id that an imported file mentions, so that no id up to it is given to a new
 * unit. Takes the register's lock only if the sequence is behind: it never goes back.
 *
 * @param reshId greatest RESH-id in the files, 0 if they have none
 */
export async function reserveReshIds(session: BulkSession, reshId: number): Promise<void> {
  const [row] = greatestRows.parse(
    await session.query(
      `-- greatest RESH-id so far
       select ${greatestReshIdSql}::integer as greatest`,
    ),
  );
  if (row && row.greatest >= reshId) return;
  await runInTransaction(session, async (unlocked) => {
    const transaction = await lockRegister(unlocked);
    await transaction.query(
      `-- reserve the RESH-ids of imported files
       select setval('resh_id_seq', greatest($1::integer, last_value))::text as set
       from resh_id_seq`,
      [reshId],
    );
  });
}
