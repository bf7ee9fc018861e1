import type { BulkSession } from '../database/bulk-session.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { formatPeriodsSql } from '../sql/format-periods.ts';
import { resolveDetailConflicts, unknownCodesSql } from '../staging/detail-keys.ts';
import { detailUnitsSql } from '../staging/detail-units.ts';
import { createKnownUnitPeriodsSql } from '../staging/known-unit-periods.ts';
import { insertProblemsSql, markRejected } from '../staging/problems.ts';
import { codePeriodsSql } from '../staging/reference-periods.ts';
import { stagingTables, type ReadableFiles } from '../staging/tables.ts';

type DetailFileName = 'unit_codes.csv' | 'identifiers.csv';

/**
 * Checks the staged codes and identifiers of units, and computes their periods. Call it after all checks of units.
 *
 * @param readable files that could be read; checks against other files are skipped
 */
export async function checkDetails(session: BulkSession, readable: ReadableFiles): Promise<void> {
  if (readable.codes) await runChecks(session, 'unit_codes.csv', [unknownCodesSql]);
  if (readable.units) {
    await session.execute(createUnitPeriodsSql);
    await runChecks(session, 'unit_codes.csv', [unitChecksSql('unit_codes.csv')]);
    if (readable.codes)
      await runChecks(session, 'unit_codes.csv', [codePeriodChecksSql, createCodePeriodsSql, registeredUnitCodesSql]);
    await runChecks(session, 'identifiers.csv', [unitChecksSql('identifiers.csv')]);
    await runChecks(session, 'identifiers.csv', [createIdentifierPeriodsSql, registeredIdentifiersSql]);
    await session.execute(sharedIdentifiersSql);
  }
  await resolveDetailConflicts(session);
}

async function runChecks(session: BulkSession, file: DetailFileName, checks: readonly string[]): Promise<void> {
  for (const check of checks) {
    await session.execute(check);
    await markRejected(session, file);
  }
}

/** Adds the foreign ids of the units that load as identifiers on all days of the unit. */
export async function addForeignIdentifiers(session: BulkSession, system: string): Promise<void> {
  await session.query(
    `-- ids of the other register as identifiers
     insert into import_identifier_period (line, resh_id, system, value, validity)
     select -min(u.line), u.resh_id, $1, u.foreign_id, unnest(range_agg(${dateRangeSql('u')}))
     from import_unit u
     where u.foreign_id is not null and not u.rejected
     group by u.resh_id, u.foreign_id`,
    [system],
  );
}

const createUnitPeriodsSql = createKnownUnitPeriodsSql(
  'import_unit_period',
  'select resh_id from import_unit_code union select resh_id from import_identifier',
);

const unitsOfImport = {
  id: 'd.resh_id',
  knownUnits: 'select from import_unit_period k where k.resh_id = d.resh_id',
  problem: 'is a RESH-id that neither units.csv nor the register has',
  remedy: 'correct the RESH-id, or add the unit',
};

function unitChecksSql(file: DetailFileName): string {
  return `${detailUnitsSql(file, unitsOfImport)};
  -- rows with days on which their unit is not valid
  ${insertProblemsSql(file, 'd')} bound.column_name, bound.day,
    'is outside the days of unit ' || d.resh_id || ', ' || ${formatPeriodsSql('k.days')},
    'correct the day, or leave it empty for all days of the unit'
  from ${stagingTables[file].table} d
  join import_unit_period k on k.resh_id = d.resh_id
  cross join lateral (values
    ('valid_from', d.valid_from, d.valid_from),
    ('valid_to', d.valid_to, d.valid_to - 1)
  ) as bound (column_name, day, last)
  where bound.day is not null and not k.days @> bound.last;`;
}

// A row without days is valid while its unit is, but not before the code is.
const firstCodeDaySql = 'coalesce(d.valid_from, greatest(lower(k.days), lower(c.days)))';

