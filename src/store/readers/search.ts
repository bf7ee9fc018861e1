import { z } from 'zod';
import type { SearchTerms } from '../../domain/search-terms.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { UnitFilter } from '../../domain/unit-filter.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { keyRows, known, valid } from '../sql.ts';
import { filterSource, filterSql } from '../unit-filter-sql.ts';
import { unitColumns, unitRow } from '../unit-row.ts';

/** What is searched for, and where. */
export interface Search {
  /** Absent for everything that the filter lets through */
  readonly terms: SearchTerms | undefined;
  readonly filter: UnitFilter | undefined;
  /** RESH-id of a unit: only it and what is beneath it */
  readonly within: number | undefined;
}

/** Place of a hit in the order of a search. */
export interface SearchPlace {
  readonly score: number;
  readonly nameSortKey: string;
  readonly reshId: number;
}

const matchKinds = ['NAME', 'SHORT_NAME', 'FORMER_NAME', 'RESH_ID', 'ORGANIZATION_NUMBER', 'IDENTIFIER'] as const;
/** What a search hit. */
export type MatchKind = (typeof matchKinds)[number];

const hitRow = unitRow.extend({
  score: z.number(),
  matchKind: z.enum(matchKinds).nullable(),
  matchText: z.string().nullable(),
});
/** A unit that a search found: how well, and by what. */
export type HitRow = z.infer<typeof hitRow>;

const keyColumns = 'revision integer, day date';

// Folded once: a function of a parameter would be called again for every row.
const folded = (text: string): Prisma.Sql => Prisma.sql`(select fold_text(${text}))`;

const wordHits = (word: string): Prisma.Sql =>
  Prisma.sql`(${folded(word)} <% named.name_folded or ${folded(word)} <% named.short_name_folded)`;

const wordScore = (word: string): Prisma.Sql =>
  Prisma.sql`greatest(word_similarity(${folded(word)}, named.name_folded), word_similarity(${folded(word)}, named.short_name_folded))`;

// How near the words are, and how much of the name they are: the whole name is best. A former name counts for less.
const nameScore = ({ words, identifier }: SearchTerms): Prisma.Sql => Prisma.sql`
        (1000000 * (
          (${Prisma.join(words.map(wordScore), ' + ')}) / ${words.length}::real
          + least(1, length(${identifier})::real / length(named.name_folded))
          + case when ${folded(identifier)} in (named.name_folded, named.short_name_folded) then 1 else 0 end
        ) * case when ${valid('named')} then 1 else 0.8 end)::integer`;

// Names of the day and of days before it; every word must be near a word of the name.
const nameHits = (terms: SearchTerms, isRanked: boolean): Prisma.Sql => Prisma.sql`
      select
        named.resh_id,
        ${isRanked ? nameScore(terms) : Prisma.sql`0`} as score,
        case when ${valid('named')} then 'NAME' else 'FORMER_NAME' end as kind,
        named.name as text,
        named.short_name
      from key
      join unit_version named on ${Prisma.join(terms.words.map(wordHits), ' and ')}
      where named.valid_from <= key.day
        and ${known('named')}`;

const reshIdHits = (reshId: number): Prisma.Sql => Prisma.sql`
      select ${reshId}::integer, 9000000, 'RESH_ID', ${String(reshId)}, null`;

const organizationNumberHits = (organizationNumber: string): Prisma.Sql => Prisma.sql`
      select numbered.resh_id, 8000000, 'ORGANIZATION_NUMBER', numbered.organization_number, null
      from key
      join unit_version numbered on numbered.organization_number = ${organizationNumber}
      where ${known('numbered')}
        and ${valid('numbered')}`;

const identifierHits = (identifier: string): Prisma.Sql => Prisma.sql`
      select identified.resh_id, 7000000, 'IDENTIFIER', identified.value, null
      from key
      join unit_identifier identified on identified.value = ${identifier}
      where ${known('identified')}
        and ${valid('identified')}`;

// The best hit of each unit.
const hits = (terms: SearchTerms, isRanked: boolean): Prisma.Sql => Prisma.sql`
    hit (resh_id, score, kind, text, short_name) as (
      select distinct on (every_hit.resh_id) every_hit.*
      from (${Prisma.join(
        [
          ...(terms.words.length > 0 ? [nameHits(terms, isRanked)] : []),
          ...(terms.reshId === null ? [] : [reshIdHits(terms.reshId)]),
          ...(terms.organizationNumber === null ? [] : [organizationNumberHits(terms.organizationNumber)]),
          identifierHits(terms.identifier),
        ],
        `
      union all`,
      )}
      ) every_hit (resh_id, score, kind, text, short_name)
      order by every_hit.resh_id, every_hit.score desc, every_hit.kind
    ),`;

const withinPath = (within: number): Prisma.Sql => Prisma.sql`(
          select top.path_text
          from key
          join unit_version top on top.resh_id = ${within}
          where ${known('top')}
            and ${valid('top')}
        )`;

