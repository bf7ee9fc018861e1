import type { UnitFilter } from '../../domain/unit/filter.ts';
import { Prisma } from '../../generated/prisma/client.js';
import { knownAtKeyRevision, validOnKeyDay } from './temporal-conditions.ts';

const emptySql = Prisma.sql``;

const hasAnyCodeSql = Prisma.sql`
    and exists (
      select 1
      from unit_code
      where unit_code.resh_id = v.resh_id
        and unit_code.code_set || ':' || unit_code.code = any(wanted.codes)
        and ${knownAtKeyRevision('unit_code')}
        and ${validOnKeyDay('unit_code')}
    )`;

/**
 * Returns a join for the keys of a batch that finds the codes of a filter and all codes under them. It runs once for
 * each key, not for each row.
 */
export function filterCodesJoinSql(filter: UnitFilter | undefined): Prisma.Sql {
  if (!filter?.codes) return emptySql;
  const requestedCodes = JSON.stringify(filter.codes.map(({ codeSet, code }) => ({ code_set: codeSet, code })));
  return Prisma.sql`
    cross join lateral (
      with recursive wanted (code_set, code) as (
        select requested.code_set, requested.code
        from jsonb_to_recordset(${requestedCodes}::jsonb) as requested (code_set integer, code text)
        union
        select child.code_set, child.code
        from wanted
        join code_version child on child.code_set = wanted.code_set and child.parent_code = wanted.code
        where ${knownAtKeyRevision('child')}
      )
      select array_agg(wanted.code_set || ':' || wanted.code) as codes
      from wanted
    ) wanted`;
}

/**
 * Returns conditions on a row `v` of `unit_version`, each with a leading `and`. The statement must have the batch's row
 * as `key`, and {@link filterCodesJoinSql}. An empty list of values matches nothing.
 */
export function filterConditionsSql(filter: UnitFilter | undefined): Prisma.Sql {
  if (!filter) return emptySql;
  const { types, designations, codes, treatmentSites, hasTreatmentSite, name } = filter;
  const hasSiteSql = Prisma.sql`and (v.treatment_site_number is not null) = ${hasTreatmentSite}`;
  return Prisma.sql`
    ${types ? Prisma.sql`and v.type = any(${[...types]}::text[]::unit_type[])` : emptySql}
    ${designations ? Prisma.sql`and v.designation_code = any(${[...designations]}::text[])` : emptySql}
    ${treatmentSites ? Prisma.sql`and v.treatment_site_number = any(${[...treatmentSites]}::text[])` : emptySql}
    ${hasTreatmentSite === undefined ? emptySql : hasSiteSql}
    ${name === undefined ? emptySql : Prisma.sql`and position(fold_text(${name}) in v.name_folded) > 0`}
    ${codes ? hasAnyCodeSql : emptySql}`;
}
