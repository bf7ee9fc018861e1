import { listFilters, type DayRange, type UnitFilter } from '../../domain/unit/filter.ts';
import { Prisma } from '../../generated/prisma/client.js';
import { knownAtKeyRevision, validOnKeyDay } from './temporal-conditions.ts';

const emptySql = Prisma.sql``;

/**
 * Returns joins for the keys of a batch that find the codes of a filter, and of each filter in it, and all codes under
 * them. They run once for each key, not for each row.
 */
export function filterCodesJoinSql(filter: UnitFilter | undefined): Prisma.Sql {
  const joins = listCodeFilters(filter).map(({ codes = [] }, index) => {
    const requestedCodes = JSON.stringify(codes.map(({ codeSet, code }) => ({ code_set: codeSet, code })));
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
    ) ${wantedSql(index)}`;
  });
  return joins.length === 0 ? emptySql : Prisma.join(joins, '');
}

function listCodeFilters(filter: UnitFilter | undefined): UnitFilter[] {
  return filter ? listFilters(filter).filter(({ codes }) => codes) : [];
}

function wantedSql(index: number): Prisma.Sql {
  return Prisma.raw(`wanted_${index}`);
}

/**
 * Returns conditions on a row `v` of `unit_version`, each with a leading `and`. The statement must have the batch's row
 * as `key`, and {@link filterCodesJoinSql}.
 */
export function filterConditionsSql(filter: UnitFilter | undefined): Prisma.Sql {
  if (!filter) return emptySql;
  const codeFilters = listCodeFilters(filter);
  const conditions = listConditions(filter, codeFilters);
  return conditions.length === 0 ? emptySql : Prisma.sql`and ${Prisma.join(conditions, '\n        and ')}`;
}

function listConditions(filter: UnitFilter, codeFilters: readonly UnitFilter[]): Prisma.Sql[] {
  const { types, designations, codes, treatmentSites, hasTreatmentSite, name, regions, minDepth, maxDepth } = filter;
  const { openedBetween, closedBetween, not, and, or } = filter;
  const isMet = (inner: UnitFilter): Prisma.Sql => allSql(listConditions(inner, codeFilters));
  return [
    types && Prisma.sql`v.type = any(${[...types]}::text[]::unit_type[])`,
    designations && Prisma.sql`v.designation_code = any(${[...designations]}::text[])`,
    treatmentSites && Prisma.sql`v.treatment_site_number = any(${[...treatmentSites]}::text[])`,
    hasTreatmentSite !== undefined && Prisma.sql`(v.treatment_site_number is not null) = ${hasTreatmentSite}`,
    name !== undefined && Prisma.sql`position(fold_text(${name}) in v.name_folded) > 0`,
    regions && Prisma.sql`v.path[1] = any(${[...regions]}::integer[])`,
    minDepth !== undefined && Prisma.sql`cardinality(v.path) - 1 >= ${minDepth}::integer`,
    maxDepth !== undefined && Prisma.sql`cardinality(v.path) - 1 <= ${maxDepth}::integer`,
    openedBetween && isBetweenSql(openedOnSql, openedBetween),
    closedBetween && isBetweenSql(closedOnSql, closedBetween),
    codes && hasAnyCodeSql(codeFilters.indexOf(filter)),
    // A condition on a fact that the unit does not have is not met.
    not && Prisma.sql`not coalesce(${isMet(not)}, false)`,
    and && allSql(and.map(isMet)),
    or && Prisma.sql`(${Prisma.join([Prisma.sql`false`, ...or.map(isMet)], ' or ')})`,
  ].filter((condition): condition is Prisma.Sql => condition instanceof Prisma.Sql);
}

function allSql(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`(${Prisma.join([Prisma.sql`true`, ...conditions], ' and ')})`;
}

function isBetweenSql(day: Prisma.Sql, { from, to }: DayRange): Prisma.Sql {
  return allSql([
    Prisma.sql`${day} is not null`,
    ...(from === undefined ? [] : [Prisma.sql`${day} >= ${from}::date`]),
    ...(to === undefined ? [] : [Prisma.sql`${day} <= ${to}::date`]),
  ]);
}

// The version before another one ends on the first day of that one, unless there is a gap.
const openedOnSql = Prisma.sql`(
      select max(first.valid_from)
      from unit_version first
      where first.resh_id = v.resh_id
        and first.valid_from <= v.valid_from
        and ${knownAtKeyRevision('first')}
        and not exists (
          select 1
          from unit_version previous
          where previous.resh_id = v.resh_id
            and previous.valid_to = first.valid_from
            and ${knownAtKeyRevision('previous')}
        )
    )`;
const closedOnSql = Prisma.sql`(
      select min(last.valid_to)
      from unit_version last
      where last.resh_id = v.resh_id
        and last.valid_from >= v.valid_from
        and ${knownAtKeyRevision('last')}
        and not exists (
          select 1
          from unit_version next
          where next.resh_id = v.resh_id
            and next.valid_from = last.valid_to
            and ${knownAtKeyRevision('next')}
        )
    )`;

function hasAnyCodeSql(index: number): Prisma.Sql {
  return Prisma.sql`exists (
      select 1
      from unit_code
      where unit_code.resh_id = v.resh_id
        and unit_code.code_set || ':' || unit_code.code = any(${wantedSql(index)}.codes)
        and ${knownAtKeyRevision('unit_code')}
        and ${validOnKeyDay('unit_code')}
    )`;
}
