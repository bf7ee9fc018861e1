import type { UnitWrite } from '../../domain/plan/write-set.ts';
import type { Day } from '../../domain/time/day.ts';
import { coalescePeriods, compareByFirstDay, intersectPeriods } from '../../domain/time/period.ts';
import { columnNames } from '../sql/columns.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { formatPathText } from '../sql/path-text.ts';
import { unitVersion } from '../tables.ts';
import type { LockedTransaction } from '../database/transaction.ts';

/** Days on which the path of a unit changes, and both paths. */
interface PathChange {
  readonly oldText: string;
  readonly newText: string;
  readonly newPath: readonly number[];
  readonly from: Day;
  readonly to: Day | null;
}

// The path of a descendant starts with the old path of the moved unit; if several units moved, the nearest decides. A
// row is split if its path changes on some of its days only. The statement compares days rather than ranges, so that
// the planner uses the index of paths. Rows that the plan itself added already have their new paths.
const descendantPathsStatement = `-- paths of descendants
  with step as (
    select length("oldText") / 11 as level, "oldText" as old_text, "newText" as new_text, "newPath" as new_path,
      "from", "to", daterange("from", "to") as validity
    from jsonb_to_recordset($1::text::jsonb)
      as key ("oldText" text, "newText" text, "newPath" integer[], "from" date, "to" date)
  ),
  reached as (
    select v.id, v.validity, step.level, step.new_path, step.new_text, v.validity * step.validity as changing
    from step
    cross join lateral (
      select id, ${dateRangeSql()} as validity
      from unit_version
      where path_text > step.old_text
        and path_text < step.old_text || ':'
        and superseded_rev is null
        and recorded_rev < $2::integer
        and (valid_to is null or valid_to > step."from")
        and (step."to" is null or valid_from < step."to")
    ) as v
  ),
  superseded as (
    update unit_version v
    set superseded_rev = $2::integer
    where v.id in (select id from reached)
    returning v.*
  ),
  piece as (
    select id, level, new_path, new_text,
      unnest(datemultirange(changing) - coalesce(range_agg(changing) over nearer, '{}')) as days
    from reached
    window nearer as (partition by id order by level desc rows between unbounded preceding and 1 preceding)
    union all
    select id, 0, '{}', '', unnest(datemultirange(validity) - range_agg(changing))
    from reached
    group by id, validity
  ),
  added as (
    insert into unit_version (
      resh_id, valid_from, valid_to, recorded_rev, path, path_text,
      ${columnNames(unitVersion.facts).join(', ')}
    )
    select s.resh_id, lower(piece.days), upper(piece.days), $2::integer, piece.new_path || s.path[piece.level + 1:],
      piece.new_text || substr(s.path_text, piece.level * 11 + 1) as path_text,
      ${columnNames(unitVersion.facts, 's').join(', ')}
    from superseded s
    join piece on piece.id = s.id
    order by path_text
    returning resh_id
  )
  select coalesce(array_agg(distinct resh_id), '{}') as "reshIds"
  from added`;

/**
 * Rewrites the paths of the descendants of moved units. One statement, or none if no unit moved.
 *
 * @returns RESH-ids of the descendants with another path
 */
export async function writeDescendantPaths(
  tx: LockedTransaction,
  revision: number,
  units: readonly UnitWrite[],
): Promise<readonly number[]> {
  const changes = units.flatMap(findPathChanges);
  if (changes.length === 0) return [];
  const [moved] = await tx.query<{ reshIds: number[] }>(descendantPathsStatement, [JSON.stringify(changes), revision]);
  return moved?.reshIds ?? [];
}

function findPathChanges({ versions }: UnitWrite): PathChange[] {
  const changes = versions.superseded.flatMap((oldRow) =>
    versions.added.flatMap((newRow) => {
      const period = intersectPeriods(oldRow, newRow);
      const newText = formatPathText(newRow.path);
      const oldText = formatPathText(oldRow.path);
      return period && oldText !== newText ? [{ oldText, newText, newPath: newRow.path, ...period }] : [];
    }),
  );
  // Descendants keep one row where a fact of the unit changes and its path does not.
  return coalescePeriods(
    changes.sort(compareByFirstDay),
    (earlier, later) => earlier.oldText === later.oldText && earlier.newText === later.newText,
  );
}
