import {
  findLeastSimilarity,
  isSimilarToParts,
  matchesParts,
  type SearchTerms,
} from '../../domain/text/search-terms.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import { Prisma } from '../../generated/prisma/client.js';
import { knownAtKeyRevision, snapshotKeySql } from './temporal-conditions.ts';

type FoldedColumn = 'name_folded' | 'short_name_folded';

/**
 * Returns common table expressions that end with `similar_name`: a row for each version of a unit whose name or short
 * name, together, have words similar to all words of a search, with the more similar one of the two and its score.
 *
 * @param condition without which there are no rows
 */
// Comparison is the most expensive step and names repeat, so each name is scored once: up to 1000 for having all words
// (800 if they are parts of longer words), and up to 100 for having no other words. Names that score far below the best
// one are left out: a search for "Førde" also matches "for".
export function similarNamesSql(snapshot: Snapshot, { words }: SearchTerms, condition: Prisma.Sql): Prisma.Sql {
  const whole = Prisma.raw('(select whole_0 from term)');
  const byName = words.map((text, index) => similaritySql('name_folded', text, index));
  const byShortName = words.map((text, index) => similaritySql('short_name_folded', text, index));
  const bestByWord = byName.map((name, index) => Prisma.sql`greatest(${name}, ${byShortName[index]})`);
  return Prisma.sql`
    hit as materialized (
      ${Prisma.join(
        similarConditions(words).map(
          (matches) => Prisma.sql`
      select h.id, h.resh_id, h.valid_to, h.name, h.short_name, h.name_folded, h.short_name_folded
      from ${snapshotKeySql(snapshot)}
      cross join unit_version h
      where ${matches}
        and ${knownAtKeyRevision('h')}
        and h.valid_from <= key.day
        and ${condition}`,
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
        )::integer as score,
        ${sumSql(byShortName)} > ${sumSql(byName)} as by_short_name
      from (select distinct name_folded, short_name_folded from hit) as name
    ),
    similar_name as (
      select
        hit.id, hit.resh_id, hit.valid_to, scored.score,
        case when scored.by_short_name then 'SHORT_NAME' else 'NAME' end as kind,
        case when scored.by_short_name then hit.short_name else hit.name end as name
      from hit
      join scored on scored.name_folded = hit.name_folded
        and scored.short_name_folded is not distinct from hit.short_name_folded
      where scored.score >= 0.6 * (select max(score) from scored)
    )`;
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

function wordSql(index: number): Prisma.Sql {
  return Prisma.raw(`(select word_${index}_0 from term)`);
}

// Each word must be similar to a word of the name or of the short name, or be part of one. A single word uses one query
// for each of the two names, because an "or" would compare each row twice.
function similarConditions(words: readonly string[]): Prisma.Sql[] {
  const byName = words.map((text, index) => isSimilarSql('name_folded', text, index));
  const byShortName = words.map((text, index) => isSimilarSql('short_name_folded', text, index));
  return words.length === 1
    ? [...byName, ...byShortName]
    : [
        Prisma.join(
          byName.map((name, index) => Prisma.sql`(${name} or ${byShortName[index]})`),
          ' and ',
        ),
      ];
}

// `%>` with the column on its left can use the trigram index. It also finds parts of words that have more than four
// letters: they share half their trigrams with the word. For shorter parts, the cheaper `like` is tested first.
function isSimilarSql(column: FoldedColumn, text: string, index: number): Prisma.Sql {
  const folded = Prisma.raw(`h.${column}`);
  const word = wordSql(index);
  const isSimilar = Prisma.sql`
        (${folded} %> ${word} and word_similarity(${word}, ${folded}) >= ${findLeastSimilarity(text)}::float8)`;
  return matchesParts(text) ? Prisma.sql`(${folded} like '%' || ${word} || '%' or ${isSimilar})` : isSimilar;
}

function sumSql(parts: Prisma.Sql[]): Prisma.Sql {
  return Prisma.join(parts, ' + ');
}
