import {
  findLeastSimilarity,
  findReach,
  listSpellings,
  SEPARATORS,
  type MatchReach,
  type SearchTerms,
} from '../../domain/text/search-terms.ts';
import { Prisma } from '../../generated/prisma/client.js';
import { knownAtKeyRevision } from '../sql/temporal-conditions.ts';
import { searchPoints } from './search-points.ts';
import {
  CLOSED_PENALTY,
  lowerExpression,
  shownVersionSql,
  snapshotKeySql,
  type SearchAtSnapshot,
} from './search-query.ts';

/** Which words match: those that the text has, or also those that are similar to a word of the text. */
type Tier = 'exact' | 'similar';

const emptySql = Prisma.sql``;
const { whole, start, part, asTyped, otherSpelling, similar, former, above, equal, coverage } = searchPoints;

/** Returns a common table expression with the folded search text and each spelling of its words, folded and as typed. */
export function termsSql({ identifier, words }: SearchTerms): Prisma.Sql {
  const spellings = words.flatMap((word, index) =>
    listSpellings(word).map((spelling, choice) => ({ spelling, name: Prisma.raw(`${index}_${choice}`) })),
  );
  const typedTexts = Prisma.join([
    Prisma.sql`${identifier}::text as whole`,
    ...spellings.map(({ spelling, name }) => Prisma.sql`${spelling}::text as text_${name}`),
  ]);
  const foldedTexts = Prisma.join([
    Prisma.sql`fold_text(whole) as whole`,
    ...spellings.map(
      ({ name }) =>
        Prisma.sql`fold_text(text_${name}) as folded_${name}, ${Prisma.raw(lowerExpression(`text_${name.sql}`))} as typed_${name}`,
    ),
  ]);
  return Prisma.sql`
    term as materialized (
      select ${foldedTexts}
      from (select ${typedTexts}) as typed
    )`;
}

/**
 * Returns common table expressions that end with `<tier>_name_match`: the units that have all words in their names or
 * in names of units above them, and at least one in a name of their own.
 */
export function nameMatchesSql(tier: Tier, search: SearchAtSnapshot, words: readonly string[]): Prisma.Sql {
  const prefix = Prisma.raw(tier);
  const wordCount = Prisma.raw(String(words.length));
  const textLength = Prisma.join(
    words.map((_word, index) => Prisma.raw(`(select char_length(folded_${index}_0) from term)`)),
    ' + ',
  );
  const perWordSql = (toSql: (index: number) => string): Prisma.Sql =>
    Prisma.raw(words.map((_word, index) => toSql(index)).join(', '));
  const sumSql = (toSql: (index: number) => string): Prisma.Sql =>
    Prisma.raw(words.map((_word, index) => toSql(index)).join(' + '));
  return Prisma.sql`
    ${prefix}_hit (word, rank, id, resh_id, valid_to, name, folded, points) as materialized (
      ${Prisma.join(
        words.flatMap((word, index) => listHits(tier, search, word, index)),
        '\n      union all',
      )}
    ),
    -- a word in a name, with the version in which its unit is shown
    ${prefix}_placed as materialized (
      select
        hit.word, hit.rank, hit.id, hit.resh_id, hit.name, hit.folded, hit.points,
        shown.version_id, shown.name_sort_key, shown.path, shown.is_closed,
        case
          when hit.valid_to <= key.day and hit.valid_to is distinct from shown.valid_to then ${former}::integer
          else 0
        end as former
      from ${snapshotKeySql(search)}
      cross join ${prefix}_hit hit
      ${shownVersionSql('hit.resh_id')}
    ),
    ${prefix}_name as (
      select
        resh_id, version_id, name_sort_key, path, is_closed, rank, id, name, former,
        ${perWordSql((index) => `coalesce(max(points) filter (where word = ${index}), 0) as points_${index}`)},
        case
          when rank = ${nameRanks.TREATMENT_SITE}::integer then 0
          else case when folded = (select whole from term) then ${equal}::integer else 0 end
            + least(
              ${coverage}::integer,
              ${coverage}::integer * (${textLength}) / greatest(char_length(folded), 1)
            )
            - former
        end as bonus
      from ${prefix}_placed
      where rank < ${nameRanks.TREATMENT_SITE}::integer or former = 0
      group by resh_id, version_id, name_sort_key, path, is_closed, rank, id, name, former, folded
    ),
    ${prefix}_unit as (
      select
        resh_id, version_id, name_sort_key, path, is_closed,
        ${perWordSql((index) => `max(case when points_${index} > 0 then points_${index} - former else 0 end) as points_${index}`)},
        max(bonus) as bonus,
        (array_agg(
          jsonb_build_array(name, rank, former)
          order by 10 * (${sumSql((index) => `points_${index}`)}) + bonus desc, rank + former, id desc
        ))[1] as best
      from ${prefix}_name
      group by resh_id, version_id, name_sort_key, path, is_closed
    ),
    ${prefix}_matched as (
      select
        resh_id, version_id, name_sort_key, is_closed, bonus, best,
        ${words.length === 1 ? Prisma.raw('points_0') : Prisma.join(words.map((_word, index) => pointsWithAboveSql(prefix, index)))}
      from ${prefix}_unit
    ),
    ${prefix}_name_match as (
      select
        resh_id,
        version_id,
        name_sort_key,
        is_closed,
        10 * (${sumSql((index) => `points_${index}`)}) / ${wordCount} + bonus
          - case when is_closed then ${CLOSED_PENALTY}::integer else 0 end as score,
        case
          when best ->> 2 <> '0' then 'FORMER_NAME'
          else (array['NAME', 'SHORT_NAME', 'INTERNATIONAL_NAME', 'TREATMENT_SITE'])[(best ->> 1)::integer]
        end as kind,
        best ->> 0 as matched_text
      from ${prefix}_matched
      where ${Prisma.raw(words.map((_word, index) => `points_${index} > 0`).join(' and '))}
    )`;
}

