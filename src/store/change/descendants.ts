import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import { formatPathText } from '../sql/path-text.ts';
import { validOn } from '../sql/temporal-conditions.ts';
import type { SqlClient } from '../database/sql-client.ts';

const reshIdRows = z.array(z.object({ reshId: z.number() }));

const descendantRows = z.array(z.object({ position: z.number(), reshId: z.number() }));

/**
 * Returns the RESH-ids of the units under each of some units on a day, parents first. One statement.
 *
 * @param paths of the units on the day
 */
export async function readDescendantIds(
  tx: SqlClient,
  paths: readonly (readonly number[])[],
  day: Day,
): Promise<number[][]> {
  const rows = await tx.query(
    `-- descendants of units
     select root.position::integer as position, v.resh_id as "reshId"
     from unnest($1::text[]) with ordinality as root (path, position)
     join unit_version v on v.path_text > root.path
       and v.path_text < root.path || ':'
       and v.superseded_rev is null
       and ${validOn('$2::text::date', 'v')}
     order by root.position, v.path_text`,
    [paths.map(formatPathText), day],
  );
  const found: number[][] = paths.map(() => []);
  for (const { position, reshId } of descendantRows.parse(rows)) found[position - 1]?.push(reshId);
  return found;
}

/**
 * Returns the RESH-ids of the descendants that the same change closed together with a unit on the same day, parents
 * first. Units that have been reopened since are left out, with their descendants. One statement.
 *
 * @param path of the unit on its last day
 * @param closedOn first day on which the unit is closed
 * @param until last day on which the descendants must still be closed
 */
export async function readDescendantIdsClosedWithUnit(
  tx: SqlClient,
  path: readonly number[],
  closedOn: Day,
  until: Day,
): Promise<readonly number[]> {
  // The change that closed a unit superseded the row that covered the day. If no row ever covered it, the closing
  // change is the first that recorded the end: a later change may have recorded the end again, with another path.
  const closingRevision = `coalesce(
        (
          select max(w.superseded_rev)
          from unit_version w
          where w.resh_id = v.resh_id
            and ${validOn('$2::text::date', 'w')}
        ),
        (
          select min(w.recorded_rev)
          from unit_version w
          where w.resh_id = v.resh_id
            and w.valid_to = $2::text::date
        )
      )`;
  const rows = await tx.query(
    `-- descendants closed together with a unit
     with recursive closed as (
       select v.resh_id, v.parent_resh_id, v.path_text, ${closingRevision} as revision
       from unit_version v
       where v.path_text >= $1
         and v.path_text < $1 || ':'
         and v.superseded_rev is null
         and v.valid_to = $2::text::date
         and not exists (
           select from unit_version w
           where w.resh_id = v.resh_id
             and w.superseded_rev is null
             and w.valid_from <= $3::text::date
             and (w.valid_to is null or w.valid_to > $2::text::date)
         )
     ),
     together as (
       select resh_id, path_text, revision
       from closed
       where path_text = $1
       union all
       select c.resh_id, c.path_text, c.revision
       from together t
       join closed c on c.parent_resh_id = t.resh_id and c.revision = t.revision
     )
     select resh_id as "reshId"
     from together
     where path_text > $1
     order by path_text`,
    [formatPathText(path), closedOn, until],
  );
  return reshIdRows.parse(rows).map(({ reshId }) => reshId);
}
