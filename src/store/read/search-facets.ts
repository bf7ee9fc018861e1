import { z } from 'zod';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { PrismaClient } from '../../generated/prisma/client.js';
import { knownAtKeyRevision, validOnKeyDay } from '../sql/temporal-conditions.ts';
import { searchMatchesSql, snapshotKeySql, type SearchQuery } from './search-matches.ts';

const facetRow = z.object({
  facet: z.enum(['region', 'enterprise', 'designation', 'specialty']),
  value: z.string(),
  count: z.number(),
  distinctCount: z.number(),
});
/** How many of the units found have one value of a facet, and how many values the facet has in all. */
export type FacetRow = z.infer<typeof facetRow>;

/**
 * Values of the facets over all that a search finds, most first: RESH-ids of regions and enterprises, designation codes, and
 * specialties as set, colon, code. One statement.
 *
 * @param codeSets sets whose codes are specialties
 * @param limit most values of one facet
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
    chosen as materialized (
      select v.resh_id, v.type, v.path, v.designation_code
      from found
      cross join lateral (
        select *
        from unit_version
        where unit_version.id = found.version_id
        offset 0
      ) v
    ),
    -- units with the same way up have the same enterprise
    way_up as materialized (
      select path, count(*) as count
      from (
        select case when type = 'ORGANIZATION' then path else path[:cardinality(path) - 1] end as path
        from chosen
      ) ways
      group by path
    ),
    organization as materialized (
      select above.resh_id
      from (select distinct unnest(path) as resh_id from way_up) above
      cross join ${snapshotKeySql(snapshot)}
      cross join lateral (
        select v.type
        from unit_version v
        where v.resh_id = above.resh_id
          and ${knownAtKeyRevision('v')}
          and ${validOnKeyDay('v')}
        offset 0
      ) v
      where v.type = 'ORGANIZATION'
    ),
    nearest as (
      select way_up.path[max(step.depth)] as resh_id, way_up.count
      from way_up
      cross join lateral unnest(way_up.path) with ordinality as step (resh_id, depth)
      join organization on organization.resh_id = step.resh_id
      group by way_up.path, way_up.count
    ),
    counted (facet, value, count) as (
      select 'region', path[1]::text, count(*)
      from chosen
      group by path[1]
      union all
      select 'enterprise', resh_id::text, sum(count)
      from nearest
      group by resh_id
      union all
      select 'designation', designation_code, count(*)
      from chosen
      where designation_code is not null
      group by designation_code
      union all
      select 'specialty', code.code_set || ':' || code.code, count(*)
      from chosen
      cross join ${snapshotKeySql(snapshot)}
      cross join lateral (
        select distinct unit_code.code_set, unit_code.code
        from unit_code
        where unit_code.resh_id = chosen.resh_id
          and unit_code.code_set = any(${[...codeSets]}::integer[])
          and ${knownAtKeyRevision('unit_code')}
          and ${validOnKeyDay('unit_code')}
      ) code
      group by code.code_set, code.code
    ),
    ranked as (
      select
        *,
        row_number() over (partition by facet order by count desc, value collate "C") as rank,
        count(*) over (partition by facet) as values_in_all
      from counted
    )
    select facet, value, count::integer, values_in_all::integer as "distinctCount"
    from ranked
    where rank <= ${limit}::integer
    order by facet, rank`;
  return z.array(facetRow).parse(rows);
}