/** Kinds of names in the order in which they are shown where several match as well. */
const nameRanks = { NAME: 1, SHORT_NAME: 2, INTERNATIONAL_NAME: 3, TREATMENT_SITE: 4 } as const;

// The condition is no join: the planner has no idea how many names have a word, and would compare each with all others.
function pointsWithAboveSql(prefix: Prisma.Sql, index: number): Prisma.Sql {
  const points = Prisma.raw(`points_${index}`);
  return Prisma.sql`
        greatest(${points}, case
          when (
            select bool_or(ancestor.resh_id in (
              select placed.resh_id
              from ${prefix}_placed placed
              where placed.word = ${index}::integer
                and placed.former = 0
                and placed.rank < ${nameRanks.TREATMENT_SITE}::integer
            ))
            from unnest(path) as ancestor (resh_id)
            where ancestor.resh_id <> ${prefix}_unit.resh_id
          ) then ${above}::integer
          else 0
        end) as ${points}`;
}

/** Returns queries for the names that have a word, one for each spelling and kind of name. */
function listHits(tier: Tier, search: SearchAtSnapshot, word: string, index: number): Prisma.Sql[] {
  const typed: WordSpelling[] = listSpellings(word).map((spelling, choice) => ({
    word: index,
    folded: Prisma.raw(`(select folded_${index}_${choice} from term)`),
    typed: Prisma.raw(`(select typed_${index}_${choice} from term)`),
    nearness: choice === 0 ? asTyped : otherSpelling,
    reach: findReach(spelling),
  }));
  const leastSimilarity = findLeastSimilarity(word);
  const spellings =
    tier === 'exact' || leastSimilarity === undefined
      ? typed
      : [...typed, ...typed.slice(0, 1).map((spelling) => ({ ...spelling, reach: leastSimilarity }))];
  return spellings.flatMap((spelling) =>
    sources.map((source) => source(search, spelling, tier === 'exact' ? emptySql : onlyWithoutExactSql)),
  );
}

const onlyWithoutExactSql = Prisma.sql`and not exists (select 1 from exact_match)`;

/** A spelling of a word of a search. */
interface WordSpelling {
  /** Index of the word */
  readonly word: number;
  readonly folded: Prisma.Sql;
  readonly typed: Prisma.Sql;
  /** Points for a name that has the spelling with its accents */
  readonly nearness: number;
  /** Where the word has to stand, or the least similarity that it has to have */
  readonly reach: MatchReach | number;
}

type HitSource = (search: SearchAtSnapshot, spelling: WordSpelling, condition: Prisma.Sql) => Prisma.Sql;

