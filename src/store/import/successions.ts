import { z } from 'zod';
import { findCircularSuccessions } from '../../domain/unit/succession-circles.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { insertProblemsSql, markRejected } from '../staging/problems.ts';
import { stageProblems } from '../staging/stage-rows.ts';
import { checkSuccessions } from '../staging/successions/check-successions.ts';

const file = 'successions.csv';

/** Checks the staged successions of an import. Call it after all checks of units. */
export async function checkImportedSuccessions(session: BulkSession): Promise<void> {
  await checkSuccessions(session);
  await session.execute(registeredSuccessionsSql);
  await markRejected(session, file);
  await findCircles(session);
  await markRejected(session, file);
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

const linkRows = z.array(
  z.object({ line: z.number().nullable(), fromReshId: z.number(), toReshId: z.number(), effectiveOn: z.string() }),
);

/** Finds successions by which units become each other within a day, also together with successions of the register. */
async function findCircles(session: BulkSession): Promise<void> {
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
