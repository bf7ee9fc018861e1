import type { BulkSession } from '../database/bulk-session.ts';
import { formatPeriodsSql } from '../sql/format-periods.ts';
import { markRejected } from './problems.ts';
import { resolveRowConflicts, type UniqueKey } from './row-conflicts.ts';
import type { ImportFileName, ReadableFiles } from './tables.ts';

const unitPeriodsSql = `drop table if exists import_unit_days;
  create temporary table import_unit_days as
  select known.resh_id, range_agg(daterange(known.valid_from, known.valid_to)) as days
  from (
    select resh_id, valid_from, valid_to
    from import_unit
    where not rejected
    union all
    select resh_id, valid_from, valid_to
    from unit_version
    where superseded_rev is null
  ) as known
  where known.resh_id in (select resh_id from import_unit_code union select resh_id from import_identifier)
  group by known.resh_id;
  create index on import_unit_days (resh_id);
  analyze import_unit_days`;

const codePeriodsSql = `select code_set, code, range_agg(daterange(valid_from, valid_to)) as days
    from (
      select code_set, code, valid_from, valid_to
      from import_code
      where not rejected
      union all
      select code_set, code, valid_from, valid_to
      from code_version
      where superseded_rev is null
    ) as known
    group by code_set, code`;

/** Finds codes of units that nobody knows. */
export const unknownCodesSql = `-- codes that nobody knows
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'unit_codes.csv', d.line, 'code', d.code_set || ':' || d.code, 'is no code that codes.csv or the register has', 'correct the code, or add it to codes.csv'
  from import_unit_code d
  where d.code_set is not null
    and d.code is not null
    and not exists (select from import_code c where c.code_set = d.code_set and c.code = d.code and not c.rejected)
    and not exists (select from code c where c.code_set = d.code_set and c.code = d.code)`;

// Without days of its own a row holds while its unit does; a code not before it was made.
const firstCodeDaySql = 'coalesce(d.valid_from, greatest(lower(k.days), lower(c.days)))';

const codesOutsideValiditySql = `-- codes given on a day on which they cannot be given
  with code_days as (
    ${codePeriodsSql}
    having not range_agg(daterange(valid_from, valid_to)) @> daterange(null, null)
  )
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'unit_codes.csv', d.line, 'valid_from', given.day, 'code ' || d.code_set || ':' || d.code || ' is valid ' || ${formatPeriodsSql('c.days')} || ' only', 'give a day on which the code is valid'
  from import_unit_code d
  join import_unit_days k on k.resh_id = d.resh_id
  join code_days c on c.code_set = d.code_set and c.code = d.code
  cross join lateral (select ${firstCodeDaySql} as day) as given
  where not c.days @> given.day;
  -- codes whose last day comes before the first on which they can be given
  with code_days as (
    ${codePeriodsSql}
  )
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'unit_codes.csv', d.line, 'valid_to', d.valid_to, 'is not after ' || given.day || ', the first day on which unit ' || d.resh_id || ' can have code ' || d.code_set || ':' || d.code, 'correct the day, or leave the row out'
  from import_unit_code d
  join import_unit_days k on k.resh_id = d.resh_id
  join code_days c on c.code_set = d.code_set and c.code = d.code
  cross join lateral (select ${firstCodeDaySql} as day) as given
  where d.valid_to <= given.day;`;

const unitCodePeriodsSql = `drop table if exists import_code_period;
  create temporary table import_code_period as
  with code_days as (
    ${codePeriodsSql}
  )
  select d.line, d.resh_id, d.code_set, d.code,
    unnest(k.days * datemultirange(daterange(${firstCodeDaySql}, d.valid_to))) as validity
  from import_unit_code d
  join import_unit_days k on k.resh_id = d.resh_id
  join code_days c on c.code_set = d.code_set and c.code = d.code
  where not d.rejected;
  create index on import_code_period (resh_id);
  analyze import_code_period;
  -- codes that the unit has in the register on the same days
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select distinct 'unit_codes.csv', p.line, 'code', p.code_set || ':' || p.code, 'unit ' || p.resh_id || ' has it in the register on some of the same days', 'leave the row out'
  from import_code_period p
  join unit_code e on e.resh_id = p.resh_id and e.code_set = p.code_set and e.code = p.code and e.superseded_rev is null
    and daterange(e.valid_from, e.valid_to) && p.validity`;

const unitCodeKey: UniqueKey = {
  key: "r.resh_id || ' ' || r.code_set || ':' || r.code",
  column: 'code',
  value: "r.code_set || ':' || r.code",
  problem: "'stands on %s too for unit ' || r.resh_id || ', on some of the same days'",
  rowLabel: "'line ' || r.line",
  remedy: 'keep one of the rows, or give them periods that do not overlap',
};

