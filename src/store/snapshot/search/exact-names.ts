import { searchPoints } from '../../../domain/text/search-terms.ts';
import type { Snapshot } from '../../../domain/time/snapshot.ts';
import { nameRanks } from '../../sql/search-names.ts';
import type { FoldedTerms } from './folded-terms.ts';
import { addMatch, noMatches, type UnitMatches } from './unit-matches.ts';
import { findCommon } from './places.ts';
import type { SearchIndex } from './search-index.ts';

/**
 * Finds the names of units, at a snapshot and before its day, that have all words of a search. The scores are those of
 * `exactNamesSql`.
 */
export function findExactNames(index: SearchIndex, at: Snapshot, terms: FoldedTerms): UnitMatches {
  const found = noMatches();
  if (terms.spellings.length === 0) return found;
  const [versions, names] = [index.versions.seenFrom(at), index.names.seenFrom(at)];
  const sites = index.sites.seenFrom(at);
  const addVersion = (row: number, number: number, score: number): void => {
    const time = versions(row);
    if (time !== 'past' && time !== 'present') return;
    const reshId = index.versions.reshIdOf(row);
    if (index.isName(row, number)) addMatch(found, { reshId, score, rank: nameRanks.NAME, time, row });
    if (index.isShortName(row, number)) addMatch(found, { reshId, score, rank: nameRanks.SHORT_NAME, time, row });
  };
  forEachText(index, terms, (number, score) => {
    const first = index.firstRowWithText(number);
    if (first >= 0) addVersion(first, number, score);
    for (const row of index.otherRowsWithText(number)) addVersion(row, number, score);
    for (const row of index.nameRowsWithText(number)) {
      const [time, reshId] = [names(row), index.names.reshIdOf(row)];
      if (time === 'past' || time === 'present')
        addMatch(found, { reshId, score, rank: nameRanks.INTERNATIONAL_NAME, time, row });
    }
    for (const row of index.siteRowsWithText(number)) {
      if (sites(row) !== 'present') continue;
      for (const version of index.versionsWithSite(index.siteAt(row).organizationNumber)) {
        const [time, reshId] = [versions(version), index.versions.reshIdOf(version)];
        if (time === 'present')
          addMatch(found, { reshId, score: score - searchPoints.site, rank: nameRanks.TREATMENT_SITE, time, row });
      }
    }
  });
  return found;
}

/** Visits the texts that have all words, with their scores. */
function forEachText(
  { texts, exactWords }: SearchIndex,
  { wholes, spellings }: FoldedTerms,
  visit: (number: number, score: number) => void,
): void {
  const matchesByWord = spellings.map((ofWord) => exactWords.find(ofWord));
  const { numbers, placesByList } = findCommon(matchesByWord.map((ofWord) => ofWord.numbers));
  const wordLength = spellings.reduce((sum, [typed]) => sum + countCharacters(typed?.folded ?? ''), 0);
  for (let match = 0; match < numbers.length; match += 1) {
    const number = numbers[match] as number;
    let points = 0;
    for (let word = 0; word < matchesByWord.length; word += 1)
      points += matchesByWord[word]?.points[placesByList[word]?.[match] as number] as number;
    const score = Math.floor((10 * points) / spellings.length) + countBonus(texts.textAt(number), wholes, wordLength);
    visit(number, score);
  }
}

function countBonus(text: string, wholes: readonly string[], wordLength: number): number {
  const share = Math.floor((searchPoints.coverage * wordLength) / Math.max(1, countCharacters(text)));
  let start = 0;
  for (const whole of wholes)
    if (text.startsWith(whole))
      start = Math.max(start, text.length === whole.length ? searchPoints.equal : searchPoints.prefix);
  return Math.min(searchPoints.coverage, share) + start;
}

function countCharacters(text: string): number {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text).length : text.length;
}