// The whole result as rows `v`, with what hit; to stand behind `with`.
const found = ({ terms, filter, within }: Search, snapshot: Snapshot, isRanked: boolean): Prisma.Sql => Prisma.sql`
    key as (
      select *
      from ${keyRows([{ revision: snapshot.revision, day: snapshot.day }], keyColumns)}
    ),
    ${terms ? hits(terms, isRanked) : Prisma.empty}
    found as (
      select v.*, ${terms ? Prisma.sql`hit.score, hit.kind, hit.text, hit.short_name as hit_short_name` : Prisma.sql`0 as score, null as kind, null as text, null as hit_short_name`}
      from key
      ${filterSource(filter)}
      ${terms ? Prisma.sql`cross join hit join unit_version v on v.resh_id = hit.resh_id` : Prisma.sql`cross join unit_version v`}
      where ${known('v')}
        and ${valid('v')}
        ${
          within === undefined
            ? Prisma.empty
            : Prisma.sql`and v.path_text >= ${withinPath(within)} and v.path_text < ${withinPath(within)} || ':'`
        }
        ${filterSql(filter)}
    )`;

/** A page of a search, best first, then by name. One statement. */
export const readSearch = async (
  prisma: PrismaClient,
  search: Search,
  snapshot: Snapshot,
  first: number,
  after: SearchPlace | undefined,
): Promise<HitRow[]> => {
  const typed = search.terms?.identifier ?? '';
  const rows = await prisma.$queryRaw`
    -- search
    with ${found(search, snapshot, true)}
    select
      ${unitColumns('page')},
      page.score,
      case when page.kind = 'NAME' and shorter.is_nearer then 'SHORT_NAME' else page.kind end as "matchKind",
      case when shorter.is_nearer then page.hit_short_name else page.text end as "matchText"
    from (
      select *
      from found
      where ${
        after
          ? Prisma.sql`(-found.score, found.name_sort_key, found.resh_id)
            > (${-after.score}::integer, ${after.nameSortKey}::text collate "C", ${after.reshId}::integer)`
          : Prisma.sql`true`
      }
      order by found.score desc, found.name_sort_key, found.resh_id
      limit ${first}::integer
    ) page
    cross join lateral (
      select coalesce(
        word_similarity(fold_text(${typed}), fold_text(page.hit_short_name)) > word_similarity(fold_text(${typed}), fold_text(page.text)),
        false
      ) as is_nearer
    ) shorter
    order by page.score desc, page.name_sort_key, page.resh_id`;
  return z.array(hitRow).parse(rows);
};

/** Number of units that a search finds. One statement. */
export const countSearch = async (prisma: PrismaClient, search: Search, snapshot: Snapshot): Promise<number> => {
  const rows = await prisma.$queryRaw`
    -- number of hits of a search
    with ${found(search, snapshot, false)}
    select count(*)::integer as count
    from found`;
  return z.array(z.object({ count: z.number() })).parse(rows)[0]?.count ?? 0;
};

const facetRow = z.object({
  facet: z.enum(['region', 'enterprise', 'designation', 'specialty']),
  value: z.string(),
  count: z.number(),
  distinctCount: z.number(),
});
/** How many hits share a value, and how many values there are in the facet. */
export type FacetRow = z.infer<typeof facetRow>;

/**
 * How the hits of a search are spread: for each facet its most frequent values. One statement.
 *
 * @param codeSets sets whose codes are specialties
 * @param limit greatest number of values of a facet
 */
export const readSearchFacets = async (
  prisma: PrismaClient,
  search: Search,
  snapshot: Snapshot,
  codeSets: readonly number[],
  limit: number,
): Promise<FacetRow[]> => {
  const rows = await prisma.$queryRaw`
    -- facets of a search
    with ${found(search, snapshot, false)},
    organization as (
      select o.resh_id
      from key
      cross join (select distinct unnest(found.path) as resh_id from found) above
      join unit_version o on o.resh_id = above.resh_id
      where o.type = 'ORGANIZATION'
        and ${known('o')}
        and ${valid('o')}
    ),
    valued (facet, value) as (
      select 'region', found.path[1]::text
      from found
      union all
      select 'enterprise', found.path[max(step.depth)]::text
      from found
      cross join unnest(found.path) with ordinality as step (resh_id, depth)
      join organization on organization.resh_id = step.resh_id
      group by found.resh_id, found.path
      union all
      select 'designation', found.designation_code
      from found
      union all
      select 'specialty', unit_code.code_set || ':' || unit_code.code
      from key
      cross join found
      join unit_code on unit_code.resh_id = found.resh_id
      where unit_code.code_set = any(${[...codeSets]}::integer[])
        and ${known('unit_code')}
        and ${valid('unit_code')}
    ),
    counted as (
      select
        valued.facet,
        valued.value,
        count(*)::integer as count,
        row_number() over (partition by valued.facet order by count(*) desc, valued.value collate "C") as place,
        count(*) over (partition by valued.facet)::integer as distinct_count
      from valued
      where valued.value is not null
      group by valued.facet, valued.value
    )
    select counted.facet, counted.value, counted.count, counted.distinct_count as "distinctCount"
    from counted
    where counted.place <= ${limit}::integer
    order by counted.facet, counted.place`;
  return z.array(facetRow).parse(rows);
};
