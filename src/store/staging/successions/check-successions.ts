import type { BulkSession } from '../../database/bulk-session.ts';
import { formatPeriodsSql } from '../../sql/format-periods.ts';
import { createKnownUnitPeriodsSql } from '../known-unit-periods.ts';
import { insertProblemsSql, markRejected } from '../problems.ts';

const file = 'successions.csv';

/**
 * Checks the staged successions against the units and against each other. Call it after all checks of units.
 */
export async function checkSuccessions(session: BulkSession): Promise<void> {
  await session.execute(createSuccessionUnitsSql);
  await session.execute(unknownUnitsSql('from_resh_id'));
  await session.execute(unknownUnitsSql('to_resh_id'));
  await session.execute(sameUnitSql);
  await session.execute(sourceNotValidSql);
  await markRejected(session, file);
  await session.execute(repeatedSuccessionsSql);
  await markRejected(session, file);
}

const createSuccessionUnitsSql = createKnownUnitPeriodsSql(
  'import_succession_unit',
  'select from_resh_id from import_succession union select to_resh_id from import_succession',
);

function unknownUnitsSql(column: 'from_resh_id' | 'to_resh_id'): string {
  return `-- successions of unknown or rejected units
  insert into import_problem (kind, file, line, column_name, value, problem, remedy)
  select case when u.line is null then 'PROBLEM' else 'DEPENDENT' end, '${file}', s.line, '${column}', s.${column},
    case
      when u.line is null then 'is a RESH-id that neither units.csv nor the register has'
      else 'is a unit with a rejected row (line ' || u.line || ')'
    end,
    case when u.line is null then 'correct the RESH-id, or add the unit' else 'correct the row of the unit' end
  from import_succession s
  left join lateral (
    select line
    from import_unit
    where resh_id = s.${column}
    order by line
    limit 1
  ) as u on true
  where s.${column} is not null
    and not exists (select from import_succession_unit k where k.resh_id = s.${column})`;
}

const sameUnitSql = `-- successions of a unit by itself
  ${insertProblemsSql(file, 's')} 'to_resh_id', s.to_resh_id,
    'is the unit itself', 'give the RESH-id of another unit, or leave the row out'
  from import_succession s
  where s.to_resh_id = s.from_resh_id`;

const sourceNotValidSql = `-- successions of units that are not valid on the day before
  insert into import_problem (kind, file, line, column_name, value, problem, remedy)
  select
    case
      when exists (select from import_unit u where u.resh_id = s.from_resh_id and u.rejected) then 'DEPENDENT'
      else 'PROBLEM'
    end,
    '${file}', s.line, 'effective_on', s.effective_on,
    'unit ' || s.from_resh_id || ' is not valid on the day before, but ' || ${formatPeriodsSql('k.days')},
    'correct the day, or the days of the unit'
  from import_succession s
  join import_succession_unit k on k.resh_id = s.from_resh_id
  where not k.days @> s.effective_on - 1`;

const repeatedSuccessionsSql = `-- repeated successions
  with numbered as (
    select s.line, s.to_resh_id, min(s.line) over (
      partition by s.from_resh_id, s.to_resh_id, s.kind, s.extent, s.effective_on
    ) as first_line
    from import_succession s
    where not s.rejected
  )
  ${insertProblemsSql(file, 'n')} 'to_resh_id', n.to_resh_id,
    'is the same succession as on line ' || n.first_line, 'keep one of the rows'
  from numbered n
  where n.line > n.first_line`;
