import type { Snapshot } from '../../../domain/time/snapshot.ts';
import type { FoldedTerms } from './folded-terms.ts';
import { findCommon, findPlaces } from './places.ts';
import type { SearchIndex } from './search-index.ts';
import { computeSimilarity, type SearchTrigrams } from './similarity.ts';
import type { SearchWord, TextIndex, WordMatches } from './text-index.ts';
import { addMatch, noMatches, type UnitMatches } from './unit-matches.ts';

/** Greater than the rounding error of a share of a score. */
const ROUNDING_ERROR = 1e-6;

const noNumbers = new Int32Array();

/**
 * Finds the versions that a snapshot knows, none later than its day, with names that have words similar to all words of
 * a search. The scores are those of `similarNamesSql`, in the precision of SQL, at most 1100.
 */
export function findSimilarNames(index: SearchIndex, at: Snapshot, terms: FoldedTerms): UnitMatches {
  const found = noMatches();
  if (terms.words.length === 0) return found;
  const timeOf = index.versions.seenFrom(at);
  const [rows, scores]: [number[], number[]] = [[], []];
  let greatest = 0;
  const onMatch = (row: number, score: number): void => {
    const time = timeOf(row);
    if (time !== 'past' && time !== 'present') return;
    rows.push(row);
    scores.push(score);
    if (score > greatest) greatest = score;
  };
  const matchesByWord = terms.words.map((word) => index.texts.findWord(word));
  const search: NameSearch = { index, terms, matchesByWord, onMatch };
  matchTexts(search);
  matchPairs(search);
  // Names that score far below the best one are no hits.
  const leastScore = 0.6 * greatest - ROUNDING_ERROR;
  for (const [match, row] of rows.entries()) {
    const [score, time] = [scores[match] as number, timeOf(row)];
    if (score < leastScore || (time !== 'past' && time !== 'present')) continue;
    addMatch(found, { reshId: index.versions.reshIdOf(row), score, rank: 0, time, row });
  }
  return found;
}

interface NameSearch {
  readonly index: SearchIndex;
  readonly terms: FoldedTerms;
  readonly matchesByWord: readonly WordMatches[];
  readonly onMatch: (row: number, score: number) => void;
}

/** Finds the texts that match all words, and the versions that have no other name. */
function matchTexts({ index, terms: { wholes, words }, matchesByWord, onMatch }: NameSearch): void {
  const { texts } = index;
  const wholeTrigrams = texts.listTrigrams(wholes[0]);
  const { numbers, similarities, sharedCounts } = intersect(matchesByWord);
  correctSharedCounts(sharedCounts, { numbers, texts, wholeTrigrams, words });
  for (let match = 0; match < numbers.length; match += 1) {
    const number = numbers[match] as number;
    const first = index.firstRowWithText(number);
    if (first < 0 || index.isPaired(number)) continue;
    const similarity = computeSimilarity(
      sharedCounts[match] as number,
      wholeTrigrams.size,
      texts.uniqueCountOf(number),
    );
    const score = computeScore(similarities[match] as number, words.length, similarity);
    onMatch(first, score);
    for (const row of index.otherRowsWithText(number)) onMatch(row, score);
  }
}

interface SharedTrigrams {
  readonly numbers: Int32Array;
  readonly texts: TextIndex;
  readonly wholeTrigrams: SearchTrigrams;
  readonly words: readonly SearchWord[];
}

/**
 * Turns the sum of the trigrams that each text has in common with the words into those that it has in common with the
 * whole search text: they differ where words have the same trigram.
 */
function correctSharedCounts(counts: Int32Array, { numbers, texts, wholeTrigrams, words }: SharedTrigrams): void {
  const weights = new Map([...wholeTrigrams].map((trigram) => [trigram, 1]));
  for (const { folded } of words)
    for (const trigram of texts.listTrigrams(folded)) weights.set(trigram, (weights.get(trigram) ?? 0) - 1);
  for (const [trigram, weight] of weights) {
    if (weight === 0) continue;
    const places = findPlaces(numbers, texts.withTrigram(trigram));
    for (let match = 0; match < numbers.length; match += 1)
      if ((places[match] as number) >= 0) counts[match] = (counts[match] as number) + weight;
  }
}

