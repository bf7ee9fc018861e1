import { insertProblemsSql } from './problems.ts';

/** Statement that finds unknown designations. */
export const unknownDesignationsSql = `-- unknown designations
  ${insertProblemsSql('units.csv', 'u')} 'designation', u.designation,
    'is not a code of set 8624', 'give a code of codes.csv or of the register'
  from import_unit u
  where u.designation is not null
    and not exists (select from import_code c where c.code_set = 8624 and c.code = u.designation and not c.rejected)
    and not exists (select from code c where c.code_set = 8624 and c.code = u.designation)`;

/**
 * Returns the statement that finds designations assigned after their end.
 *
 * @param isNewDesignationSql condition that a staged unit `u` did not have its designation before
 */
export function endedDesignationsSql(isNewDesignationSql: string): string {
  return `-- designations assigned after their end
  with ended as (
    select code, max(coalesce(valid_to, 'infinity'::date)) as last_day
    from (
      select code, valid_to
      from import_code
      where code_set = 8624 and not rejected
      union all
      select code, valid_to
      from code_version
      where code_set = 8624 and superseded_rev is null
    ) as known
    group by code
  )
  ${insertProblemsSql('units.csv', 'u')} 'designation', u.designation,
    'is not in use from ' || e.last_day || ' on', 'give a designation that is in use on ' || u.valid_from
  from import_unit u
  join ended e on e.code = u.designation and e.last_day <= u.valid_from
  where ${isNewDesignationSql}`;
}
