import { isSimilarToParts, matchesParts, type SearchTerms } from '../../domain/text/search-terms.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { UnitFilter } from '../../domain/unit/filter.ts';
import { Prisma } from '../../generated/prisma/client.js';
import { knownAtKeyRevision, snapshotKeySql, validOnKeyDay } from '../sql/temporal-conditions.ts';
import { filterCodesJoinSql, filterConditionsSql } from '../sql/unit-filter.ts';

/** A search with its filters. */
export interface SearchQuery {
  /** Absent to find all units that match the filters */
  readonly terms: SearchTerms | undefined;
  readonly filter: UnitFilter | undefined;
  /** RESH-id of a unit: limits the search to its subtree */
  readonly within: number | undefined;
}

/** A search at a snapshot of the register. */
export type SearchAtSnapshot = SearchQuery & Snapshot;

const emptySql = Prisma.sql``;

type FoldedColumn = 'name_folded' | 'short_name_folded';

/**
 * Returns common table expressions that end with `found`: a row for each unit that a search finds, with the version to
 * show, its score (greater is better) and the value that matched.
 */
export function searchMatchesSql(search: SearchAtSnapshot): Prisma.Sql {
  return search.terms ? matchesByTextSql(search, search.terms) : matchesWithoutTextSql(search);
}

function matchesByTextSql(search: SearchAtSnapshot, text: SearchTerms): Prisma.Sql {
  return Prisma.sql`
    ${foldedTermsSql(text)},
    ${text.words.length > 0 ? nameHitsSql(search, text) : emptySql}
    candidate (resh_id, version_id, name_sort_key, score, kind, matched_id, matched_text) as (
      ${text.words.length > 0 ? nameCandidatesSql(search) : emptySql}
      ${idCandidatesSql(search, text)}
    ),
    best as (
      select distinct on (resh_id) *
      from candidate
      order by resh_id, score desc, matched_id desc
    ),
    found as (
      select best.*
      from best
      ${hitFilterSql(search)}
    )`;
}

function foldedTermsSql({ identifier, words }: SearchTerms): Prisma.Sql {
  const foldedWords = words.map((text, index) => Prisma.sql`fold_text(${text}) as ${Prisma.raw(`word_${index}`)}`);
  return Prisma.sql`
    term as materialized (
      select ${Prisma.join([Prisma.sql`fold_text(${identifier}) as whole`, ...foldedWords])}
    )`;
}