const sources: readonly HitSource[] = [
  (search, spelling, condition) => versionHitsSql(search, spelling, condition, 'NAME', 'name'),
  (search, spelling, condition) => versionHitsSql(search, spelling, condition, 'SHORT_NAME', 'short_name'),
  (search, spelling, condition) => Prisma.sql`
      select
        ${spelling.word}::integer, ${nameRanks.INTERNATIONAL_NAME}::integer, n.id, n.resh_id, n.valid_to, n.name,
        fold_text(n.name), ${pointsSql(spelling, 'n.name', 'fold_text(n.name)')}
      from ${snapshotKeySql(search)}
      cross join unit_name n
      where ${matchSql(spelling, 'fold_text(n.name)')}
        and ${knownAtKeyRevision('n')}
        and n.valid_from <= key.day
        ${condition}`,
  (search, spelling, condition) => Prisma.sql`
      select
        ${spelling.word}::integer, ${nameRanks.TREATMENT_SITE}::integer, s.id, h.resh_id, h.valid_to, s.name,
        fold_text(s.name), ${pointsSql(spelling, 's.name', 'fold_text(s.name)')}
      from ${snapshotKeySql(search)}
      cross join treatment_site_version s
      join unit_version h on h.treatment_site_number = s.organization_number
      where ${matchSql(spelling, 'fold_text(s.name)')}
        and ${knownAtKeyRevision('s')}
        and (s.valid_from is null or s.valid_from <= key.day)
        and (s.valid_to is null or s.valid_to > key.day)
        and ${knownAtKeyRevision('h')}
        and h.valid_from <= key.day
        ${condition}`,
];

function versionHitsSql(
  search: SearchAtSnapshot,
  spelling: WordSpelling,
  condition: Prisma.Sql,
  kind: 'NAME' | 'SHORT_NAME',
  column: string,
): Prisma.Sql {
  const [name, folded] = [`h.${column}`, `h.${column}_folded`];
  return Prisma.sql`
      select
        ${spelling.word}::integer, ${nameRanks[kind]}::integer, h.id, h.resh_id, h.valid_to, ${Prisma.raw(name)},
        ${Prisma.raw(folded)}, ${pointsSql(spelling, name, folded)}
      from ${snapshotKeySql(search)}
      cross join unit_version h
      where ${matchSql(spelling, folded)}
        and ${knownAtKeyRevision('h')}
        and h.valid_from <= key.day
        ${condition}`;
}

// `%>` with the column on its left and `like` can use the trigram index, except for parts of one or two characters.
function matchSql({ reach, folded: word }: WordSpelling, column: string): Prisma.Sql {
  const folded = Prisma.raw(column);
  if (reach === 'PART') return Prisma.sql`${folded} like '%' || ${word} || '%'`;
  if (reach === 'START') return Prisma.sql`${folded} %> ${word} and ${paddedSql(column)} like '% ' || ${word} || '%'`;
  if (reach === 'WORD') return Prisma.sql`${folded} %> ${word} and ${paddedSql(column)} like '% ' || ${word} || ' %'`;
  return Prisma.sql`${folded} %> ${word} and word_similarity(${word}, ${folded}) >= ${reach}::float8`;
}

function pointsSql({ reach, folded, typed, nearness }: WordSpelling, column: string, foldedColumn: string): Prisma.Sql {
  if (typeof reach === 'number')
    return Prisma.sql`round(${similar}::integer * word_similarity(${folded}, ${Prisma.raw(foldedColumn)}))::integer`;
  return Prisma.sql`
        case
          when ${paddedSql(foldedColumn)} like '% ' || ${folded} || ' %' then ${whole}::integer
          when ${paddedSql(foldedColumn)} like '% ' || ${folded} || '%' then ${start}::integer
          else ${part}::integer
        end
        + case
          when position(${typed} in ${Prisma.raw(lowerExpression(column))}) > 0 then ${nearness}::integer
          else 0
        end`;
}

/** Returns a folded text with a space in place of each separator, and one before and after it. */
function paddedSql(column: string): Prisma.Sql {
  return Prisma.sql`(' ' || translate(${Prisma.raw(column)}, ${SEPARATORS}, ${' '.repeat(SEPARATORS.length)}) || ' ')`;
}
