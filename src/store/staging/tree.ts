import { setImmediate } from 'node:timers/promises';
import type { BulkSession } from '../database/bulk-session.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { pathStepSql } from '../sql/path-text.ts';
import { isCoveredByParentSql, type TreeRules } from './parents.ts';
import { insertProblemsSql, markRejected } from './problems.ts';
import { countChangedRows, queryCount } from './row-counts.ts';

/** Maximum number of levels of a tree. Paths are index keys, and PostgreSQL limits the size of an index key. */
export const maxTreeDepth = 200;

/**
 * Places the staged units in the tree, from the top down: `import_placement` has the path of each unit, with a row for
 * each period in which the path is the same. Rejects rows that are too deep or in a cycle, and rows under rejected
 * rows.
 *
 * @param onLevel receives the number of rows placed so far
 */
export async function buildTree(
  session: BulkSession,
  rules: TreeRules,
  onLevel: (placedCount: number) => void = () => {},
): Promise<void> {
  await rejectDescendants(session, rules);
  let rejectedCount: number;
  do {
    await placeRows(session, rules, onLevel);
    rejectedCount = (await rejectTooDeep(session, rules)) + (await rejectCycles(session, rules));
  } while (rejectedCount > 0);
}

/** Rejects rows whose parent has only rejected rows on some of their days. */
async function rejectDescendants(session: BulkSession, { within }: TreeRules): Promise<void> {
  await session.execute(`drop table if exists import_rejection;
    create temporary table import_rejection as
    select 0 as level, line
    from import_unit
    where rejected;
    create index on import_rejection (level);
    analyze import_rejection`);
  let level = 0;
  let rejectedCount: number;
  do {
    level += 1;
    rejectedCount = await queryCount(session, rejectChildrenSql, [level, within]);
    await session.query(markRejectionsSql, [level]);
  } while (rejectedCount > 0);
}

const rejectChildrenSql = `-- children of rejected rows
  with child as (
    select u.line, min(p.line) as parent_line
    from import_rejection rejection
    join import_unit p on p.line = rejection.line
    join import_unit u on u.parent_resh_id = p.resh_id
      and not u.rejected
      and ${dateRangeSql('u')} && ${dateRangeSql('p')}
    where rejection.level = $1::integer - 1
      and u.resh_id is distinct from $2::integer
      and not ${isCoveredByParentSql('u')}
    group by u.line
  ),
  reported as (
    ${insertProblemsSql('units.csv', 'u', 'DEPENDENT')} 'parent_resh_id', u.parent_resh_id,
      'belongs to a unit with a rejected row (line ' || child.parent_line || ')', 'correct the row of the parent'
    from child
    join import_unit u on u.line = child.line
  ),
  rejected as (
    insert into import_rejection (level, line)
    select $1::integer, line
    from child
    returning 1
  )
  select count(*)::integer as count
  from rejected`;

const markRejectionsSql = `-- mark the rows of a level as rejected
  update import_unit u
  set rejected = true
  from import_rejection rejection
  where rejection.level = $1::integer and u.line = rejection.line`;

/** Places the rows that are not rejected, a level at a time, down to the first level that is too deep. */
async function placeRows(
  session: BulkSession,
  { within }: TreeRules,
  onLevel: (placedCount: number) => void,
): Promise<void> {
  await session.execute(createPlacementsSql);
  await session.query(placeRootsSql, [within]);
  let level = 0;
  let placed = await placeLevel(session, placeUnderExistingParentsSql, [level, within]);
  await session.execute('analyze import_placement');
  let placedCount = 0;
  do {
    placedCount += placed.count;
    level += 1;
    await setImmediate();
    onLevel(placedCount);
    if (placed.depth <= maxTreeDepth) placed = await placeLevel(session, placeUnderStagedParentsSql, [level, within]);
  } while (placed.count > 0 && placed.depth <= maxTreeDepth);
  await session.execute('analyze import_placement');
}

interface PlacedLevel extends Record<string, unknown> {
  readonly count: number;
  /** Greatest number of levels of a path */
  readonly depth: number;
}

async function placeLevel(session: BulkSession, statement: string, values: readonly unknown[]): Promise<PlacedLevel> {
  const [placed] = await session.query<PlacedLevel>(statement, values);
  return placed ?? { count: 0, depth: 0 };
}

