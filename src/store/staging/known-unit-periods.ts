import { dateRangeSql } from '../sql/date-range.ts';

/**
 * Returns SQL that creates a temporary table of units, `resh_id` and `days`, with all days on which the register or the
 * accepted rows of units.csv have them.
 *
 * @param reshIdsSql query of the RESH-ids of the units
 */
export function createKnownUnitPeriodsSql(table: string, reshIdsSql: string): string {
  return `drop table if exists ${table};
  create temporary table ${table} as
  select known.resh_id, range_agg(${dateRangeSql('known')}) as days
  from (
    select resh_id, valid_from, valid_to
    from import_unit
    where not rejected
    union all
    select resh_id, valid_from, valid_to
    from unit_version
    where superseded_rev is null
  ) as known
  where known.resh_id in (${reshIdsSql})
  group by known.resh_id;
  create index on ${table} (resh_id);
  analyze ${table}`;
}
