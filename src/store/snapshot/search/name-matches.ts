import { isSimilarToParts, matchesParts, type SearchTerms } from '../../../domain/text/search-terms.ts';
import type { Snapshot } from '../../../domain/time/snapshot.ts';
import { findLowerBound } from '../lower-bound.ts';
import type { SearchIndex } from './search-index.ts';
import { computeSimilarity, type SearchTrigrams } from './similarity.ts';
import type { SearchWord, TextIndex, WordMatches } from './text-index.ts';

/** Texts from which on it pays to look at all texts at once. */
const MANY_TEXTS = 500;
/** Greater than the rounding error of a share of a score. */
const ROUNDING_ERROR = 1e-6;

/** Versions with names that match a search, as rows of the index, and the score of each: greater is better. */
export interface NameMatches {
  readonly rows: readonly number[];
  readonly scores: readonly number[];
}

/** A search text, folded. */
export interface FoldedTerms {
  readonly whole: string;
  readonly words: readonly SearchWord[];
}

/** Folds a search text; undefined if it has characters that only the database can fold. */
export function foldTerms(
  { folder, trigrams }: SearchIndex,
  { identifier, words }: SearchTerms,
): FoldedTerms | undefined {
  const foldedTexts = [identifier, ...words].map((text) => folder.fold(text));
  if (foldedTexts.some((folded) => folded === undefined || trigrams.listUnknown(folded).length > 0)) return undefined;
  const [whole = '', ...foldedWords] = foldedTexts as string[];
  return {
    whole,
    words: words.map((word, index) => ({
      folded: foldedWords[index] as string,
      isPartSimilar: isSimilarToParts(word),
      isPartMatch: matchesParts(word),
    })),
  };
}

/**
 * Finds the versions that a snapshot knows, none later than its day, with names that match all words. The scores are
 * those of `searchMatchesSql`, in the precision of SQL, at most 1200; names that score far below the best one are left
 * out.
 */
export function findNameMatches(index: SearchIndex, at: Snapshot, terms: FoldedTerms): NameMatches {
  const found = { rows: [] as number[], scores: [] as number[] };
  if (terms.words.length === 0) return found;
  const timeOf = index.versions.seenFrom(at);
  const addMatch = (row: number, score: number): void => {
    const time = timeOf(row);
    if (time !== 'past' && time !== 'present') return;
    found.rows.push(row);
    found.scores.push(score);
  };
  const matchesByWord = terms.words.map((word) => index.texts.findWord(word));
  const search: NameSearch = { index, terms, matchesByWord, onMatch: addMatch };
  matchTexts(search);
  matchPairs(search);
  const least = 0.6 * found.scores.reduce((greatest, score) => Math.max(greatest, score), 0) - ROUNDING_ERROR;
  return {
    rows: found.rows.filter((_row, match) => (found.scores[match] as number) >= least),
    scores: found.scores.filter((score) => score >= least),
  };
}

interface NameSearch {
  readonly index: SearchIndex;
  readonly terms: FoldedTerms;
  readonly matchesByWord: readonly WordMatches[];
  readonly onMatch: (row: number, score: number) => void;
}

/** Finds the texts that match all words, and the versions that have no other name. */
function matchTexts({ index, terms: { whole, words }, matchesByWord, onMatch }: NameSearch): void {
  const { texts } = index;
  const wholeTrigrams = texts.listTrigrams(whole);
  const { numbers, similarities, sharedCounts } = intersect(matchesByWord);
  const corrections =
    numbers.length < MANY_TEXTS ? undefined : texts.addWeights(findRepeatedTrigrams(texts, wholeTrigrams, words), 0);
  for (const [match, number] of numbers.entries()) {
    if (index.isPaired(number)) continue;
    const sharedCount = corrections
      ? (sharedCounts[match] as number) + (corrections[number] as number)
      : texts.sharedCountOf(wholeTrigrams, number);
    const wholeSimilarity = computeSimilarity(sharedCount, wholeTrigrams.size, texts.uniqueCountOf(number));
    const isEqual = texts.textAt(number) === whole;
    const score = computeScore(similarities[match] as number, words.length, wholeSimilarity, isEqual);
    onMatch(index.firstRowWithText(number), score);
    for (const row of index.otherRowsWithText(number)) onMatch(row, score);
  }
}

