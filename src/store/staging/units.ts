import type { BulkSession } from '../database/bulk-session.ts';
import { formatPeriodsSql } from '../sql/format-periods.ts';
import { placeUnits } from './placement.ts';
import { markRejected } from './problems.ts';
import { resolveRowConflicts, type UniqueKey } from './row-conflicts.ts';
import type { ReadableFiles } from './tables.ts';

const insertUnitProblemSql = `insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'units.csv', u.line,`;

const hasReadableDatesSql = `not exists (
      select from import_problem p
      where p.file = 'units.csv' and p.line = u.line and p.column_name in ('valid_from', 'valid_to')
    )`;

const firstDayCheckSql = `-- units without a first day
  ${insertUnitProblemSql} 'valid_from', null, 'is empty', 'give the first day, or a day for all rows without one with --valid-from DATE'
  from import_unit u
  where u.valid_from is null and ${hasReadableDatesSql}`;

const registerChecksSql = `-- RESH-ids that were given before
  ${insertUnitProblemSql} 'resh_id', u.resh_id,
    case when u.foreign_id is null then 'is in the register already: a RESH-id is never given again' else 'is unit ' || u.resh_id || ' of the register already' end,
    case when u.foreign_id is null then 'leave the row out, or change the unit in the register' else 'leave the row out, or bring changes in with --sync' end
  from import_unit u
  join unit k on k.resh_id = u.resh_id;
  -- organization numbers that units of the register have on the same days
  ${insertUnitProblemSql} 'organization_number', u.organization_number, 'is that of unit ' || v.resh_id || ' in the register, on some of the same days', 'an organization number belongs to one unit: correct the row, or close the other unit'
  from import_unit u
  join unit_version v on v.organization_number = u.organization_number
  where v.superseded_rev is null and v.resh_id <> u.resh_id and ${dateRangeSql('v')} && ${dateRangeSql('u')};`;

function dateRangeSql(row: string): string {
  return `daterange(${row}.valid_from, ${row}.valid_to)`;
}

/** What rows of units claim for their days: a RESH-id, and an organization number. */
export const unitKeys: readonly UniqueKey[] = [
  {
    key: "'unit ' || r.resh_id",
    column: 'resh_id',
    value: 'r.resh_id',
    problem: "'stands on %s too, on some of the same days'",
    rowLabel: "'line ' || r.line",
    remedy: 'keep one of the rows, or give them periods that do not overlap',
    needsFirstDay: true,
  },
  {
    key: "'number ' || r.organization_number",
    column: 'organization_number',
    value: 'r.organization_number',
    problem: "'is that of %s too, on some of the same days'",
    rowLabel: "'unit ' || r.resh_id || ' (line ' || r.line || ')'",
    remedy: 'an organization number belongs to one unit: correct one of the rows',
    needsFirstDay: true,
  },
];

/** Finds designations that nobody knows. */
export const unknownDesignationsSql = `-- designations that are no code of set 8624
  ${insertUnitProblemSql} 'designation', u.designation, 'is no code of set 8624', 'give a code that codes.csv or the register has'
  from import_unit u
  where u.designation is not null
    and not exists (select from import_code c where c.code_set = 8624 and c.code = u.designation and not c.rejected)
    and not exists (select from code c where c.code_set = 8624 and c.code = u.designation)`;

const continuesDesignationSql = `exists (
    select from import_unit b
    where b.resh_id = u.resh_id and b.designation = u.designation and b.valid_to = u.valid_from
  )`;

const siteCheckSql = `-- treatment sites that are not valid on all days on which they are used
  with site_days as (
    select organization_number, range_agg(${dateRangeSql('known')}) as days
    from (
      select organization_number, valid_from, valid_to
      from import_site
      where not rejected
      union all
      select organization_number, valid_from, valid_to
      from treatment_site_version
      where superseded_rev is null
    ) as known
    group by organization_number
    having bool_or(valid_from is not null or valid_to is not null)
  )
  ${insertUnitProblemSql} 'treatment_site_number', u.treatment_site_number, 'is not valid on all days of the row, but ' || ${formatPeriodsSql('s.days')}, 'correct the days of the unit or of the site'
  from import_unit u
  join site_days s on s.organization_number = u.treatment_site_number
  where u.valid_from is not null and not s.days @> ${dateRangeSql('u')} and ${hasReadableDatesSql};`;