const createPlacementsSql = `drop table if exists import_placement;
  create temporary table import_placement (
    line integer not null,
    resh_id integer not null,
    level integer not null,
    validity daterange not null,
    path integer[] not null,
    path_text text collate "C" not null
  );
  create index on import_placement (level);
  create index on import_placement (line);
  create index on import_placement (resh_id)`;

const placeRootsSql = `-- units at the top of the tree
  insert into import_placement (line, resh_id, level, validity, path, path_text)
  select u.line, u.resh_id, 0, ${dateRangeSql('u')}, array[u.resh_id], ${pathStepSql('u.resh_id')}
  from import_unit u
  where not u.rejected and (u.parent_resh_id is null or u.resh_id = $1::integer)`;

const placeUnderExistingParentsSql = placeChildrenSql('import_existing_parent p', 'true');
const placeUnderStagedParentsSql = placeChildrenSql('import_placement p', 'p.level = $1::integer - 1');

// Days with the same path are one row, so that a row of the parent that does not change its path does not split the
// child.
function placeChildrenSql(parents: string, condition: string): string {
  return `-- the next level of the tree
  with inserted as (
    insert into import_placement (line, resh_id, level, validity, path, path_text)
    select child.line, child.resh_id, $1::integer, unnest(range_agg(child.validity)),
      child.parent_path || child.resh_id,
      child.parent_path_text || ${pathStepSql('child.resh_id')}
    from (
      select u.line, u.resh_id, p.path as parent_path, p.path_text as parent_path_text,
        ${dateRangeSql('u')} * p.validity as validity
      from ${parents}
      join import_unit u on u.parent_resh_id = p.resh_id
        and ${dateRangeSql('u')} && p.validity
      where ${condition}
        and not u.rejected
        and u.resh_id is distinct from $2::integer
    ) as child
    group by child.line, child.resh_id, child.parent_path, child.parent_path_text
    returning cardinality(path) as depth
  )
  select count(*)::integer as count, coalesce(max(depth), 0) as depth
  from inserted`;
}

/** Rejects the rows that are too deep and the rows under them, and returns the number of rows that are too deep. */
async function rejectTooDeep(session: BulkSession, rules: TreeRules): Promise<number> {
  const count = await countChangedRows(session, rejectTooDeepSql);
  if (count > 0) await rejectWithDescendants(session, rules);
  return count;
}

const rejectTooDeepSql = `insert into import_problem (file, line, column_name, value, problem, remedy)
  select distinct 'units.csv', u.line, 'parent_resh_id', u.parent_resh_id::text,
    'would put the unit deeper than ${maxTreeDepth} levels', 'correct the parents above it'
  from import_placement p
  join import_unit u on u.line = p.line
  where cardinality(p.path) > ${maxTreeDepth}`;

/** Rejects the rows of cycles and the rows under them, and returns the number of rows in cycles. */
async function rejectCycles(session: BulkSession, rules: TreeRules): Promise<number> {
  await session.execute(createUnplacedSql);
  let round = 0;
  let removedCount: number;
  do {
    removedCount = await countChangedRows(session, removeLeavesSql);
    round += 1;
  } while (removedCount > 0 && round < maxTreeDepth);
  const count = await countChangedRows(session, reportCyclesSql);
  if (count > 0) await rejectWithDescendants(session, rules);
  return count;
}

const createUnplacedSql = `drop table if exists import_unplaced;
  create temporary table import_unplaced as
  select u.line, u.resh_id, u.parent_resh_id, ${dateRangeSql('u')} as validity
  from import_unit u
  where not u.rejected
    and not exists (select from import_placement p where p.line = u.line and p.validity = ${dateRangeSql('u')})
    and not coalesce(
      (select range_agg(p.validity) from import_placement p where p.line = u.line) @> ${dateRangeSql('u')},
      false
    );
  create index on import_unplaced (parent_resh_id)`;

const removeLeavesSql = `delete from import_unplaced u
  where not exists (
    select from import_unplaced child
    where child.parent_resh_id = u.resh_id
      and child.validity && u.validity
  )`;

const reportCyclesSql = `${insertProblemsSql('units.csv', 'u')} 'parent_resh_id', u.parent_resh_id,
    case when u.parent_resh_id = u.resh_id then 'is the unit itself' else 'is a descendant of the unit' end,
    'correct one of the parents in the cycle'
  from import_unplaced u`;

async function rejectWithDescendants(session: BulkSession, rules: TreeRules): Promise<void> {
  await markRejected(session, 'units.csv');
  await rejectDescendants(session, rules);
}
