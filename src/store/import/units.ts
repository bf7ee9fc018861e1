import type { BulkSession } from '../database/bulk-session.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { formatPeriodsSql } from '../sql/format-periods.ts';
import { endedDesignationsSql, unknownDesignationsSql } from '../staging/designations.ts';
import {
  checkParents,
  checkParentTypes,
  createExistingParents,
  hasReadablePeriodSql,
  type TreeRules,
} from '../staging/parents.ts';
import { insertProblemsSql, markRejected } from '../staging/problems.ts';
import { sitePeriodsSql } from '../staging/reference-periods.ts';
import { resolveRowConflicts } from '../staging/row-conflicts.ts';
import type { ReadableFiles } from '../staging/tables.ts';
import { unitKeys } from '../staging/unit-keys.ts';
import { placeCandidates } from './place-candidates.ts';

/** Rules of the tree of an import. */
export const importTreeRules: TreeRules = { within: null, includesRejected: true };

/** Returns true if no staged unit has a first day, so that the import needs one for all units. */
export async function areAllFirstDaysMissing(session: BulkSession): Promise<boolean> {
  const [row] = await session.query<{ areMissing: boolean }>(
    `-- units without days
     select count(*) > 0 and bool_and(u.valid_from is null and ${hasReadablePeriodSql}) as "areMissing"
     from import_unit u`,
  );
  return row?.areMissing === true;
}

/**
 * Checks the staged units against each other, the reference data and the register. Cycles and depth are checked by
 * `buildTree`.
 *
 * @param allFirstDaysMissing true if no unit has a first day, which is reported once instead of for each unit
 * @param readable files that could be read; checks against other files are skipped
 */
export async function checkUnits(
  session: BulkSession,
  allFirstDaysMissing: boolean,
  readable: ReadableFiles,
): Promise<void> {
  await createExistingParents(session, existingParentsSql);
  if (!allFirstDaysMissing) await session.execute(missingFirstDaysSql);
  await session.execute(registeredUnitsSql);
  await session.execute(registeredNumbersSql);
  if (readable.codes) {
    await session.execute(unknownDesignationsSql);
    await session.execute(endedDesignationsSql(`not ${continuesDesignationSql}`));
  }
  if (readable.sites) await session.execute(sitePeriodChecksSql);
  await markRejected(session, 'units.csv');
  if (readable.units) await checkParents(session, importTreeRules);
  await resolveRowConflicts(session, 'units.csv', unitKeys, readable.units ? placeCandidates : undefined);
  await checkParentTypes(session, importTreeRules);
}

const existingParentsSql = `select v.resh_id, v.type::text, ${dateRangeSql('v')}, v.path, v.path_text
      from unit_version v
      where v.superseded_rev is null`;

const missingFirstDaysSql = `-- units without a first day
  ${insertProblemsSql('units.csv', 'u')} 'valid_from', null,
    'is empty', 'give the first day, or the day of all rows without one with --valid-from DATE'
  from import_unit u
  where u.valid_from is null and ${hasReadablePeriodSql}`;

const registeredUnitsSql = `-- RESH-ids that the register has
  ${insertProblemsSql('units.csv', 'u')} 'resh_id', u.resh_id,
    case
      when u.foreign_id is null then 'is already in the register, and a RESH-id is never reused'
      else 'is already unit ' || u.resh_id || ' of the register'
    end,
    case
      when u.foreign_id is null then 'leave the row out, or change the unit in the register'
      else 'leave the row out, or import changes with --sync'
    end
  from import_unit u
  join unit k on k.resh_id = u.resh_id`;

const registeredNumbersSql = `-- organization numbers of units of the register on the same days
  ${insertProblemsSql('units.csv', 'u')} 'organization_number', u.organization_number,
    'is the number of unit ' || v.resh_id || ' of the register, on some of the same days',
    'an organization number belongs to one unit: correct the row, or close the other unit'
  from import_unit u
  join unit_version v on v.organization_number = u.organization_number
  where v.superseded_rev is null and v.resh_id <> u.resh_id and ${dateRangeSql('v')} && ${dateRangeSql('u')}`;

const continuesDesignationSql = `exists (
    select from import_unit b
    where b.resh_id = u.resh_id and b.designation = u.designation and b.valid_to = u.valid_from
  )`;

const sitePeriodChecksSql = `-- treatment sites that are not valid on all days of the row
  with site_days as (
    ${sitePeriodsSql}
  )
  ${insertProblemsSql('units.csv', 'u')} 'treatment_site_number', u.treatment_site_number,
    'is not valid on all days of the row, but ' || ${formatPeriodsSql('s.days')},
    'correct the days of the unit or of the site'
  from import_unit u
  join site_days s on s.organization_number = u.treatment_site_number
  where u.valid_from is not null and not s.days @> ${dateRangeSql('u')} and ${hasReadablePeriodSql}`;
