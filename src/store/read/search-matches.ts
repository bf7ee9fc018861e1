import type { SearchTerms } from '../../domain/text/search-terms.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { UnitFilter } from '../../domain/unit/filter.ts';
import { Prisma } from '../../generated/prisma/client.js';
import { known, valid } from '../sql/temporal-conditions.ts';
import { filterSource, filterSql } from '../sql/unit-filter.ts';

/** What is searched for, and where. */
export interface Search {
  /** Absent for everything that the filter lets through */
  readonly terms: SearchTerms | undefined;
  readonly filter: UnitFilter | undefined;
  /** RESH-id of a unit: only it and what is beneath it */
  readonly within: number | undefined;
}

/** A search in one state of the register. */
export type SearchAt = Search & Snapshot;

const nothing = Prisma.sql``;

/** The snapshot as one row, which the planner takes for constants. */
export const keyOfSearch = ({ revision, day }: Snapshot): Prisma.Sql =>
  Prisma.sql`(select ${revision}::integer as revision, ${day}::date as day) as key`;

// Folded once for the whole statement; `%>` with the column on its left can use the trigram index.
const word = (place: number): Prisma.Sql => Prisma.raw(`(select word_${place} from asked)`);
const total = (parts: Prisma.Sql[]): Prisma.Sql => Prisma.join(parts, ' + ');

const askedSql = ({ identifier, words }: SearchTerms): Prisma.Sql => Prisma.sql`
    asked as materialized (
      select fold_text(${identifier}) as whole
        ${Prisma.join([nothing, ...words.map((text, place) => Prisma.sql`fold_text(${text}) as ${Prisma.raw(`word_${place}`)}`)], ', ')}
    )`;

type Folded = 'name_folded' | 'short_name_folded';

// Norwegian joins words: «post» is looked for in «sengepost» too. Two letters have no trigram to find them by, and are everywhere.
const mayStandWithin = (text: string): boolean => text.length > 2;

// Of more than four letters within another word, half the trigrams are there, and so `%>` finds them. What stands within is looked for
// first: that costs less to compare.
const matchSql = (column: Folded, text: string, place: number): Prisma.Sql => {
  const folded = Prisma.raw(`h.${column}`);
  const isLike = Prisma.sql`${folded} %> ${word(place)}`;
  return mayStandWithin(text) && text.length <= 4
    ? Prisma.sql`(${folded} like '%' || ${word(place)} || '%' or ${isLike})`
    : isLike;
};

/** How much a word is like one of a name: 1 where it stands there, 0.8 at least where it stands within another. */
const likenessSql = (column: Folded, text: string, place: number): Prisma.Sql => {
  const folded = Prisma.raw(column);
  const likeness = Prisma.sql`coalesce(word_similarity(${word(place)}, ${folded}), 0)`;
  return mayStandWithin(text)
    ? Prisma.sql`greatest(${likeness}, case when position(${word(place)} in ${folded}) > 0 then 0.8 else 0 end)`
    : likeness;
};

// Each word must be like one in the name or in the short name, or a part of it. A single word asks the index for the two apart: an
// «or» would compare each row twice.
const matchesSql = (words: readonly string[]): Prisma.Sql[] => {
  const byName = words.map((text, place) => matchSql('name_folded', text, place));
  const byShortName = words.map((text, place) => matchSql('short_name_folded', text, place));
  return words.length === 1
    ? [...byName, ...byShortName]
    : [
        Prisma.join(
          byName.map((name, place) => Prisma.sql`(${name} or ${byShortName[place]})`),
          ' and ',
        ),
      ];
};

// Names repeat, and comparing is what costs: each name is scored once. 1000 for words that are all there, 800 for those within longer
// ones, 100 for a name that has no others, 100 more for the very name. What is far from the best is noise: «for» beside «Førde».
const namesSql = (search: SearchAt, { words }: SearchTerms): Prisma.Sql => {
  const whole = Prisma.raw('(select whole from asked)');
  const byName = words.map((text, place) => likenessSql('name_folded', text, place));
  const byShortName = words.map((text, place) => likenessSql('short_name_folded', text, place));
  return Prisma.sql`
    hit as materialized (
      ${Prisma.join(
        matchesSql(words).map(
          (matches) => Prisma.sql`
      select h.id, h.resh_id, h.valid_to, h.name_sort_key, h.name_folded, h.short_name_folded
      from ${keyOfSearch(search)}
      cross join unit_version h
      where ${matches}
        and ${known('h')}
        and h.valid_from <= key.day`,
        ),
        '\n      union all',
      )}
    ),
    scored as materialized (
      select
        name_folded,
        short_name_folded,
        round(
          1000 * (${total(byName.map((name, place) => Prisma.sql`greatest(${name}, ${byShortName[place]})`))}) / ${Prisma.raw(String(words.length))}
          + 100 * greatest(similarity(${whole}, name_folded), similarity(${whole}, short_name_folded))
          + case when ${whole} in (name_folded, short_name_folded) then 100 else 0 end
        )::integer as score,
        ${total(byShortName)} > ${total(byName)} as by_short_name
      from (select distinct name_folded, short_name_folded from hit) as name
    ),
    named as (
      select hit.id, hit.resh_id, hit.valid_to, hit.name_sort_key, scored.score, scored.by_short_name
      from hit
      join scored
        on scored.name_folded = hit.name_folded
        and scored.short_name_folded is not distinct from hit.short_name_folded
      where scored.score >= 0.6 * (select max(score) from scored)
    ),`;
};

