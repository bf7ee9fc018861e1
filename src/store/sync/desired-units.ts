import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { formatPeriodsSql } from '../sql/format-periods.ts';
import { endedDesignationsSql, unknownDesignationsSql } from '../staging/designations.ts';
import { setMissingTypes } from '../staging/missing-types.ts';
import { insertProblemsSql, markRejected } from '../staging/problems.ts';
import { sitePeriodsSql } from '../staging/reference-periods.ts';
import { resolveRowConflicts } from '../staging/row-conflicts.ts';
import type { ReadableFiles } from '../staging/tables.ts';
import { unitKeys } from '../staging/unit-keys.ts';
import { isCurrentSql } from './current-row.ts';

/**
 * Checks the staged units of a desired state against each other, the reference data and the RESH-ids of the register.
 * All rows start on the day and have no end. `buildDesiredTree` checks the tree.
 *
 * @param within RESH-id of the unit above the desired state, or null
 */
export async function checkDesiredUnits(
  session: BulkSession,
  day: Day,
  within: number | null,
  readable: ReadableFiles,
): Promise<void> {
  await setMissingTypes(session, day);
  await session.execute(withdrawnIdsSql);
  if (within === null) await session.execute(rootDepartmentsSql);
  else {
    await session.query(rootsOutsideScopeSql, [within]);
    await session.query(keepScopeRootParentSql, [day, within]);
    await session.query(scopeRootDepartmentSql, [within]);
  }
  if (readable.codes) {
    await session.execute(unknownDesignationsSql);
    await session.query(endedDesignationsSql(`not ${hasDesignationSql}`), [day]);
  }
  if (readable.sites) await session.query(sitePeriodChecksSql, [day]);
  await markRejected(session, 'units.csv');
  await resolveRowConflicts(session, 'units.csv', unitKeys);
}

const withdrawnIdsSql = `-- withdrawn RESH-ids
  ${insertProblemsSql('units.csv', 'u')} 'resh_id', u.resh_id,
    'was withdrawn from the register, and a RESH-id is never reused', 'give the unit a new RESH-id'
  from import_unit u
  join unit k on k.resh_id = u.resh_id
  where not exists (select from unit_version v where v.resh_id = u.resh_id and v.superseded_rev is null)`;

const hasNoParentSql = 'u.parent_resh_id is null and u.foreign_parent is null and not u.rejected';

const rootDepartmentsSql = `-- departments at the top
  ${insertProblemsSql('units.csv', 'u')} 'parent_resh_id', null,
    'is empty, and a department has a parent', 'give the RESH-id of its parent'
  from import_unit u
  where ${hasNoParentSql} and u.type = 'DEPARTMENT'`;

const rootsOutsideScopeSql = `-- units without a parent
  ${insertProblemsSql('units.csv', 'u')} 'parent_resh_id', null,
    'is empty, and the file lists the units under unit ' || $1::integer::text,
    'give the RESH-id of its parent, or leave out --within'
  from import_unit u
  where ${hasNoParentSql} and u.resh_id <> $1::integer`;

const keepScopeRootParentSql = `-- the unit at the top keeps its parent
  update import_unit u
  set parent_resh_id = v.parent_resh_id
  from unit_version v
  where u.resh_id = $2::integer and v.resh_id = u.resh_id and ${isCurrentSql('v')}`;

const scopeRootDepartmentSql = `-- unit at the top without a parent as a department
  ${insertProblemsSql('units.csv', 'u')} 'type', u.type,
    'is a department, and unit ' || u.resh_id || ' has no parent', 'give the type ORGANIZATION'
  from import_unit u
  where u.resh_id = $1::integer and u.parent_resh_id is null and u.type = 'DEPARTMENT' and not u.rejected`;

const hasDesignationSql = `exists (
      select from unit_version b
      where b.resh_id = u.resh_id and b.designation_code = u.designation and ${isCurrentSql('b')}
    )`;

const sitePeriodChecksSql = `-- treatment sites that are not valid from the day on
  with site_days as (
    ${sitePeriodsSql}
  )
  ${insertProblemsSql('units.csv', 'u')} 'treatment_site_number', u.treatment_site_number,
    'is not valid from ' || $1::text || ' on, but ' || ${formatPeriodsSql('s.days')},
    'correct the number, or the days of the site'
  from import_unit u
  join site_days s on s.organization_number = u.treatment_site_number
  where not s.days @> daterange($1::text::date, null)
    and not exists (
      select from unit_version v
      where v.resh_id = u.resh_id and v.treatment_site_number = u.treatment_site_number and ${isCurrentSql('v')}
    )`;
