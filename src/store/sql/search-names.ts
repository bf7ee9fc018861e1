import {
  findReach,
  listSpellings,
  searchPoints,
  type MatchReach,
  type SearchTerms,
} from '../../domain/text/search-terms.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import { Prisma } from '../../generated/prisma/client.js';
import { knownAtKeyRevision, snapshotKeySql, validOnKeyDay } from './temporal-conditions.ts';

const { whole, start, part, asTyped, otherSpelling, equal, prefix, coverage, former, site } = searchPoints;

/** Kinds of names in the order in which they are shown where several match as well. */
export const nameRanks = { NAME: 1, SHORT_NAME: 2, INTERNATIONAL_NAME: 3, TREATMENT_SITE: 4 } as const;

/** Returns a common table expression with the folded search text and its folded words, in each spelling. */
export function termsSql({ identifier, words }: SearchTerms): Prisma.Sql {
  const spellings = words.flatMap((word, index) =>
    listSpellings(word).map((spelling, choice) => ({ spelling, suffix: Prisma.raw(`${index}_${choice}`) })),
  );
  const typedTexts = spellings.map(({ spelling, suffix }) => Prisma.sql`${spelling}::text as text_${suffix}`);
  const foldedTexts = spellings.map(
    ({ suffix }) => Prisma.sql`
        fold_text(text_${suffix}) as word_${suffix},
        ${escapedSql(`fold_text(text_${suffix.sql})`)} as pattern_${suffix},
        ${Prisma.raw(lowerExpression(`text_${suffix.sql}`))} as typed_${suffix}`,
  );
  const wholes = listSpellings(identifier).map(
    (spelling, choice) => Prisma.sql`fold_text(${spelling}) as ${Prisma.raw(`whole_${choice}`)}`,
  );
  return Prisma.sql`
    term as materialized (
      select ${Prisma.join([...wholes, ...foldedTexts])}
      ${typedTexts.length > 0 ? Prisma.sql`from (select ${Prisma.join(typedTexts)}) as typed` : Prisma.sql``}
    )`;
}

/** Returns SQL for a text as a regular expression that matches nothing else. */
function escapedSql(text: string): Prisma.Sql {
  return Prisma.raw(String.raw`regexp_replace(${text}, '[!-/:-@[-\x60{-~]', '\\\&', 'g')`);
}

/** Returns SQL for a text in lower case. A database with the collation "C" lowers ASCII letters only. */
export function lowerExpression(text: string): string {
  return `translate(lower(${text}), 'ÆØÅ', 'æøå')`;
}

/**
 * Returns a common table expression `exact_name`: a row for each name that has all words, with its score, as it is and
 * as it is folded. A name is that of a version of a unit or its short name, one in another language, or that of the
 * treatment site that a unit has on the day.
 */
export function exactNamesSql(snapshot: Snapshot, { identifier, words }: SearchTerms): Prisma.Sql {
  const key = snapshotKeySql(snapshot);
  const fromVersions = (rank: number, column: string): Prisma.Sql => Prisma.sql`
      select
        ${rank}::integer, h.id, h.resh_id, h.valid_to, h.name_sort_key,
        ${Prisma.raw(`h.${column}, h.${column}_folded`)}
      from ${key}
      cross join unit_version h
      where ${matchesSql(words, `h.${column}`, `h.${column}_folded`)}
        and ${knownAtKeyRevision('h')}
        and h.valid_from <= key.day`;
  return Prisma.sql`
    name_with_words (rank, id, resh_id, valid_to, name_sort_key, name, folded) as (
      ${fromVersions(nameRanks.NAME, 'name')}
      union all
      ${fromVersions(nameRanks.SHORT_NAME, 'short_name')}
      union all
      select ${nameRanks.INTERNATIONAL_NAME}::integer, n.id, n.resh_id, n.valid_to, null, n.name, fold_text(n.name)
      from ${key}
      cross join unit_name n
      where ${matchesSql(words, 'n.name', 'fold_text(n.name)')}
        and ${knownAtKeyRevision('n')}
        and n.valid_from <= key.day
      union all
      select
        ${nameRanks.TREATMENT_SITE}::integer, s.id, h.resh_id, h.valid_to, h.name_sort_key, s.name, fold_text(s.name)
      from ${key}
      cross join treatment_site_version s
      join unit_version h on h.treatment_site_number = s.organization_number
      where ${matchesSql(words, 's.name', 'fold_text(s.name)')}
        and ${knownAtKeyRevision('s')}
        and (s.valid_from is null or s.valid_from <= key.day)
        and (s.valid_to is null or s.valid_to > key.day)
        and ${knownAtKeyRevision('h')}
        and ${validOnKeyDay('h')}
    ),
    exact_name as materialized (
      select rank, id, resh_id, valid_to, name_sort_key, name, ${scoreSql(identifier, words)} as score
      from name_with_words
    )`;
}

/** Returns the points that a name loses if the unit had it before. */
export const formerPenaltySql = Prisma.raw(String(former));