/**
 * Returns how the number of trigrams that a text has in common with a whole search text differs from the sum of the
 * numbers of its words, as a weight of each trigram that makes a difference.
 */
function findRepeatedTrigrams(
  texts: TextIndex,
  wholeTrigrams: SearchTrigrams,
  words: readonly SearchWord[],
): Map<number, number> {
  const weights = new Map([...wholeTrigrams].map((trigram) => [trigram, 1]));
  for (const { folded } of words)
    for (const trigram of texts.listTrigrams(folded)) weights.set(trigram, (weights.get(trigram) ?? 0) - 1);
  return new Map([...weights].filter(([, weight]) => weight !== 0));
}

/** Returns the texts that match all words. Their similarities and counts are sums over the words, in their order. */
function intersect(matchesByWord: readonly WordMatches[]): WordMatches {
  const [fewest, ...others] = matchesByWord.toSorted((one, other) => one.numbers.length - other.numbers.length);
  const numbers = others.reduce((common, other) => intersectNumbers(common, other.numbers), fewest?.numbers ?? []);
  const sums = { similarities: numbers.map(() => 0), sharedCounts: numbers.map(() => 0) };
  for (const { numbers: ofWord, similarities, sharedCounts } of matchesByWord) {
    let next = 0;
    for (let index = 0; index < numbers.length; index += 1) {
      next = findFrom(ofWord, next, numbers[index] as number);
      sums.similarities[index] = addSingle([sums.similarities[index] as number, similarities[next] as number]);
      sums.sharedCounts[index] = (sums.sharedCounts[index] as number) + (sharedCounts[next] as number);
    }
  }
  return { numbers, ...sums };
}

function intersectNumbers(few: readonly number[], many: readonly number[]): readonly number[] {
  let next = 0;
  return few.filter((number) => {
    next = findFrom(many, next, number);
    return many[next] === number;
  });
}

/** Returns the index of the first number, from a start on, that is not less than the given one. */
function findFrom(numbers: readonly number[], start: number, number: number): number {
  let step = 1;
  while ((numbers[start + step] ?? number) < number) step *= 2;
  const end = Math.min(start + step, numbers.length);
  return start + findLowerBound(end - start, (index) => (numbers[start + index] as number) < number);
}

/** Finds the versions with a name and a short name that match all words together. */
function matchPairs({ index, terms: { whole, words }, matchesByWord, onMatch }: NameSearch): void {
  const { texts } = index;
  const [fewest] = matchesByWord.toSorted((one, other) => one.numbers.length - other.numbers.length);
  const paired = (fewest?.numbers ?? []).filter((number) => index.isPaired(number));
  const rows = new Set(
    paired.flatMap((number) => [index.firstRowWithText(number), ...index.otherRowsWithText(number)]),
  );
  const wholeTrigrams = texts.listTrigrams(whole);
  const compareWhole = (number: number): number =>
    computeSimilarity(texts.sharedCountOf(wholeTrigrams, number), wholeTrigrams.size, texts.uniqueCountOf(number));
  const similarities = matchesByWord.map(createLookup);
  for (const row of rows) {
    const numbers = index.nameNumbersOf(row);
    if (!similarities.every((similarityOf) => numbers.some((number) => similarityOf(number) > 0))) continue;
    const bestByWord = words.map((word, place) =>
      Math.max(...numbers.map((number) => similarities[place]?.(number) || texts.wordSimilarityOf(word, number))),
    );
    const isEqual = numbers.some((number) => texts.textAt(number) === whole);
    onMatch(row, computeScore(addSingle(bestByWord), words.length, Math.max(...numbers.map(compareWhole)), isEqual));
  }
}

/** Returns a function that returns the similarity of a word to a text, 0 if the text does not match. */
function createLookup({ numbers, similarities }: WordMatches): (number: number) => number {
  return (number) => {
    const index = findLowerBound(numbers.length, (each) => (numbers[each] as number) < number);
    return numbers[index] === number ? (similarities[index] as number) : 0;
  };
}

function computeScore(similarity: number, wordCount: number, wholeSimilarity: number, isEqual: boolean): number {
  return roundHalfToEven((1000 * similarity) / wordCount + 100 * wholeSimilarity + (isEqual ? 100 : 0));
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
