import { z } from 'zod';
import { findCircularSuccessions } from '../../../domain/unit/succession-circles.ts';
import type { BulkSession } from '../../database/bulk-session.ts';
import { markRejected } from '../problems.ts';
import { stageProblems } from '../stage-rows.ts';

const file = 'successions.csv';

const linkRows = z.array(
  z.object({ line: z.number().nullable(), fromReshId: z.number(), toReshId: z.number(), effectiveOn: z.string() }),
);

/**
 * Finds staged successions by which units become each other within a day, also together with successions of the
 * register.
 */
export async function checkSuccessionCircles(session: BulkSession): Promise<void> {
  const links = linkRows.parse(await session.query(selectLinksSql));
  const circular = [...findCircularSuccessions(links)].filter(({ line }) => line !== null);
  await stageProblems(
    session,
    circular.map(({ line, fromReshId, toReshId }) => ({
      file,
      line,
      column: 'to_resh_id',
      value: String(toReshId),
      problem: `becomes unit ${fromReshId} again on the same day, directly or by way of others`,
      remedy: 'correct the units or the day: within a day, units cannot become each other',
    })),
  );
  await markRejected(session, file);
}

// Only a unit that others become on the day, and that becomes others on it, can be in a circle.
const selectLinksSql = `-- successions that can be in a circle
  with link as (
    select line, from_resh_id, to_resh_id, effective_on
    from import_succession
    where not rejected
    union all
    select null, from_resh_id, to_resh_id, effective_on
    from succession
    where superseded_rev is null
      and effective_on in (select effective_on from import_succession where not rejected)
  )
  select l.line, l.from_resh_id as "fromReshId", l.to_resh_id as "toReshId", l.effective_on::text as "effectiveOn"
  from link l
  where (l.to_resh_id, l.effective_on) in (select from_resh_id, effective_on from link)
    and (l.from_resh_id, l.effective_on) in (select to_resh_id, effective_on from link)
  order by l.line`;
