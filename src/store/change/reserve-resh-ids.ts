import { z } from 'zod';
import type { MentionedReshIds } from '../../domain/unit/mentioned-resh-ids.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { lockRegister, runInTransaction } from '../database/transaction.ts';
import { greatestReshIdSql } from '../sql/resh-ids.ts';

const greatestRows = z.array(z.object({ greatest: z.number(), greatestLoaded: z.number() }));

/**
 * Advances the sequence of RESH-ids to the greatest id that the staged files mention, so that no id up to it is given
 * to a new unit. Ids with more digits than all units of the register and of the files reserve none. Takes the
 * register's lock only if the sequence is behind: it never goes back.
 */
export async function reserveReshIds(session: BulkSession, mentioned: MentionedReshIds): Promise<void> {
  const [row] = greatestRows.parse(
    await session.query(
      `-- greatest RESH-id so far
       select ${greatestReshIdSql}::integer as greatest,
         (select coalesce(max(resh_id), 0) from import_unit where not rejected) as "greatestLoaded"`,
    ),
  );
  if (!row) return;
  const reshId = mentioned.findGreatestToReserve(Math.max(row.greatest, row.greatestLoaded));
  if (row.greatest >= reshId) return;
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
