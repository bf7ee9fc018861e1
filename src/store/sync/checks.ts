import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { formatPeriodsSql } from '../sql/format-periods.ts';
import { resolveDetailConflicts, unknownCodesSql } from '../staging/details.ts';
import { markRejected } from '../staging/problems.ts';
import { resolveRowConflicts } from '../staging/row-conflicts.ts';
import type { ReadableFiles } from '../staging/tables.ts';
import { endedDesignationsSql, unitKeys, unknownDesignationsSql } from '../staging/units.ts';

/** Whether a unit is valid on a day. */
export async function isUnitValidOn(session: BulkSession, reshId: number, day: Day): Promise<boolean> {
  const rows = await session.query(
    `-- whether a unit is valid\nselect 1 as valid from unit_version v where v.resh_id = $2::integer and ${isCurrentSql('v')}`,
    [day, reshId],
  );
  return rows.length > 0;
}

// The rows of a picture all have the day as their first day and no end.

/** What holds a version to current knowledge and to the day `$1`. */
export function isCurrentSql(version: string): string {
  return `${version}.superseded_rev is null and ${version}.valid_from <= $1::text::date and (${version}.valid_to is null or ${version}.valid_to > $1::text::date)`;
}

const insertUnitProblemSql = `insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'units.csv', u.line,`;

const missingTypesSql = `-- types that the file does not say
  update import_unit u
  set type = coalesce(
    (
      select v.type::text
      from unit_version v
      where v.resh_id = u.resh_id and v.superseded_rev is null
      order by v.valid_from desc
      limit 1
    ),
    case when u.parent_resh_id is null then 'ORGANIZATION' else 'DEPARTMENT' end
  )
  where u.type is null and not u.rejected`;

const withdrawnIdsSql = `-- RESH-ids that were withdrawn
  ${insertUnitProblemSql} 'resh_id', u.resh_id, 'was withdrawn from the register: a RESH-id is never given again', 'give the unit a new RESH-id'
  from import_unit u
  join unit k on k.resh_id = u.resh_id
  where not exists (select from unit_version v where v.resh_id = u.resh_id and v.superseded_rev is null)`;

const rootDepartmentsSql = `-- departments at the top
  ${insertUnitProblemSql} 'parent_resh_id', null, 'is empty: a department stands beneath another unit', 'give the RESH-id of its parent'
  from import_unit u
  where u.parent_resh_id is null and u.foreign_parent is null and u.type = 'DEPARTMENT' and not u.rejected`;

const rootsOutsideScopeSql = `-- units without a parent that are not the unit within which the picture is
  ${insertUnitProblemSql} 'parent_resh_id', null, 'is empty: the file is a picture of what stands beneath unit ' || $1::integer::text, 'give the RESH-id of its parent, or leave --within out'
  from import_unit u
  where u.parent_resh_id is null and u.foreign_parent is null and u.resh_id <> $1::integer and not u.rejected`;

const keepScopeRootParentSql = `-- the unit within which the picture is stays where it is
  update import_unit u
  set parent_resh_id = v.parent_resh_id
  from unit_version v
  where u.resh_id = $2::integer and v.resh_id = u.resh_id and ${isCurrentSql('v')}`;

const siteCheckSql = `-- treatment sites that are given on days on which they are not valid
  with site_days as (
    select organization_number, range_agg(daterange(known.valid_from, known.valid_to)) as days
    from (
      select organization_number, valid_from, valid_to from import_site where not rejected
      union all
      select organization_number, valid_from, valid_to from treatment_site_version where superseded_rev is null
    ) as known
    group by organization_number
    having bool_or(valid_from is not null or valid_to is not null)
  )
  ${insertUnitProblemSql} 'treatment_site_number', u.treatment_site_number, 'is not valid from ' || $1::text || ' on, but ' || ${formatPeriodsSql('s.days')}, 'correct the number, or the days of the site'
  from import_unit u
  join site_days s on s.organization_number = u.treatment_site_number
  where not s.days @> daterange($1::text::date, null)
    and not exists (
      select from unit_version v
      where v.resh_id = u.resh_id and v.treatment_site_number = u.treatment_site_number and ${isCurrentSql('v')}
    )`;

