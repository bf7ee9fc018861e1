import type { BulkSession } from '../database/bulk-session.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { insertProblemsSql, markRejected } from './problems.ts';

/** Differences between the tree checks of an import and of a synchronization. */
export interface TreeRules {
  /**
   * RESH-id of the unit at the top of the tree, which can have a parent outside of it; null if the units at the top
   * have no parent
   */
  readonly within: number | null;
  /** Whether to check rejected rows too, and use their types for units without other rows */
  readonly includesRejected: boolean;
}

/**
 * Creates the view `import_existing_parent (resh_id, type, validity, path, path_text)`: units of the register that can
 * be parents of staged units, without units that have a valid staged row.
 *
 * @param sourceSql query with the columns of the view
 */
export function createExistingParents(session: BulkSession, sourceSql: string): Promise<void> {
  return session.execute(`drop view if exists import_existing_parent;
    create temporary view import_existing_parent (resh_id, type, validity, path, path_text) as
    with source (resh_id, type, validity, path, path_text) as not materialized (
      ${sourceSql}
    )
    select s.resh_id, s.type, s.validity, s.path, s.path_text
    from source s
    where not exists (select from import_unit u where u.resh_id = s.resh_id and not u.rejected)`);
}

/** Checks that the parents of the staged units are known, and valid on all days of the unit. */
export async function checkParents(session: BulkSession, rules: TreeRules): Promise<void> {
  await session.query(unknownParentsSql(rules), [rules.within]);
  await session.execute(parentPeriodsSql(rules));
  await markRejected(session, 'units.csv');
}

function unknownParentsSql(rules: TreeRules): string {
  return `-- unknown parents
  ${insertProblemsSql('units.csv', 'u')} 'parent_resh_id', u.parent_resh_id,
    case
      when exists (select from unit_version v where v.resh_id = u.parent_resh_id and v.superseded_rev is null)
        then 'is a unit that is not in the file, and the file lists all units' ||
          coalesce(' under unit ' || $1::integer::text, '')
      else 'is a RESH-id that neither the file nor the register has'
    end,
    'add the parent, or correct the RESH-id'
  from import_unit u
  where u.parent_resh_id is not null
    and coalesce(u.resh_id <> $1::integer, true)
    and ${isCheckedSql(rules)}
    and not exists (select from import_unit p where p.resh_id = u.parent_resh_id)
    and not exists (select from import_existing_parent p where p.resh_id = u.parent_resh_id)`;
}

function parentPeriodsSql(rules: TreeRules): string {
  return `-- parents that are not valid on every day of their child
  with doubtful as (
    select u.line, u.parent_resh_id, ${dateRangeSql('u')} as validity
    from import_unit u
    where u.parent_resh_id is not null
      and u.valid_from is not null
      and ${isCheckedSql(rules)}
      and not exists (
        select from import_unit p
        where p.resh_id = u.parent_resh_id and ${dateRangeSql('p')} @> ${dateRangeSql('u')}
      )
      and ${hasReadablePeriodSql}
  ),
  parent_days as (
    select d.line, range_agg(p.validity) as days
    from doubtful d
    cross join lateral (
      select ${dateRangeSql('staged')} as validity
      from import_unit staged
      where staged.resh_id = d.parent_resh_id
      union all
      select existing.validity
      from import_existing_parent existing
      where existing.resh_id = d.parent_resh_id
    ) as p
    group by d.line
  )
  ${insertProblemsSql('units.csv', 'u')} 'parent_resh_id', u.parent_resh_id,
    'is not valid on every day of the row: it is not valid from ' || lower(datemultirange(d.validity) - p.days),
    'correct the days of the unit or of its parent'
  from doubtful d
  join parent_days p on p.line = d.line
  join import_unit u on u.line = d.line
  where not p.days @> d.validity;`;
}

/** Checks that no staged organization is under a department. */
export async function checkParentTypes(session: BulkSession, rules: TreeRules): Promise<void> {
  await session.execute(parentTypesSql(rules));
  await markRejected(session, 'units.csv');
}

function parentTypesSql(rules: TreeRules): string {
  return `-- organizations under a department
  ${insertProblemsSql('units.csv', 'u')} 'parent_resh_id', u.parent_resh_id,
    'is a department, and an organization can only be under an organization',
    'correct the type of one of them, or the parent'
  from import_unit u
  where u.type = 'ORGANIZATION'
    and u.parent_resh_id is not null
    and ${isCheckedSql(rules)}
    and (
      exists (
        select from import_unit p
        where p.resh_id = u.parent_resh_id
          and p.type = 'DEPARTMENT'
          and ${dateRangeSql('p')} && ${dateRangeSql('u')}
          and ${rules.includesRejected ? `(not p.rejected or not ${isCoveredByParentSql('u')})` : 'not p.rejected'}
      )
      or exists (
        select from import_existing_parent p
        where p.resh_id = u.parent_resh_id
          and p.type = 'DEPARTMENT'
          and p.validity && ${dateRangeSql('u')}
      )
    )`;
}

/** Condition that the days of a staged unit `u` could be read. */
export const hasReadablePeriodSql = `not exists (
      select from import_problem p
      where p.file = 'units.csv' and p.line = u.line and p.column_name in ('valid_from', 'valid_to')
    )`;

function isCheckedSql({ includesRejected }: TreeRules): string {
  return includesRejected ? 'true' : 'not u.rejected';
}

/**
 * Returns the condition that the parent of a staged unit, on all days of the unit, has a row that is not rejected or is
 * in the register.
 */
export function isCoveredByParentSql(unit: string): string {
  return `coalesce(
      (
        select range_agg(parent.validity) @> ${dateRangeSql(unit)}
        from (
          select ${dateRangeSql('staged')} as validity
          from import_unit staged
          where staged.resh_id = ${unit}.parent_resh_id and not staged.rejected
          union all
          select existing.validity
          from import_existing_parent existing
          where existing.resh_id = ${unit}.parent_resh_id
        ) as parent
      ),
      false
    )`;
}