/** A spelling of a word of a search. */
interface WordSpelling {
  readonly word: Prisma.Sql;
  readonly typed: Prisma.Sql;
  /** Regular expressions for the word at the start of a word, and as a whole one */
  readonly startPattern: Prisma.Sql;
  readonly wholePattern: Prisma.Sql;
  readonly reach: MatchReach;
  readonly isTyped: boolean;
}

function listWordSpellings(text: string, index: number): WordSpelling[] {
  return listSpellings(text).map((spelling, choice) => {
    const columnSql = (name: string): string => `(select ${name}_${index}_${choice} from term)`;
    return {
      word: Prisma.raw(columnSql('word')),
      typed: Prisma.raw(columnSql('typed')),
      startPattern: Prisma.raw(`('(^|[^a-z0-9])' || ${columnSql('pattern')})`),
      wholePattern: Prisma.raw(`('(^|[^a-z0-9])' || ${columnSql('pattern')} || '($|[^a-z0-9])')`),
      reach: findReach(spelling),
      isTyped: choice === 0,
    };
  });
}

/** Returns the condition that a name has all words. */
function matchesSql(words: readonly string[], name: string, folded: string): Prisma.Sql {
  const conditions = words.map((text, index) => {
    const spellings = listWordSpellings(text, index).map((spelling) => matchSql(spelling, name, folded));
    return Prisma.sql`(${Prisma.join(spellings, ' or ')})`;
  });
  return Prisma.join(conditions, '\n        and ');
}

// `%>` with the column on its left and `like` can use the trigram index, unlike patterns for one or two letters. A name
// has another spelling only with its accents: "aas" is "ås", and not "as".
function matchSql(spelling: WordSpelling, nameColumn: string, foldedColumn: string): Prisma.Sql {
  const folded = Prisma.raw(foldedColumn);
  const { word, startPattern, wholePattern, reach, isTyped } = spelling;
  const hasWord =
    reach === 'PART'
      ? Prisma.sql`${folded} like '%' || ${word} || '%'`
      : Prisma.sql`${folded} %> ${word} and ${folded} ~ ${reach === 'START' ? startPattern : wholePattern}`;
  return isTyped ? hasWord : Prisma.sql`${hasWord} and ${hasSpellingSql(spelling, nameColumn, foldedColumn)}`;
}

// Folding a name of ASCII characters makes it lower case, and nothing else.
function hasSpellingSql({ typed }: WordSpelling, name: string, folded: string): Prisma.Sql {
  const isAscii = `octet_length(${name}) = char_length(${name})`;
  const lowered = `case when ${isAscii} then ${folded} else ${lowerExpression(name)} end`;
  return Prisma.sql`position(${typed} in ${Prisma.raw(lowered)}) > 0`;
}

function scoreSql(identifier: string, words: readonly string[]): Prisma.Sql {
  const wholes = listSpellings(identifier).map((_spelling, choice) => `(select whole_${choice} from term)`);
  const isStart = wholes.map((spelling) => Prisma.raw(`starts_with(folded, ${spelling})`));
  const points = words.map((text, index) => {
    const spellings = listWordSpellings(text, index).map(pointsSql);
    return spellings.length === 1 ? spellings[0] : Prisma.sql`greatest(${Prisma.join(spellings)})`;
  });
  const lengths = words.map((_word, index) => Prisma.raw(`(select char_length(word_${index}_0) from term)`));
  return Prisma.sql`
        10 * (${Prisma.join(points, ' + ')}) / ${Prisma.raw(String(words.length))}
        + least(
          ${coverage}::integer,
          ${coverage}::integer * (${Prisma.join(lengths, ' + ')}) / greatest(char_length(folded), 1)
        )
        + case
          when folded in (${Prisma.raw(wholes.join(', '))}) then ${equal}::integer
          when ${Prisma.join(isStart, ' or ')} then ${prefix}::integer
          else 0
        end
        - case when rank = ${nameRanks.TREATMENT_SITE}::integer then ${site}::integer else 0 end`;
}

function pointsSql(spelling: WordSpelling): Prisma.Sql {
  const { word, startPattern, wholePattern, reach, isTyped } = spelling;
  const placed = Prisma.sql`
          case
            when folded ~ ${wholePattern} then ${whole}::integer
            ${reach === 'WORD' ? Prisma.sql`` : Prisma.sql`when folded ~ ${startPattern} then ${start}::integer`}
            ${reach === 'PART' ? Prisma.sql`when position(${word} in folded) > 0 then ${part}::integer` : Prisma.sql``}
            else 0
          end`;
  return isTyped
    ? Prisma.sql`${placed}
          + case when ${hasSpellingSql(spelling, 'name', 'folded')} then ${asTyped}::integer else 0 end`
    : Prisma.sql`
          case when ${hasSpellingSql(spelling, 'name', 'folded')}
            then ${placed} + ${otherSpelling}::integer
            else 0
          end`;
}