// One row of `unit_version` by its key, also where the planner believes in reading them all.
const currentOf = (reshId: string): Prisma.Sql => Prisma.sql`
      cross join lateral (
        select v.id, v.name_sort_key
        from unit_version v
        where v.resh_id = ${Prisma.raw(reshId)}
          and ${known('v')}
          and ${valid('v')}
        offset 0
      ) v`;

const byNameSql = (search: SearchAt): Prisma.Sql => Prisma.sql`
      select
        named.resh_id,
        named.id as version_id,
        named.name_sort_key,
        named.score,
        case when named.by_short_name then 'SHORT_NAME' else 'NAME' end as kind,
        named.id as matched_id,
        null::text as matched_text
      from ${keyOfSearch(search)}
      cross join named
      where (named.valid_to is null or named.valid_to > key.day)
      union all
      select
        named.resh_id,
        v.id,
        v.name_sort_key,
        named.score - 150,
        case when named.by_short_name then 'FORMER_SHORT_NAME' else 'FORMER_NAME' end,
        named.id,
        null
      from ${keyOfSearch(search)}
      cross join named
      ${currentOf('named.resh_id')}
      where named.valid_to <= key.day
      union all`;

// Above all that names can score.
const byIdSql = (search: SearchAt, { reshId, organizationNumber, identifier }: SearchTerms): Prisma.Sql => Prisma.sql`
      select v.resh_id, v.id, v.name_sort_key, 10003, 'RESH_ID', v.id, v.resh_id::text
      from ${keyOfSearch(search)}
      cross join unit_version v
      where v.resh_id = ${reshId}::integer
        and ${known('v')}
        and ${valid('v')}
      union all
      select v.resh_id, v.id, v.name_sort_key, 10002, 'ORGANIZATION_NUMBER', v.id, v.organization_number
      from ${keyOfSearch(search)}
      cross join unit_version v
      where v.organization_number = ${organizationNumber}::text
        and ${known('v')}
        and ${valid('v')}
      union all
      select unit_identifier.resh_id, v.id, v.name_sort_key, 10001, 'IDENTIFIER', v.id, unit_identifier.value
      from ${keyOfSearch(search)}
      cross join unit_identifier
      ${currentOf('unit_identifier.resh_id')}
      where unit_identifier.value = ${identifier}
        and ${known('unit_identifier')}
        and ${valid('unit_identifier')}`;

const filteredSql = (search: SearchAt): Prisma.Sql =>
  search.filter === undefined && search.within === undefined
    ? nothing
    : Prisma.sql`
      cross join lateral (
        select v.id
        from ${keyOfSearch(search)}
        ${filterSource(search.filter)}
        cross join unit_version v
        where v.id = best.version_id
          ${search.within === undefined ? nothing : Prisma.sql`and ${search.within} = any(v.path)`}
          ${filterSql(search.filter)}
        offset 0
      ) kept`;

const foundByText = (search: SearchAt, text: SearchTerms): Prisma.Sql => Prisma.sql`
    ${askedSql(text)},
    ${text.words.length > 0 ? namesSql(search, text) : nothing}
    candidate (resh_id, version_id, name_sort_key, score, kind, matched_id, matched_text) as (
      ${text.words.length > 0 ? byNameSql(search) : nothing}
      ${byIdSql(search, text)}
    ),
    best as (
      select distinct on (resh_id) *
      from candidate
      order by resh_id, score desc, matched_id desc
    ),
    found as (
      select best.*
      from best
      ${filteredSql(search)}
    )`;

const beneathSql = (search: SearchAt): Prisma.Sql =>
  search.within === undefined
    ? nothing
    : Prisma.sql`
      join unit_version top on top.resh_id = ${search.within}::integer
        and ${known('top')}
        and ${valid('top')}
        and v.path_text >= top.path_text
        and v.path_text < top.path_text || ':'`;

const foundWithoutText = (search: SearchAt): Prisma.Sql => Prisma.sql`
    found as (
      select
        v.resh_id,
        v.id as version_id,
        v.name_sort_key,
        0 as score,
        null::text as kind,
        null::bigint as matched_id,
        null::text as matched_text
      from ${keyOfSearch(search)}
      cross join unit_version v
      ${beneathSql(search)}
      ${filterSource(search.filter)}
      where ${known('v')}
        and ${valid('v')}
        ${filterSql(search.filter)}
    )`;

/**
 * What a search finds, as common table expressions that end with `found`: a row for each unit valid on the day, with the version
 * that shows it, its score (the greater the better), and what hit.
 */
export const foundSql = (search: SearchAt): Prisma.Sql =>
  search.terms ? foundByText(search, search.terms) : foundWithoutText(search);
