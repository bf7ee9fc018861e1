import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import { formatPathText } from '../sql/path-text.ts';
import { validOn } from '../sql/temporal-conditions.ts';
import type { SqlClient } from '../database/sql-client.ts';

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

/** A closed unit: its path on its last day, and the first and last days on which it must be closed. */
export interface ClosedTogetherKey {
  readonly path: readonly number[];
  readonly closedOn: Day;
  readonly until: Day;
}

/**
 * Returns the RESH-ids of the descendants that the same change closed together with each of some units on the same day,
 * parents first. Units that have been reopened since are left out, with their descendants. One statement.
 */
export async function readDescendantIdsClosedWithUnits(
  tx: SqlClient,
  units: readonly ClosedTogetherKey[],
): Promise<number[][]> {
  // The change that closed a unit superseded the row that covered the day. If no row ever covered it, the closing
  // change is the first that recorded the end: a later change may have recorded the end again, with another path.
  const closingRevision = `coalesce(
        (
          select max(w.superseded_rev)
          from unit_version w
          where w.resh_id = v.resh_id
            and ${validOn('root.closed_on', 'w')}
        ),
        (
          select min(w.recorded_rev)
          from unit_version w
          where w.resh_id = v.resh_id
            and w.valid_to = root.closed_on
        )
      )`;
  const rows = await tx.query(
    `-- descendants closed together with units
     with recursive closed as (
       select
         root.position::integer as position,
         root.path,
         v.resh_id,
         v.parent_resh_id,
         v.path_text,
         ${closingRevision} as revision
       from unnest($1::text[], $2::text[]::date[], $3::text[]::date[])
         with ordinality as root (path, closed_on, until, position)
       join unit_version v on v.path_text >= root.path
         and v.path_text < root.path || ':'
         and v.superseded_rev is null
         and v.valid_to = root.closed_on
       where not exists (
         select from unit_version w
         where w.resh_id = v.resh_id
           and w.superseded_rev is null
           and w.valid_from <= root.until
           and (w.valid_to is null or w.valid_to > root.closed_on)
       )
     ),
     together as (
       select position, path, resh_id, path_text, revision
       from closed
       where path_text = path
       union all
       select c.position, c.path, c.resh_id, c.path_text, c.revision
       from together t
       join closed c on c.position = t.position and c.parent_resh_id = t.resh_id and c.revision = t.revision
     )
     select position, resh_id as "reshId"
     from together
     where path_text > path
     order by position, path_text`,
    [
      units.map(({ path }) => formatPathText(path)),
      units.map((unit) => unit.closedOn),
      units.map((unit) => unit.until),
    ],
  );
  const found: number[][] = units.map(() => []);
  for (const { position, reshId } of descendantRows.parse(rows)) found[position - 1]?.push(reshId);
  return found;
}
