import { setImmediate } from 'node:timers/promises';
import type { BulkSession } from '../database/bulk-session.ts';
import { isInRoundSql } from './row-conflicts.ts';

const createPlacementSql = `drop table if exists import_placed;
  create temporary table import_placed (
    line integer,
    resh_id integer not null,
    type text not null,
    validity daterange not null,
    level integer not null
  );
  -- parents that are in the register
  insert into import_placed (resh_id, type, validity, level)
  select v.resh_id, v.type::text, ${dateRangeSql('v')}, 0
  from unit_version v
  where v.superseded_rev is null
    and v.resh_id in (select parent_resh_id from import_unit where not rejected);
  -- roots
  insert into import_placed (line, resh_id, type, validity, level)
  select r.line, r.resh_id, r.type, ${dateRangeSql('r')}, 0
  from import_unit r
  where r.parent_resh_id is null and ${isInRoundSql};
  create index on import_placed (resh_id);
  create index on import_placed (line);
  create index on import_placed (level);
  analyze import_placed`;

function dateRangeSql(row: string): string {
  return `daterange(${row}.valid_from, ${row}.valid_to)`;
}

const nextLevelSql = `-- rows whose parents are placed on all of their days
  with placed as (
    insert into import_placed (line, resh_id, type, validity, level)
    select r.line, r.resh_id, r.type, ${dateRangeSql('r')}, $1::integer
    from import_unit r
    where r.parent_resh_id in (select resh_id from import_placed where level = $1::integer - 1)
      and ${isInRoundSql}
      and not exists (select from import_placed p where p.line = r.line)
      and (
        select range_agg(p.validity) @> ${dateRangeSql('r')}
          and (r.type = 'DEPARTMENT' or not bool_or(p.type = 'DEPARTMENT' and p.validity && ${dateRangeSql('r')}))
        from import_placed p
        where p.resh_id = r.parent_resh_id
      )
    returning 1
  )
  select count(*)::integer as count
  from placed`;

/** Places staged units in `import_placed`, from the roots down: a row where rows that are placed cover its parent on all of its days. */
export async function placeUnits(session: BulkSession): Promise<void> {
  await session.execute(createPlacementSql);
  for (let level = 1; ; level += 1) {
    const [row] = await session.query<{ count: number }>(nextLevelSql, [level]);
    await setImmediate();
    if (!row || row.count === 0) return;
  }
}