const identifierPeriodsSql = `drop table if exists import_identifier_period;
  create temporary table import_identifier_period as
  select d.line, d.resh_id, d.system, d.value, unnest(k.days * datemultirange(daterange(d.valid_from, d.valid_to))) as validity
  from import_identifier d
  join import_unit_days k on k.resh_id = d.resh_id
  where not d.rejected;
  create index on import_identifier_period (resh_id);
  create index on import_identifier_period (value);
  analyze import_identifier_period;
  -- identifiers that the unit has in the register on the same days
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select distinct 'identifiers.csv', p.line, 'value', p.value, 'unit ' || p.resh_id || ' has ' || e.value || ' in the same system in the register, on some of the same days', 'leave the row out'
  from import_identifier_period p
  join unit_identifier e on e.resh_id = p.resh_id and e.system = p.system and e.superseded_rev is null
    and daterange(e.valid_from, e.valid_to) && p.validity;
  -- one identifier on two units
  insert into import_problem (file, line, column_name, value, problem, remedy, kind)
  select distinct 'identifiers.csv', p.line, 'value', p.value, 'is that of unit ' || e.resh_id || ' (line ' || e.line || ') too, on some of the same days', 'see which of the units it belongs to', 'WARNING'
  from import_identifier_period p
  join import_identifier_period e on e.value = p.value and e.system = p.system and e.resh_id <> p.resh_id and e.line < p.line and e.validity && p.validity`;

const identifierKey: UniqueKey = {
  key: "r.resh_id || ' ' || r.system",
  column: 'value',
  value: 'r.value',
  problem: "'unit ' || r.resh_id || ' has %s, on some of the same days'",
  rowLabel: "r.value || ' in the same system on line ' || r.line",
  remedy: 'keep one of the rows, or give them periods that do not overlap',
};

/**
 * Checks the staged codes and identifiers of units, once it is known which units load, and gives them their days.
 *
 * @param readable files that could be read; checks against others are left out
 */
export async function checkDetails(session: BulkSession, readable: ReadableFiles): Promise<void> {
  const checkFile = async (file: ImportFileName, checks: readonly string[]) => {
    for (const check of checks) {
      await session.execute(check);
      await markRejected(session, file);
    }
  };
  if (readable.codes) await checkFile('unit_codes.csv', [unknownCodesSql]);
  if (readable.units) {
    await session.execute(unitPeriodsSql);
    await checkFile('unit_codes.csv', [unitReferenceChecksSql('unit_codes.csv', 'import_unit_code')]);
    if (readable.codes) await checkFile('unit_codes.csv', [codesOutsideValiditySql, unitCodePeriodsSql]);
    await checkFile('identifiers.csv', [
      unitReferenceChecksSql('identifiers.csv', 'import_identifier'),
      identifierPeriodsSql,
    ]);
  }
  await resolveDetailConflicts(session);
}

function unitReferenceChecksSql(file: ImportFileName, table: string): string {
  return `-- rows of units that are unknown or were rejected
  insert into import_problem (file, line, column_name, value, problem, remedy, kind)
  select '${file}', d.line, 'resh_id', d.resh_id,
    case when u.line is null then 'is the RESH-id of no unit, neither in units.csv nor in the register' else 'is the RESH-id of a unit whose row was rejected (line ' || u.line || ')' end,
    case when u.line is null then 'correct the RESH-id, or add the unit' else 'mend the row of the unit' end,
    case when u.line is null then 'PROBLEM' else 'CONSEQUENCE' end
  from ${table} d
  left join lateral (
    select line
    from import_unit
    where resh_id = d.resh_id
    order by line
    limit 1
  ) as u on true
  where d.resh_id is not null
    and not exists (select from import_unit_days k where k.resh_id = d.resh_id);
  -- rows with days on which their unit is not valid
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select '${file}', d.line, said.column_name, said.day, 'lies outside the days of unit ' || d.resh_id || ', ' || ${formatPeriodsSql('k.days')}, 'correct the day, or leave it empty for all days of the unit'
  from ${table} d
  join import_unit_days k on k.resh_id = d.resh_id
  cross join lateral (values
    ('valid_from', d.valid_from, d.valid_from),
    ('valid_to', d.valid_to, d.valid_to - 1)
  ) as said (column_name, day, last)
  where said.day is not null and not k.days @> said.last;`;
}

/** Finds codes and identifiers that stand twice for one unit. */
export async function resolveDetailConflicts(session: BulkSession): Promise<void> {
  await resolveRowConflicts(session, 'unit_codes.csv', [unitCodeKey]);
  await resolveRowConflicts(session, 'identifiers.csv', [identifierKey]);
}
