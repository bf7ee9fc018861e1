import { setImmediate } from 'node:timers/promises';
import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { markRejected } from '../staging/problems.ts';
import { maxTreeDepth } from '../staging/tree.ts';
import { isCurrentSql } from './checks.ts';

// A unit whose row was rejected stays as it is: what stands beneath it may go on to.
const isParentRetainedSql = `(
      exists (select from import_unit r where r.resh_id = u.parent_resh_id and r.rejected)
      and not exists (select from import_unit r where r.resh_id = u.parent_resh_id and not r.rejected)
      and exists (select from unit_version v where v.resh_id = u.parent_resh_id and ${isCurrentSql('v')})
    )`;

const parentsOutsideScopeSql = `-- parents that are in no picture
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'units.csv', u.line, 'parent_resh_id', u.parent_resh_id,
    case
      when not exists (select from unit_version v where v.resh_id = u.parent_resh_id and v.superseded_rev is null)
        then 'is the RESH-id of no unit, neither in the file nor in the register'
      else 'is a unit that is not in the file, which is a full picture' || coalesce(' of what stands beneath unit ' || $1::integer::text, '')
    end,
    'add the parent, or correct it'
  from import_unit u
  where not u.rejected
    and u.parent_resh_id is not null
    and u.parent_resh_id is distinct from $1::integer
    and u.resh_id is distinct from $1::integer
    and not exists (select from import_unit p where p.resh_id = u.parent_resh_id)`;

const rootsSql = `-- where the picture begins
  insert into picture_unit (line, resh_id, level)
  select u.line, u.resh_id, 0
  from import_unit u
  where not u.rejected
    and (
      u.parent_resh_id is null
      or u.resh_id = $2::integer
      or (u.parent_resh_id = $2::integer and not exists (select from import_unit r where r.resh_id = $2::integer and not r.rejected))
      or ${isParentRetainedSql}
    )`;

const nextLevelSql = countChangedRowsSql(`insert into picture_unit (line, resh_id, level)
    select u.line, u.resh_id, $1::integer
    from picture_unit p
    join import_unit u on u.parent_resh_id = p.resh_id and not u.rejected
    where p.level = $1::integer - 1
      and not exists (select from picture_unit t where t.resh_id = u.resh_id)`);

function countChangedRowsSql(statement: string): string {
  return `with changed as (
    ${statement}
    returning 1
  )
  select count(*)::integer as count
  from changed`;
}

const tooDeepSql = `-- units deeper than a path can say
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'units.csv', u.line, 'parent_resh_id', u.parent_resh_id, 'stands deeper than ${maxTreeDepth} levels', 'correct the parents above it'
  from picture_unit p
  join import_unit u on u.line = p.line
  where p.level >= ${maxTreeDepth}`;

const childrenOfRejectedSql =
  countChangedRowsSql(`insert into import_problem (file, line, column_name, value, problem, remedy, kind)
    select 'units.csv', u.line, 'parent_resh_id', u.parent_resh_id, 'is that of a unit whose row was rejected (line ' || min(r.line) || ')', 'mend the row of the parent', 'CONSEQUENCE'
    from import_unit u
    join import_unit r on r.resh_id = u.parent_resh_id and r.rejected
    where not u.rejected
      and not exists (select from picture_unit p where p.line = u.line)
    group by u.line, u.parent_resh_id`);

const removeLeavesSql = countChangedRowsSql(`delete from import_unreached u
    where not exists (select from import_unreached c where c.parent_resh_id = u.resh_id)`);

const typeCheckSql = `-- organizations beneath a department
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'units.csv', u.line, 'parent_resh_id', u.parent_resh_id, 'is a department: an organization stands beneath organizations only', 'correct the type of one of them, or the parent'
  from import_unit u
  where not u.rejected
    and u.type = 'ORGANIZATION'
    and coalesce(
      (select p.type from import_unit p where p.resh_id = u.parent_resh_id and not p.rejected limit 1),
      (select v.type::text from unit_version v where v.resh_id = u.parent_resh_id and ${isCurrentSql('v')})
    ) = 'DEPARTMENT'`;

/**
 * Builds the tree of a picture in `picture_unit (line, resh_id, level)`, from its roots down, and rejects what has no place in it:
 * circles, and what stands beneath rows that were rejected, unless the parent goes on as it is.
 *
 * @param within RESH-id of the unit of which the file is a picture, or null
 */
export async function buildDesiredTree(session: BulkSession, day: Day, within: number | null): Promise<void> {
  await session.query(parentsOutsideScopeSql, [within]);
  await session.query(typeCheckSql, [day]);
  await markRejected(session, 'units.csv');
  for (;;) {
    await session.execute(`drop table if exists picture_unit;
      create temporary table picture_unit (line integer not null, resh_id integer not null, level integer not null);
      create index on picture_unit (level);
      create index on picture_unit (line);
      create index on picture_unit (resh_id)`);
    await session.query(rootsSql, [day, within]);
    for (let level = 1; level <= maxTreeDepth; level += 1) {
      await setImmediate();
      if ((await queryCount(session, nextLevelSql, [level])) === 0) break;
    }
    await session.execute(tooDeepSql);
    await session.execute('analyze picture_unit');
    const unplacedCount = await queryCount(
      session,
      `-- units without a place
       select count(*)::integer as count
       from import_unit u
       where not u.rejected
         and not exists (select from picture_unit p where p.line = u.line and p.level < ${maxTreeDepth})`,
    );
    if (unplacedCount === 0) return;
    await markRejected(session, 'units.csv');
    if ((await queryCount(session, childrenOfRejectedSql)) === 0) await rejectCycles(session);
    await markRejected(session, 'units.csv');
  }
}

async function queryCount(session: BulkSession, statement: string, values: readonly unknown[] = []): Promise<number> {
  const [row] = await session.query<{ count: number }>(statement, values);
  return row?.count ?? 0;
}

async function rejectCycles(session: BulkSession): Promise<void> {
  await session.execute(`drop table if exists import_unreached;
    create temporary table import_unreached as
    select u.line, u.resh_id, u.parent_resh_id
    from import_unit u
    where not u.rejected and not exists (select from picture_unit p where p.line = u.line);
    create index on import_unreached (parent_resh_id)`);
  for (let round = 0; round < maxTreeDepth; round += 1) if ((await queryCount(session, removeLeavesSql)) === 0) break;
  await session.execute(`-- circles
    insert into import_problem (file, line, column_name, value, problem, remedy)
    select 'units.csv', line, 'parent_resh_id', parent_resh_id,
      case when parent_resh_id = resh_id then 'is the unit itself' else 'leads back to the unit itself' end, 'correct one of the parents on the way'
    from import_unreached`);
}