// Comparison is the most expensive step and names repeat, so each name is scored once: up to 1000 for having all words
// (800 if they are parts of longer words), up to 100 for having no other words, and 100 for being equal to the search
// text. Names that score far below the best one are left out: a search for "Førde" also matches "for".
function nameHitsSql(search: SearchAtSnapshot, { words }: SearchTerms): Prisma.Sql {
  const whole = Prisma.raw('(select whole from term)');
  const byName = words.map((text, index) => similaritySql('name_folded', text, index));
  const byShortName = words.map((text, index) => similaritySql('short_name_folded', text, index));
  const bestByWord = byName.map((name, index) => Prisma.sql`greatest(${name}, ${byShortName[index]})`);
  return Prisma.sql`
    hit as materialized (
      ${Prisma.join(
        matchConditions(words).map(
          (matches) => Prisma.sql`
      select h.id, h.resh_id, h.valid_to, h.name_sort_key, h.name_folded, h.short_name_folded
      from ${snapshotKeySql(search)}
      cross join unit_version h
      where ${matches}
        and ${knownAtKeyRevision('h')}
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
          1000 * (${sumSql(bestByWord)}) / ${Prisma.raw(String(words.length))}
          + 100 * greatest(similarity(${whole}, name_folded), similarity(${whole}, short_name_folded))
          + case when ${whole} in (name_folded, short_name_folded) then 100 else 0 end
        )::integer as score,
        ${sumSql(byShortName)} > ${sumSql(byName)} as by_short_name
      from (select distinct name_folded, short_name_folded from hit) as name
    ),
    named as (
      select hit.id, hit.resh_id, hit.valid_to, hit.name_sort_key, scored.score, scored.by_short_name
      from hit
      join scored on scored.name_folded = hit.name_folded
        and scored.short_name_folded is not distinct from hit.short_name_folded
      where scored.score >= 0.6 * (select max(score) from scored)
    ),`;
}

/**
 * Returns SQL for the similarity of a word to a name: 1 if the name has the word, at least 0.8 if it is part of one.
 */
function similaritySql(column: FoldedColumn, text: string, index: number): Prisma.Sql {
  const folded = Prisma.raw(column);
  const similarity = Prisma.sql`coalesce(word_similarity(${wordSql(index)}, ${folded}), 0)`;
  return isSimilarToParts(text)
    ? Prisma.sql`greatest(${similarity}, case when position(${wordSql(index)} in ${folded}) > 0 then 0.8 else 0 end)`
    : similarity;
}

// The word is folded once for the whole statement. `%>` with the column on its left can use the trigram index.
function wordSql(index: number): Prisma.Sql {
  return Prisma.raw(`(select word_${index} from term)`);
}

// Each word must be similar to a word of the name or of the short name, or be part of one. A single word uses one query
// for each of the two names, because an "or" would compare each row twice.
function matchConditions(words: readonly string[]): Prisma.Sql[] {
  const byName = words.map((text, index) => matchSql('name_folded', text, index));
  const byShortName = words.map((text, index) => matchSql('short_name_folded', text, index));
  return words.length === 1
    ? [...byName, ...byShortName]
    : [
        Prisma.join(
          byName.map((name, index) => Prisma.sql`(${name} or ${byShortName[index]})`),
          ' and ',
        ),
      ];
}

// `%>` also finds parts of words that have more than four letters: they share half their trigrams with the word. For
// shorter parts, the cheaper `like` is tested first.
function matchSql(column: FoldedColumn, text: string, index: number): Prisma.Sql {
  const folded = Prisma.raw(`h.${column}`);
  const isSimilar = Prisma.sql`${folded} %> ${wordSql(index)}`;
  return matchesParts(text) ? Prisma.sql`(${folded} like '%' || ${wordSql(index)} || '%' or ${isSimilar})` : isSimilar;
}

function sumSql(parts: Prisma.Sql[]): Prisma.Sql {
  return Prisma.join(parts, ' + ');
}

function nameCandidatesSql(search: SearchAtSnapshot): Prisma.Sql {
  return Prisma.sql`
      select
        named.resh_id,
        named.id as version_id,
        named.name_sort_key,
        named.score,
        case when named.by_short_name then 'SHORT_NAME' else 'NAME' end as kind,
        named.id as matched_id,
        null::text as matched_text
      from ${snapshotKeySql(search)}
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
      from ${snapshotKeySql(search)}
      cross join named
      ${versionAtSnapshotSql('named.resh_id')}
      where named.valid_to <= key.day
      union all`;
}

// `offset 0` makes PostgreSQL look up one row by its key, even if the planner would rather scan the table.
function versionAtSnapshotSql(reshId: string): Prisma.Sql {
  return Prisma.sql`
      cross join lateral (
        select v.id, v.name_sort_key
        from unit_version v
        where v.resh_id = ${Prisma.raw(reshId)}
          and ${knownAtKeyRevision('v')}
          and ${validOnKeyDay('v')}
        offset 0
      ) v`;
}

// The scores are greater than any score of a name.
function idCandidatesSql(
  search: SearchAtSnapshot,
  { reshId, organizationNumber, identifier }: SearchTerms,
): Prisma.Sql {
  return Prisma.sql`
      select v.resh_id, v.id, v.name_sort_key, 10003, 'RESH_ID', v.id, v.resh_id::text
      from ${snapshotKeySql(search)}
      cross join unit_version v
      where v.resh_id = ${reshId}::integer
        and ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
      union all
      select v.resh_id, v.id, v.name_sort_key, 10002, 'ORGANIZATION_NUMBER', v.id, v.organization_number
      from ${snapshotKeySql(search)}
      cross join unit_version v
      where v.organization_number = ${organizationNumber}::text
        and ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
      union all
      select unit_identifier.resh_id, v.id, v.name_sort_key, 10001, 'IDENTIFIER', v.id, unit_identifier.value
      from ${snapshotKeySql(search)}
      cross join unit_identifier
      ${versionAtSnapshotSql('unit_identifier.resh_id')}
      where unit_identifier.value = ${identifier}
        and ${knownAtKeyRevision('unit_identifier')}
        and ${validOnKeyDay('unit_identifier')}`;
}

function hitFilterSql(search: SearchAtSnapshot): Prisma.Sql {
  return search.filter === undefined && search.within === undefined
    ? emptySql
    : Prisma.sql`
      cross join lateral (
        select v.id
        from ${snapshotKeySql(search)}
        ${filterCodesJoinSql(search.filter)}
        cross join unit_version v
        where v.id = best.version_id
          ${search.within === undefined ? emptySql : Prisma.sql`and ${search.within} = any(v.path)`}
          ${filterConditionsSql(search.filter)}
        offset 0
      ) passed`;
}

function matchesWithoutTextSql(search: SearchAtSnapshot): Prisma.Sql {
  return Prisma.sql`
    found as (
      select
        v.resh_id,
        v.id as version_id,
        v.name_sort_key,
        0 as score,
        null::text as kind,
        null::bigint as matched_id,
        null::text as matched_text
      from ${snapshotKeySql(search)}
      cross join unit_version v
      ${subtreeJoinSql(search.within)}
      ${filterCodesJoinSql(search.filter)}
      where ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
        ${filterConditionsSql(search.filter)}
    )`;
}

/** Returns a join that limits the rows `v` of `unit_version` to the subtree of a unit, if there is one. */
export function subtreeJoinSql(within: number | undefined): Prisma.Sql {
  return within === undefined
    ? emptySql
    : Prisma.sql`
      join unit_version top on top.resh_id = ${within}::integer
        and ${knownAtKeyRevision('top')}
        and ${validOnKeyDay('top')}
        and v.path_text >= top.path_text
        and v.path_text < top.path_text || ':'`;
}
