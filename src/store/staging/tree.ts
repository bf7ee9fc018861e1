import { setImmediate } from 'node:timers/promises';
import type { BulkSession } from '../database/bulk-session.ts';
import { markRejected } from './problems.ts';
import { parentCoversSql } from './units.ts';

/** Greatest number of levels of a tree: a path is a key of an index, and such a key has an end; no real register comes near it. */
export const maxTreeDepth = 200;

const createSegmentsSql = `drop table if exists import_segment;
  create temporary table import_segment (
    line integer,
    resh_id integer not null,
    level integer not null,
    validity daterange not null,
    path integer[] not null,
    path_text text collate "C" not null
  );
  -- parents that are in the register
  insert into import_segment (resh_id, level, validity, path, path_text)
  select v.resh_id, 0, ${dateRangeSql('v')}, v.path, v.path_text
  from unit_version v
  where v.superseded_rev is null
    and v.resh_id in (select parent_resh_id from import_unit where not rejected)
    and not exists (select from import_unit u where u.resh_id = v.resh_id and not u.rejected);
  -- roots
  insert into import_segment (line, resh_id, level, validity, path, path_text)
  select u.line, u.resh_id, 0, ${dateRangeSql('u')}, array[u.resh_id], lpad(u.resh_id::text, 10, '0') || '/'
  from import_unit u
  where u.parent_resh_id is null and not u.rejected;
  create index on import_segment (level);
  create index on import_segment (line);
  analyze import_segment`;

const tooDeepSql = `-- units deeper than a path can say
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select distinct 'units.csv', u.line, 'parent_resh_id', u.parent_resh_id::text, 'stands deeper than ${maxTreeDepth} levels', 'correct the parents above it'
  from import_segment s
  join import_unit u on u.line = s.line
  where cardinality(s.path) > ${maxTreeDepth}`;

const unreachedUnitsSql = `drop table if exists import_unreached;
  create temporary table import_unreached as
  select u.line, u.resh_id, u.parent_resh_id, ${dateRangeSql('u')} as validity
  from import_unit u
  where not u.rejected
    and not exists (select from import_segment s where s.line = u.line and s.validity = ${dateRangeSql('u')})
    and not coalesce((select range_agg(s.validity) from import_segment s where s.line = u.line) @> ${dateRangeSql('u')}, false);
  create index on import_unreached (parent_resh_id)`;

const removeLeavesSql = `-- what is no part of a circle
  with removed as (
    delete from import_unreached u
    where not exists (
      select from import_unreached c
      where c.parent_resh_id = u.resh_id and c.validity && u.validity
    )
    returning 1
  )
  select count(*)::integer as count
  from removed`;

/**
 * Places each staged unit in the tree, from the roots down, and splits its period where an ancestor moves; rejects what stands
 * beneath rejected units or in a circle.
 *
 * @param onLevel hears of the units placed so far
 */
export async function buildTree(session: BulkSession, onLevel: (placedCount: number) => void): Promise<void> {
  await rejectDescendants(session);
  await session.execute(createSegmentsSql);
  let placedCount = 0;
  for (let level = 1; ; level += 1) {
    const [row] = await session.query<{ count: number; depth: number }>(nextLevelSql(level));
    placedCount += row?.count ?? 0;
    await setImmediate();
    onLevel(placedCount);
    if (!row || row.count === 0) break;
    if (row.depth <= maxTreeDepth) continue;
    await session.execute(tooDeepSql);
    await markRejected(session, 'units.csv');
    await rejectDescendants(session);
    break;
  }
  await session.execute('analyze import_segment');
  await rejectCycles(session);
  await session.execute(`delete from import_segment s
    using import_unit u
    where u.line = s.line and u.rejected`);
}

/** Rejects what stands beneath a rejected row on some day that no good row of the parent has. */
async function rejectDescendants(session: BulkSession): Promise<void> {
  await session.execute(`drop table if exists import_wave;
    create temporary table import_wave as
    select 0 as wave, line
    from import_unit
    where rejected;
    create index on import_wave (wave);
    analyze import_wave`);
  for (let level = 1; ; level += 1) {
    const rejectedCount = await queryCount(
      session,
      `-- units beneath rejected ones
       with beneath as (
         select u.line, min(p.line) as parent_line
         from import_wave w
         join import_unit p on p.line = w.line
         join import_unit u on u.parent_resh_id = p.resh_id and not u.rejected and ${dateRangeSql('u')} && ${dateRangeSql('p')}
         where w.wave = ${level - 1} and not ${parentCoversSql('u')}
         group by u.line
       ),
       told as (
         insert into import_problem (file, line, column_name, value, problem, remedy, kind)
         select 'units.csv', u.line, 'parent_resh_id', u.parent_resh_id, 'is the RESH-id of a unit whose row was rejected (line ' || b.parent_line || ')', 'mend the row of the parent', 'CONSEQUENCE'
         from beneath b
         join import_unit u on u.line = b.line
       ),
       noted as (
         insert into import_wave (wave, line)
         select ${level}, line
         from beneath
         returning 1
       )
       select count(*)::integer as count
       from noted`,
    );
    if (rejectedCount === 0) return;
    await session.execute(`-- mark a wave
      update import_unit u
      set rejected = true
      from import_wave w
      where w.wave = ${level} and u.line = w.line`);
  }
}

async function queryCount(session: BulkSession, statement: string): Promise<number> {
  const [row] = await session.query<{ count: number }>(statement);
  return row?.count ?? 0;
}

function dateRangeSql(row: string): string {
  return `daterange(${row}.valid_from, ${row}.valid_to)`;
}

// Equal paths of neighbouring days are joined at once: a fact of a parent that changes splits no child.
function nextLevelSql(level: number): string {
  return `-- the next level of the tree
  with inserted as (
    insert into import_segment (line, resh_id, level, validity, path, path_text)
    select below.line, below.resh_id, ${level}, unnest(range_agg(below.validity)), below.parent_path || below.resh_id,
      below.parent_path_text || lpad(below.resh_id::text, 10, '0') || '/'
    from (
      select u.line, u.resh_id, s.path as parent_path, s.path_text as parent_path_text, ${dateRangeSql('u')} * s.validity as validity
      from import_segment s
      join import_unit u on u.parent_resh_id = s.resh_id and ${dateRangeSql('u')} && s.validity
      where s.level = ${level - 1} and not u.rejected
    ) as below
    group by below.line, below.resh_id, below.parent_path, below.parent_path_text
    returning cardinality(path) as depth
  )
  select count(*)::integer as count, coalesce(max(depth), 0) as depth
  from inserted`;
}

/** Rejects units whose parents lead back to themselves: no root reaches them. */
async function rejectCycles(session: BulkSession): Promise<void> {
  await session.execute(unreachedUnitsSql);
  for (let round = 0; round < maxTreeDepth; round += 1) if ((await queryCount(session, removeLeavesSql)) === 0) break;
  await session.execute(`-- circles
    insert into import_problem (file, line, column_name, value, problem, remedy)
    select 'units.csv', line, 'parent_resh_id', parent_resh_id,
      case when parent_resh_id = resh_id then 'is the unit itself' else 'leads back to unit ' || resh_id || ' itself' end, 'correct one of the parents on the way'
    from import_unreached`);
  await markRejected(session, 'units.csv');
  await rejectDescendants(session);
}