/** Returns the texts that match all words. Their similarities and counts are sums over the words, in their order. */
function intersect(matchesByWord: readonly WordMatches[]): Omit<WordMatches, 'textCount'> {
  const { numbers, placesByList } = findCommon(matchesByWord.map((ofWord) => ofWord.numbers));
  const similarities = new Float32Array(numbers.length);
  const sharedCounts = new Int32Array(numbers.length);
  for (const [word, ofWord] of matchesByWord.entries()) {
    const places = placesByList[word] as Int32Array;
    for (let match = 0; match < numbers.length; match += 1) {
      const place = places[match] as number;
      // In single precision, as SQL adds values of the type `real`.
      similarities[match] = (similarities[match] as number) + (ofWord.similarities[place] as number);
      sharedCounts[match] = (sharedCounts[match] as number) + (ofWord.sharedCounts[place] as number);
    }
  }
  return { numbers, similarities, sharedCounts };
}

/** Finds the versions with a name and a short name that match all words together. */
function matchPairs({ index, terms: { wholes, words }, matchesByWord, onMatch }: NameSearch): void {
  const { texts } = index;
  const [fewest] = matchesByWord.toSorted((one, other) => one.numbers.length - other.numbers.length);
  const rows = new Set<number>();
  for (const number of fewest?.numbers ?? noNumbers) {
    if (!index.isPaired(number)) continue;
    rows.add(index.firstRowWithText(number));
    for (const row of index.otherRowsWithText(number)) rows.add(row);
  }
  const wholeTrigrams = texts.listTrigrams(wholes[0]);
  const compareWhole = (number: number): number =>
    computeSimilarity(texts.sharedCountOf(wholeTrigrams, number), wholeTrigrams.size, texts.uniqueCountOf(number));
  const similarities = matchesByWord.map(createLookup);
  for (const row of rows) {
    const numbers = index.nameNumbersOf(row);
    if (!similarities.every((similarityOf) => numbers.some((number) => similarityOf(number) > 0))) continue;
    const bestByWord = words.map((word, place) =>
      Math.max(...numbers.map((number) => similarities[place]?.(number) || texts.wordSimilarityOf(word, number))),
    );
    onMatch(row, computeScore(addSingle(bestByWord), words.length, Math.max(...numbers.map(compareWhole))));
  }
}

/** Returns a function that returns the similarity of a word to a text, 0 if the text does not match. */
function createLookup({ numbers, similarities }: WordMatches): (number: number) => number {
  return (number) => {
    const [place = -1] = findPlaces(Int32Array.of(number), numbers);
    return similarities[place] ?? 0;
  };
}

function computeScore(similarity: number, wordCount: number, wholeSimilarity: number): number {
  return roundHalfToEven((1000 * similarity) / wordCount + 100 * wholeSimilarity);
}

/** Says whether the short name of a version is more similar to the words of a search than its name. */
export function isFoundByShortName(index: SearchIndex, row: number, { words }: FoldedTerms): boolean {
  const [nameNumber, shortNameNumber] = index.nameNumbersOf(row);
  if (nameNumber === undefined || shortNameNumber === undefined) return false;
  const compare = (number: number): number =>
    addSingle(words.map((word) => index.texts.wordSimilarityOf(word, number)));
  return compare(shortNameNumber) > compare(nameNumber);
}

/** Adds numbers in single precision, as SQL adds values of the type `real`. */
function addSingle(values: readonly number[]): number {
  return values.reduce((sum, value) => Math.fround(sum + value), 0);
}

/** Rounds as SQL rounds values of the type `double precision`. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
