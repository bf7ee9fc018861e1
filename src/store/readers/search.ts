import { z } from 'zod';
import type { SearchTerms } from '../../domain/search-terms.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { UnitFilter } from '../../domain/unit-filter.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { keyRows, known, valid } from '../sql.ts';
import { filterSql } from '../unit-filter-sql.ts';
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

const wordHits = (word: string): Prisma.Sql =>
  Prisma.sql`(fold_text(${word}) <% named.name_folded or fold_text(${word}) <% named.short_name_folded)`;

const wordScore = (word: string): Prisma.Sql =>
  Prisma.sql`greatest(
            word_similarity(fold_text(${word}), named.name_folded),
            word_similarity(fold_text(${word}), coalesce(named.short_name_folded, ''))
          )`;

// Names of the day and of days before it. Every word must be near a word of the name; a former name counts for less, and of two
// names as near the shorter one, which says nothing else, for more.
const nameHits = ({ words, identifier }: SearchTerms): Prisma.Sql => Prisma.sql`
      select
        named.resh_id,
        (1000000 * (
          (${Prisma.join(words.map(wordScore), ' + ')}) / ${words.length}::real
          + similarity(fold_text(${identifier}), named.name_folded)
          + case when fold_text(${identifier}) in (named.name_folded, named.short_name_folded) then 1 else 0 end
        ) * case when ${valid('named')} then 1 else 0.8 end)::integer as score,
        case
          when not (${valid('named')}) then 'FORMER_NAME'
          when word_similarity(fold_text(${identifier}), coalesce(named.short_name_folded, ''))
            > word_similarity(fold_text(${identifier}), named.name_folded) then 'SHORT_NAME'
          else 'NAME'
        end as kind,
        case
          when word_similarity(fold_text(${identifier}), coalesce(named.short_name_folded, ''))
            > word_similarity(fold_text(${identifier}), named.name_folded) then named.short_name
          else named.name
        end as text
      from key
      join unit_version named on ${Prisma.join(words.map(wordHits), ' and ')}
      where named.valid_from <= key.day
        and ${known('named')}`;

const reshIdHits = (reshId: number): Prisma.Sql => Prisma.sql`
      select ${reshId}::integer, 9000000, 'RESH_ID', ${String(reshId)}`;

const organizationNumberHits = (organizationNumber: string): Prisma.Sql => Prisma.sql`
      select numbered.resh_id, 8000000, 'ORGANIZATION_NUMBER', numbered.organization_number
      from key
      join unit_version numbered on numbered.organization_number = ${organizationNumber}
      where ${known('numbered')}
        and ${valid('numbered')}`;

const identifierHits = (identifier: string): Prisma.Sql => Prisma.sql`
      select identified.resh_id, 7000000, 'IDENTIFIER', identified.value
      from key
      join unit_identifier identified on identified.value = ${identifier}
      where ${known('identified')}
        and ${valid('identified')}`;

// The best hit of each unit.
const hits = (terms: SearchTerms): Prisma.Sql => Prisma.sql`
    hit (resh_id, score, kind, text) as (
      select distinct on (every_hit.resh_id) every_hit.*
      from (${Prisma.join(
        [
          ...(terms.words.length > 0 ? [nameHits(terms)] : []),
          ...(terms.reshId === null ? [] : [reshIdHits(terms.reshId)]),
          ...(terms.organizationNumber === null ? [] : [organizationNumberHits(terms.organizationNumber)]),
          identifierHits(terms.identifier),
        ],
        `
      union all`,
      )}
      ) every_hit (resh_id, score, kind, text)
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
const found = ({ terms, filter, within }: Search, snapshot: Snapshot): Prisma.Sql => Prisma.sql`
    key as (
      select *
      from ${keyRows([{ revision: snapshot.revision, day: snapshot.day }], keyColumns)}
    ),
    ${terms ? hits(terms) : Prisma.empty}
    found as (
      select v.*, ${terms ? Prisma.sql`hit.score, hit.kind, hit.text` : Prisma.sql`0 as score, null as kind, null as text`}
      from key
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
  const rows = await prisma.$queryRaw`
    -- search
    with ${found(search, snapshot)}
    select ${unitColumns('found')}, found.score, found.kind as "matchKind", found.text as "matchText"
    from found
    where ${
      after
        ? Prisma.sql`(-found.score, found.name_sort_key, found.resh_id)
          > (${-after.score}::integer, ${after.nameSortKey}::text collate "C", ${after.reshId}::integer)`
        : Prisma.sql`true`
    }
    order by found.score desc, found.name_sort_key, found.resh_id
    limit ${first}::integer`;
  return z.array(hitRow).parse(rows);
};

/** Number of units that a search finds. One statement. */
export const countSearch = async (prisma: PrismaClient, search: Search, snapshot: Snapshot): Promise<number> => {
  const rows = await prisma.$queryRaw`
    -- number of hits of a search
    with ${found(search, snapshot)}
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
    with ${found(search, snapshot)},
    organization as (
      select o.resh_id
      from key
      join unit_version o on o.type = 'ORGANIZATION'
      where ${known('o')}
        and ${valid('o')}
    ),
    valued (facet, value) as (
      select 'region', found.path[1]::text
      from found
      union all
      select 'enterprise', (
        select step.resh_id::text
        from unnest(found.path) with ordinality as step (resh_id, depth)
        where step.resh_id in (select organization.resh_id from organization)
        order by step.depth desc
        limit 1
      )
      from found
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
