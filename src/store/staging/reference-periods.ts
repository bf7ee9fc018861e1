import { dateRangeSql } from '../sql/date-range.ts';

/** Query of the days on which each code is valid, in the staged rows and the register: `code_set`, `code`, `days`. */
export const codePeriodsSql = `select code_set, code, range_agg(${dateRangeSql('known')}) as days
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

/**
 * Query of the days on which each dated treatment site is valid, in the staged rows and the register:
 * `organization_number`, `days`.
 */
export const sitePeriodsSql = `select organization_number, range_agg(${dateRangeSql('known')}) as days
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
    having bool_or(valid_from is not null or valid_to is not null)`;
