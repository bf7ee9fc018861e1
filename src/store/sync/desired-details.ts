import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { formatPeriodsSql } from '../sql/format-periods.ts';
import { resolveDetailConflicts, unknownCodesSql } from '../staging/detail-keys.ts';
import { insertProblemsSql, markRejected } from '../staging/problems.ts';
import { codePeriodsSql } from '../staging/reference-periods.ts';
import type { ReadableFiles } from '../staging/tables.ts';
import { isCurrentSql } from './current-row.ts';
import { dateRangeSql } from '../sql/date-range.ts';

/** Checks the staged codes and identifiers of a desired state, when its tree is built. */
export async function checkDesiredDetails(session: BulkSession, day: Day, readable: ReadableFiles): Promise<void> {
  await session.execute(unitChecksSql('unit_codes.csv', 'import_unit_code'));
  await session.execute(unitChecksSql('identifiers.csv', 'import_identifier'));
  if (readable.codes) {
    await session.execute(unknownCodesSql);
    await session.query(codePeriodChecksSql, [day]);
  }
  await markRejected(session, 'unit_codes.csv');
  await markRejected(session, 'identifiers.csv');
  await resolveDetailConflicts(session);
}

function unitChecksSql(file: 'unit_codes.csv' | 'identifiers.csv', table: string): string {
  return `-- rows of units that are not in the desired state
  insert into import_problem (kind, file, line, column_name, value, problem, remedy)
  select case when u.line is null then 'PROBLEM' else 'DEPENDENT' end,
    '${file}', d.line, 'resh_id', coalesce(d.foreign_id, d.resh_id::text),
    case
      when u.line is null then 'is an id that units.csv does not have'
      else 'belongs to a unit with a rejected row (line ' || u.line || ')'
    end,
    case when u.line is null then 'correct it, or add the unit' else 'correct the row of the unit' end
  from ${table} d
  left join lateral (select line from import_unit where resh_id = d.resh_id order by line limit 1) as u on true
  where d.resh_id is not null and not exists (select from import_placement p where p.resh_id = d.resh_id)`;
}

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