/**
 * Checks the staged units of a picture of a day one by one and against each other, the reference data and the RESH-ids that were
 * given; where they stand is checked when the tree is built.
 *
 * @param within RESH-id of the unit of which the file is a picture, or null
 */
export async function checkDesiredUnits(
  session: BulkSession,
  day: Day,
  within: number | null,
  readable: ReadableFiles,
): Promise<void> {
  await session.execute(missingTypesSql);
  await session.execute(withdrawnIdsSql);
  if (within === null) await session.execute(rootDepartmentsSql);
  else {
    await session.query(rootsOutsideScopeSql, [within]);
    await session.query(keepScopeRootParentSql, [day, within]);
  }
  if (readable.codes) {
    await session.execute(unknownDesignationsSql);
    await session.query(
      endedDesignationsSql(`not exists (
      select from unit_version b
      where b.resh_id = u.resh_id and b.designation_code = u.designation and ${isCurrentSql('b')}
    )`),
      [day],
    );
  }
  if (readable.sites) await session.query(siteCheckSql, [day]);
  await markRejected(session, 'units.csv');
  await resolveRowConflicts(session, 'units.csv', unitKeys);
}

const assignedCodesSql = `-- codes that are given on a day on which they are not valid
  with code_days as (
    select code_set, code, range_agg(daterange(known.valid_from, known.valid_to)) as days
    from (
      select code_set, code, valid_from, valid_to from import_code where not rejected
      union all
      select code_set, code, valid_from, valid_to from code_version where superseded_rev is null
    ) as known
    group by code_set, code
    having not range_agg(daterange(known.valid_from, known.valid_to)) @> $1::text::date
  )
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'unit_codes.csv', d.line, 'code', d.code_set || ':' || d.code, 'is valid ' || ${formatPeriodsSql('c.days')} || ' only, not on ' || $1::text, 'leave the code out'
  from import_unit_code d
  join code_days c on c.code_set = d.code_set and c.code = d.code
  where not exists (
    select from unit_code v
    where v.resh_id = d.resh_id and v.code_set = d.code_set and v.code = d.code and ${isCurrentSql('v')}
  )`;

/** Checks the staged codes and identifiers of a picture, once it is known which units are in it. */
export async function checkDesiredDetails(session: BulkSession, day: Day, readable: ReadableFiles): Promise<void> {
  await session.execute(unknownUnitChecksSql('unit_codes.csv', 'import_unit_code'));
  await session.execute(unknownUnitChecksSql('identifiers.csv', 'import_identifier'));
  if (readable.codes) {
    await session.execute(unknownCodesSql);
    await session.query(assignedCodesSql, [day]);
  }
  await markRejected(session, 'unit_codes.csv');
  await markRejected(session, 'identifiers.csv');
  await resolveDetailConflicts(session);
}

function unknownUnitChecksSql(file: 'unit_codes.csv' | 'identifiers.csv', table: string): string {
  return `-- rows of units that are not in the picture
  insert into import_problem (file, line, column_name, value, problem, remedy, kind)
  select '${file}', d.line, 'resh_id', coalesce(d.foreign_id, d.resh_id::text),
    case when u.line is null then 'is the id of no unit of units.csv' else 'is that of a unit whose row was rejected (line ' || u.line || ')' end,
    case when u.line is null then 'correct it, or add the unit' else 'mend the row of the unit' end,
    case when u.line is null then 'PROBLEM' else 'CONSEQUENCE' end
  from ${table} d
  left join lateral (select line from import_unit where resh_id = d.resh_id order by line limit 1) as u on true
  where d.resh_id is not null and not exists (select from picture_unit p where p.resh_id = d.resh_id)`;
}
