import type { BulkSession } from '../database/bulk-session.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { pathStepSql } from '../sql/path-text.ts';
import { regionArea, regionColumns, revisionRange } from './bitemporal-regions.ts';

const rootPathsStatement = `drop table if exists verify_segment;
  create temporary table verify_segment (
    id bigint not null,
    resh_id integer not null,
    level integer not null,
    is_whole boolean not null,
    validity daterange not null,
    known int4range not null,
    path integer[] not null,
    path_text text collate "C" not null
  );
  -- roots of every revision
  insert into verify_segment
  select v.id, v.resh_id, 1, true, ${dateRangeSql('v')}, ${revisionRange('v')},
    array[v.resh_id],
    ${pathStepSql('v.resh_id')}
  from unit_version v
  where v.parent_resh_id is null;
  create index on verify_segment (level);
  analyze verify_segment`;

// `overlapping` joins child rows with the segments of their parents; `part` has the parts of rows that no single
// segment covers; `measured` finds rows whose parts all have the same path.
const nextLevelStatement = `-- the next level of every revision
  with overlapping as (
    select v.id, v.resh_id, ${regionColumns('v')},
      s.path as parent_path,
      s.path_text as parent_path_text,
      s.validity as parent_validity,
      s.known as parent_known,
      s.validity @> ${dateRangeSql('v')} and s.known @> ${revisionRange('v')} as is_whole
    from verify_segment s
    join unit_version v on v.parent_resh_id = s.resh_id
      and ${dateRangeSql('v')} && s.validity
      and ${revisionRange('v')} && s.known
    where s.level = $1::integer - 1
      and not v.resh_id = any(s.path)
  ),
  part as (
    select id, resh_id, validity, known, parent_path, parent_path_text, part_known,
      unnest(range_agg(part_validity)) as part_validity
    from (
      select *, validity * parent_validity as part_validity, known * parent_known as part_known
      from overlapping
      where not is_whole
    ) as partly
    group by id, resh_id, validity, known, parent_path, parent_path_text, part_known
  ),
  measured as (
    select *,
      sum(${regionArea('part_validity', 'part_known')}) over (partition by id, parent_path)
        = ${regionArea('validity', 'known')} as is_whole
    from part
  ),
  placed as (
    select id, resh_id, true as is_whole, validity, known, parent_path, parent_path_text
    from overlapping
    where is_whole
    union
    select id, resh_id, true, validity, known, parent_path, parent_path_text
    from measured
    where is_whole
    union all
    select id, resh_id, false, part_validity, part_known, parent_path, parent_path_text
    from measured
    where not is_whole
  ),
  inserted as (
    insert into verify_segment
    select id, resh_id, $1::integer, is_whole, validity, known,
      parent_path || resh_id,
      parent_path_text || ${pathStepSql('resh_id')}
    from placed
    returning 1
  )
  select count(*)::integer as count
  from inserted`;

/**
 * Computes the paths of all rows in all revisions from the parents alone, from the roots down, into the temporary table
 * `verify_segment`. A row whose path is the same on all its days and in all its revisions gets one row; any other gets
 * a row for each part with the same path. Rows that cannot be reached from a root get none.
 *
 * @param onLevel receives the number of rows placed so far, after each level
 */
export async function computePaths(session: BulkSession, onLevel: (placedCount: number) => void): Promise<void> {
  await session.execute(rootPathsStatement);
  let placedCount = 0;
  let level = 2;
  let levelCount = await placeLevel(session, level);
  while (levelCount > 0) {
    placedCount += levelCount;
    onLevel(placedCount);
    level += 1;
    levelCount = await placeLevel(session, level);
  }
  await session.execute('create index on verify_segment (id); analyze verify_segment');
}

async function placeLevel(session: BulkSession, level: number): Promise<number> {
  const [row] = await session.query<{ count: number }>(nextLevelStatement, [level]);
  return row?.count ?? 0;
}
