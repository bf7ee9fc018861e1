import { z } from 'zod';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { enterprisesSql } from '../sql/enterprises.ts';
import { knownAtKeyRevision, snapshotKeySql, validOn } from '../sql/temporal-conditions.ts';
import { searchMatchesSql, type SearchQuery } from './search-matches.ts';

const facetRow = z.object({
  facet: z.enum(['region', 'enterprise', 'designation', 'specialty']),
  value: z.string(),
  count: z.number(),
  distinctCount: z.number(),
});
/** Number of units found with a value of a facet, and total number of values of the facet. */
export type FacetRow = z.infer<typeof facetRow>;

/**
 * Returns the values of the facets over all hits of a search, most common first: RESH-ids of regions and enterprises,
 * designation codes, and specialties as `set:code`. One statement.
 *
 * @param codeSets code sets of specialties
 * @param limit maximum number of values of each facet
 */
export async function readSearchFacets(
  prisma: PrismaClient,
  search: SearchQuery,
  snapshot: Snapshot,
  codeSets: readonly number[],
  limit: number,
): Promise<FacetRow[]> {
  const rows = await prisma.$queryRaw`
    -- facets of a search
    with ${searchMatchesSql({ ...search, ...snapshot })},
    matched_unit as materialized (
      select v.resh_id, v.type, v.path, v.designation_code, least(key.day, v.valid_to - 1) as seen_on
      from ${snapshotKeySql(snapshot)}
      cross join found
      cross join lateral (
        select *
        from unit_version
        where unit_version.id = found.version_id
        offset 0
      ) v
    ),
    ${enterprisesSql(snapshot)},
    counted (facet, value, count) as (
      select 'region', path[1]::text, count(*)
      from matched_unit
      group by path[1]
      union all
      select 'enterprise', resh_id::text, sum(count)
      from enterprise
      group by resh_id
      union all
      select 'designation', designation_code, count(*)
      from matched_unit
      where designation_code is not null
      group by designation_code
      union all
      select 'specialty', code.code_set || ':' || code.code, count(*)
      from matched_unit
      cross join ${snapshotKeySql(snapshot)}
      cross join lateral (
        select distinct unit_code.code_set, unit_code.code
        from unit_code
        where unit_code.resh_id = matched_unit.resh_id
          and unit_code.code_set = any(${[...codeSets]}::integer[])
          and ${knownAtKeyRevision('unit_code')}
          and ${Prisma.raw(validOn('matched_unit.seen_on', 'unit_code'))}
      ) code
      group by code.code_set, code.code
    ),
    ranked as (
      select
        *,
        row_number() over (partition by facet order by count desc, value collate "C") as rank,
        count(*) over (partition by facet) as distinct_count
      from counted
    )
    select facet, value, count::integer, distinct_count::integer as "distinctCount"
    from ranked
    where rank <= ${limit}::integer
    order by facet, rank`;
  return z.array(facetRow).parse(rows);
}
