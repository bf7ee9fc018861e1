import { setImmediate } from 'node:timers/promises';
import type { BulkSession } from '../database/bulk-session.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { isInRoundSql } from '../staging/row-conflicts.ts';
import { queryCount } from '../staging/row-counts.ts';

/**
 * Places staged units in `import_placeable`, from the top down. A row has a place if the placed rows of its parent, or
 * the parent in the register, cover all its days.
 */
export async function placeCandidates(session: BulkSession): Promise<void> {
  await session.execute(createPlaceableSql);
  let level = 0;
  let count: number;
  do {
    level += 1;
    count = await queryCount(session, placeNextLevelSql, [level]);
    await setImmediate();
  } while (count > 0);
}

const createPlaceableSql = `drop table if exists import_placeable;
  create temporary table import_placeable (
    line integer,
    resh_id integer not null,
    type text not null,
    validity daterange not null,
    level integer not null
  );
  -- parents in the register
  insert into import_placeable (resh_id, type, validity, level)
  select p.resh_id, p.type, p.validity, 0
  from import_existing_parent p
  where p.resh_id in (select parent_resh_id from import_unit where not rejected);
  -- units at the top of the tree
  insert into import_placeable (line, resh_id, type, validity, level)
  select r.line, r.resh_id, r.type, ${dateRangeSql('r')}, 0
  from import_unit r
  where r.parent_resh_id is null and ${isInRoundSql};
  create index on import_placeable (resh_id);
  create index on import_placeable (line);
  create index on import_placeable (level);
  analyze import_placeable`;

const placeNextLevelSql = `-- rows with a parent that is placed on all their days
  with placed as (
    insert into import_placeable (line, resh_id, type, validity, level)
    select r.line, r.resh_id, r.type, ${dateRangeSql('r')}, $1::integer
    from import_unit r
    where r.parent_resh_id in (select resh_id from import_placeable where level = $1::integer - 1)
      and ${isInRoundSql}
      and not exists (select from import_placeable p where p.line = r.line)
      and (
        select range_agg(p.validity) @> ${dateRangeSql('r')}
          and (
            r.type = 'DEPARTMENT'
            or not bool_or(p.type = 'DEPARTMENT' and p.validity && ${dateRangeSql('r')})
          )
        from import_placeable p
        where p.resh_id = r.parent_resh_id
      )
    returning 1
  )
  select count(*)::integer as count
  from placed`;