const parentChecksSql = `-- parents that nobody knows
  ${insertUnitProblemSql} 'parent_resh_id', u.parent_resh_id, 'is the RESH-id of no unit, neither in the file nor in the register', 'add the parent, or correct the RESH-id'
  from import_unit u
  where u.parent_resh_id is not null
    and not exists (select from import_unit p where p.resh_id = u.parent_resh_id)
    and not exists (select from unit_version p where p.resh_id = u.parent_resh_id and p.superseded_rev is null);
  -- parents that are not valid on every day of their child
  with doubtful as (
    select u.line, u.parent_resh_id, ${dateRangeSql('u')} as validity
    from import_unit u
    where u.parent_resh_id is not null
      and u.valid_from is not null
      and not exists (select from import_unit p where p.resh_id = u.parent_resh_id and ${dateRangeSql('p')} @> ${dateRangeSql('u')})
      and ${hasReadableDatesSql}
  ),
  parent_days as (
    select d.line, range_agg(p.days) as days
    from doubtful d
    cross join lateral (
      select ${dateRangeSql('f')} as days
      from import_unit f
      where f.resh_id = d.parent_resh_id
      union all
      select ${dateRangeSql('v')}
      from unit_version v
      where v.resh_id = d.parent_resh_id and v.superseded_rev is null
    ) as p
    group by d.line
  )
  ${insertUnitProblemSql} 'parent_resh_id', u.parent_resh_id, 'is not valid on every day of the row: from ' || lower(datemultirange(d.validity) - p.days) || ' it is not', 'correct the days of the unit or of its parent'
  from doubtful d
  join parent_days p on p.line = d.line
  join import_unit u on u.line = d.line
  where not p.days @> d.validity;`;

// A rejected row tells the type of the parent only where nothing else does.
const typeCheckSql = `-- organizations beneath a department
  ${insertUnitProblemSql} 'parent_resh_id', u.parent_resh_id, 'is a department: an organization stands beneath organizations only', 'correct the type of one of them, or the parent'
  from import_unit u
  where u.type = 'ORGANIZATION'
    and u.parent_resh_id is not null
    and (
      exists (
        select from import_unit p
        where p.resh_id = u.parent_resh_id and p.type = 'DEPARTMENT' and ${dateRangeSql('p')} && ${dateRangeSql('u')}
          and (not p.rejected or not ${parentCoversSql('u')})
      )
      or exists (
        select from unit_version p
        where p.resh_id = u.parent_resh_id and p.superseded_rev is null and p.type = 'DEPARTMENT' and ${dateRangeSql('p')} && ${dateRangeSql('u')}
      )
    )`;

/** Whether the parent of a staged unit has good rows, in the file or the register, on all days of the unit. */
export function parentCoversSql(unit: string): string {
  return `coalesce(
      (
        select range_agg(good.days) @> ${dateRangeSql(unit)}
        from (
          select ${dateRangeSql('f')} as days
          from import_unit f
          where f.resh_id = ${unit}.parent_resh_id and not f.rejected
          union all
          select ${dateRangeSql('v')}
          from unit_version v
          where v.resh_id = ${unit}.parent_resh_id and v.superseded_rev is null
        ) as good
      ),
      false
    )`;
}

/** Whether no staged unit has a first day of its own, so that one for all of them is needed. */
export async function areAllFirstDaysMissing(session: BulkSession): Promise<boolean> {
  const [row] = await session.query<{ areMissing: boolean }>(
    `-- units without days
     select count(*) > 0 and bool_and(u.valid_from is null and ${hasReadableDatesSql}) as "areMissing"
     from import_unit u`,
  );
  return row?.areMissing === true;
}

/**
 * Checks the staged units against each other, the reference data and the register; their tree is checked when it is built.
 *
 * @param allFirstDaysMissing whether no unit has a first day, which is told once and not for each
 * @param readable files that could be read; checks against others are left out
 */
export async function checkUnits(
  session: BulkSession,
  allFirstDaysMissing: boolean,
  readable: ReadableFiles,
): Promise<void> {
  if (!allFirstDaysMissing) await session.execute(firstDayCheckSql);
  await session.execute(registerChecksSql);
  if (readable.codes) {
    await session.execute(unknownDesignationsSql);
    await session.execute(endedDesignationsSql(`not ${continuesDesignationSql}`));
  }
  if (readable.sites) await session.execute(siteCheckSql);
  if (readable.units) await session.execute(parentChecksSql);
  await markRejected(session, 'units.csv');
  await resolveRowConflicts(session, 'units.csv', unitKeys, readable.units ? placeUnits : undefined);
  await session.execute(typeCheckSql);
  await markRejected(session, 'units.csv');
}

/** Finds designations that are given after their end; `isNew` says of a staged unit `u` whether it gets its designation anew. */
export function endedDesignationsSql(isNewDesignationSql: string): string {
  return `-- designations given anew after their end
  with ended as (
    select code, max(coalesce(valid_to, 'infinity'::date)) as last_day
    from (
      select code, valid_to
      from import_code
      where code_set = 8624 and not rejected
      union all
      select code, valid_to
      from code_version
      where code_set = 8624 and superseded_rev is null
    ) as known
    group by code
  )
  ${insertUnitProblemSql} 'designation', u.designation, 'was no longer in use from ' || e.last_day || ' on', 'give a designation that is in use on ' || u.valid_from
  from import_unit u
  join ended e on e.code = u.designation and e.last_day <= u.valid_from
  where ${isNewDesignationSql}`;
}
