import { z } from 'zod';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { UnitFilter } from '../../domain/unit/filter.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { enterprisePathSql, enterprisesSql } from '../sql/enterprises.ts';
import { knownAtKeyRevision, snapshotKeySql, validOnKeyDay } from '../sql/temporal-conditions.ts';
import { filterCodesJoinSql, filterConditionsSql } from '../sql/unit-filter.ts';
import { subtreeJoinSql } from './search-matches.ts';

/** SQL expression of the value of each dimension, of a row `matched_unit` and the rows joined to it. */
const dimensionValues = {
  REGION: Prisma.sql`matched_unit.path[1]::text`,
  ENTERPRISE: Prisma.sql`enterprise.resh_id::text`,
  SPECIALTY: Prisma.sql`specialty.code_set || ':' || specialty.code`,
  TREATMENT_SITE: Prisma.sql`matched_unit.treatment_site_number`,
  DESIGNATION: Prisma.sql`matched_unit.designation_code`,
  DEPTH: Prisma.sql`(cardinality(matched_unit.path) - 1)::text`,
  TYPE: Prisma.sql`matched_unit.type::text`,
} as const;

/** Property over whose values units are counted. */
export type CountDimension = keyof typeof dimensionValues;

/** Which units to count, and over which properties. */
export interface UnitCountQuery {
  readonly by: readonly CountDimension[];
  readonly filter: UnitFilter | undefined;
  /** RESH-id of a unit: limits the count to its subtree */
  readonly within: number | undefined;
  /** Code sets of specialties */
  readonly codeSets: readonly number[];
}

const countRows = z.array(
  z.object({ values: z.array(z.string().nullable()), count: z.number(), total: z.number(), rowCount: z.number() }),
);
/**
 * A row of a cross table: a value of each dimension, null for units without one, and the number of units that have
 * them. `total` is the number of all units, and `rowCount` that of all rows.
 */
export type UnitCountRow = z.infer<typeof countRows>[number];

/**
 * Counts units by the values of several properties, most frequent first: RESH-ids of regions and enterprises, numbers
 * of treatment sites, designation codes, and specialties as `set:code`. A unit with several specialties counts for
 * each. One statement.
 *
 * @param limit maximum number of rows
 */
export async function readUnitCounts(
  prisma: PrismaClient,
  { by, filter, within, codeSets }: UnitCountQuery,
  snapshot: Snapshot,
  limit: number,
): Promise<UnitCountRow[]> {
  const values = by.map((dimension) => dimensionValues[dimension]);
  const rows = await prisma.$queryRaw`
    -- counts of units
    with matched_unit as materialized (
      select v.resh_id, v.type, v.path, v.designation_code, v.treatment_site_number
      from ${snapshotKeySql(snapshot)}
      cross join unit_version v
      ${subtreeJoinSql(within)}
      ${filterCodesJoinSql(filter)}
      where ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
        ${filterConditionsSql(filter)}
    ),
    ${by.includes('ENTERPRISE') ? Prisma.sql`${enterprisesSql(snapshot)},` : Prisma.empty}
    counted as (
      select array[${Prisma.join(values)}] as values, count(*)::integer as count
      from matched_unit
      ${by.includes('ENTERPRISE') ? enterpriseJoinSql : Prisma.empty}
      ${by.includes('SPECIALTY') ? specialtyJoinSql(snapshot, codeSets) : Prisma.empty}
      group by 1
    )
    select
      counted.values,
      counted.count,
      (select count(*)::integer from matched_unit) as total,
      count(*) over ()::integer as "rowCount"
    from counted
    order by counted.count desc, counted.values collate "C"
    limit ${limit}::integer`;
  return countRows.parse(rows);
}

const enterpriseJoinSql = Prisma.sql`left join enterprise on enterprise.path = ${enterprisePathSql}`;

function specialtyJoinSql(snapshot: Snapshot, codeSets: readonly number[]): Prisma.Sql {
  return Prisma.sql`
      cross join ${snapshotKeySql(snapshot)}
      left join lateral (
        select distinct unit_code.code_set, unit_code.code
        from unit_code
        where unit_code.resh_id = matched_unit.resh_id
          and unit_code.code_set = any(${[...codeSets]}::integer[])
          and ${knownAtKeyRevision('unit_code')}
          and ${validOnKeyDay('unit_code')}
      ) specialty on true`;
}