const joinPeriodsSql = `join import_unit_period k on k.resh_id = d.resh_id
  join code_days c on c.code_set = d.code_set and c.code = d.code`;

const codePeriodChecksSql = `-- codes assigned on a day on which they are not valid
  with code_days as (
    ${codePeriodsSql}
    having not range_agg(${dateRangeSql()}) @> daterange(null, null)
  )
  ${insertProblemsSql('unit_codes.csv', 'd')} 'valid_from', assigned.day,
    'code ' || d.code_set || ':' || d.code || ' is only valid ' || ${formatPeriodsSql('c.days')},
    'give a day on which the code is valid'
  from import_unit_code d
  ${joinPeriodsSql}
  cross join lateral (select ${firstCodeDaySql} as day) as assigned
  where not c.days @> assigned.day;
  -- codes with a last day before the first day on which they can be assigned
  with code_days as (
    ${codePeriodsSql}
  )
  ${insertProblemsSql('unit_codes.csv', 'd')} 'valid_to', d.valid_to,
    'is not after ' || assigned.day || ', the first day on which unit ' || d.resh_id || ' can have code ' ||
      d.code_set || ':' || d.code,
    'correct the day, or leave the row out'
  from import_unit_code d
  ${joinPeriodsSql}
  cross join lateral (select ${firstCodeDaySql} as day) as assigned
  where d.valid_to <= assigned.day;`;

const createCodePeriodsSql = `drop table if exists import_code_period;
  create temporary table import_code_period as
  with code_days as (
    ${codePeriodsSql}
  )
  select d.line, d.resh_id, d.code_set, d.code,
    unnest(k.days * datemultirange(daterange(${firstCodeDaySql}, d.valid_to))) as validity
  from import_unit_code d
  ${joinPeriodsSql}
  where not d.rejected;
  create index on import_code_period (resh_id);
  analyze import_code_period`;

const registeredUnitCodesSql = `-- codes that the unit has in the register on the same days
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select distinct 'unit_codes.csv', p.line, 'code', p.code_set || ':' || p.code,
    'unit ' || p.resh_id || ' already has the code in the register on some of the same days', 'leave the row out'
  from import_code_period p
  join unit_code e on e.resh_id = p.resh_id
    and e.code_set = p.code_set
    and e.code = p.code
    and e.superseded_rev is null
    and ${dateRangeSql('e')} && p.validity`;

const createIdentifierPeriodsSql = `drop table if exists import_identifier_period;
  create temporary table import_identifier_period as
  select d.line, d.resh_id, d.system, d.value, unnest(k.days * datemultirange(${dateRangeSql('d')})) as validity
  from import_identifier d
  join import_unit_period k on k.resh_id = d.resh_id
  where not d.rejected;
  create index on import_identifier_period (resh_id);
  create index on import_identifier_period (value);
  analyze import_identifier_period`;

const registeredIdentifiersSql = `-- identifiers that the unit has in the register on the same days
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select distinct 'identifiers.csv', p.line, 'value', p.value,
    'unit ' || p.resh_id || ' has ' || e.value || ' in the same system in the register, on some of the same days',
    'leave the row out'
  from import_identifier_period p
  join unit_identifier e on e.resh_id = p.resh_id
    and e.system = p.system
    and e.superseded_rev is null
    and ${dateRangeSql('e')} && p.validity`;

const sharedIdentifiersSql = `-- one identifier of two units
  insert into import_problem (kind, file, line, column_name, value, problem, remedy)
  select distinct 'WARNING', 'identifiers.csv', p.line, 'value', p.value,
    'is also the identifier of unit ' || e.resh_id || ' (line ' || e.line || '), on some of the same days',
    'check which of the units it belongs to'
  from import_identifier_period p
  join import_identifier_period e on e.value = p.value
    and e.system = p.system
    and e.resh_id <> p.resh_id
    and e.line < p.line
    and e.validity && p.validity`;
