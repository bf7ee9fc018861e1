import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { formatPeriodsSql } from '../sql/format-periods.ts';
import { resolveDetailConflicts, unknownCodesSql } from '../staging/detail-keys.ts';
import { detailUnitsSql } from '../staging/detail-units.ts';
import { insertProblemsSql, markRejected } from '../staging/problems.ts';
import { codePeriodsSql } from '../staging/reference-periods.ts';
import type { ReadableFiles } from '../staging/tables.ts';
import { isCurrentSql } from './current-row.ts';
import { dateRangeSql } from '../sql/date-range.ts';

/** Checks the staged codes and identifiers of a desired state. Call it after the tree is built. */
export async function checkDesiredDetails(session: BulkSession, day: Day, readable: ReadableFiles): Promise<void> {
  await session.execute(detailUnitsSql('unit_codes.csv', unitsOfDesiredState));
  await session.execute(detailUnitsSql('identifiers.csv', unitsOfDesiredState));
  if (readable.codes) {
    await session.execute(unknownCodesSql);
    await session.query(codePeriodChecksSql, [day]);
  }
  await markRejected(session, 'unit_codes.csv');
  await markRejected(session, 'identifiers.csv');
  await resolveDetailConflicts(session);
}

const unitsOfDesiredState = {
  id: 'coalesce(d.foreign_id, d.resh_id::text)',
  knownUnits: 'select from import_placement p where p.resh_id = d.resh_id',
  problem: 'is an id that units.csv does not have',
  remedy: 'correct it, or add the unit',
};

const codePeriodChecksSql = `-- codes assigned on a day on which they are not valid
  with code_days as (
    ${codePeriodsSql}
    having not range_agg(${dateRangeSql()}) @> $1::text::date
  )
  ${insertProblemsSql('unit_codes.csv', 'd')} 'code', d.code_set || ':' || d.code,
    'is only valid ' || ${formatPeriodsSql('c.days')} || ', not on ' || $1::text, 'leave the code out'
  from import_unit_code d
  join code_days c on c.code_set = d.code_set and c.code = d.code
  where not exists (
    select from unit_code v
    where v.resh_id = d.resh_id and v.code_set = d.code_set and v.code = d.code and ${isCurrentSql('v')}
  )`;
