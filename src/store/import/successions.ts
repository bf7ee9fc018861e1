import type { BulkSession } from '../database/bulk-session.ts';
import { insertProblemsSql, markRejected } from '../staging/problems.ts';
import { checkSuccessions } from '../staging/successions/check-successions.ts';
import { checkSuccessionCircles } from '../staging/successions/circles.ts';

const file = 'successions.csv';

/** Checks the staged successions of an import. Call it after all checks of units. */
export async function checkImportedSuccessions(session: BulkSession): Promise<void> {
  await checkSuccessions(session);
  await session.execute(registeredSuccessionsSql);
  await markRejected(session, file);
  await checkSuccessionCircles(session);
}

const registeredSuccessionsSql = `-- successions that the register has
  ${insertProblemsSql(file, 's')} 'to_resh_id', s.to_resh_id,
    'is already the successor of unit ' || s.from_resh_id || ' in the register, in the same way on the same day',
    'leave the row out'
  from import_succession s
  join succession e on e.from_resh_id = s.from_resh_id
    and e.to_resh_id = s.to_resh_id
    and e.kind::text = s.kind
    and e.extent::text = s.extent
    and e.effective_on = s.effective_on
    and e.superseded_rev is null`;
