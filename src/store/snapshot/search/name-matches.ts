import { findReach, listSpellings, type SearchTerms } from '../../../domain/text/search-terms.ts';
import { searchPoints } from '../../read/search-points.ts';
import type { RegisterSnapshot } from '../register-snapshot.ts';
import type { NamePlaces } from './name-places.ts';
import type { SearchIndex } from './search-index.ts';
import { countCharacters, hasSeparator, type SearchWord, type WordMatches } from './text-index.ts';

/** A search text, folded. */
export interface FoldedTerms {
  readonly whole: string;
  readonly words: readonly SearchWord[];
}

/** Folds a search text; undefined if it has characters that only the database can fold. */
export function foldTerms({ folder, trigrams }: SearchIndex, terms: SearchTerms): FoldedTerms | undefined {
  const whole = folder.fold(terms.identifier);
  const words = terms.words.map((word) =>
    listSpellings(word).map((spelling) => {
      const text = folder.fold(spelling);
      return text && !hasSeparator(text.folded) ? { ...text, reach: findReach(spelling) } : undefined;
    }),
  );
  if (!whole || words.flat().includes(undefined)) return undefined;
  if (words.flat().some((spelling) => trigrams.listUnknown(spelling?.folded ?? '').length > 0)) return undefined;
  return { whole: whole.folded, words: words as SearchWord[] };
}

/** The name of a unit that matched best. */
interface BestName {
  /** Points of all words, and bonus */
  readonly strength: number;
  /** 1 for a name, 2 for a short name, 3 for one in another language, 4 for a treatment site */
  readonly rank: number;
  readonly isFormer: boolean;
  readonly row: number;
}

/** The units of a snapshot whose names have the words of a search. */
export interface NameMatches {
  /** Score of the unit at each position, 0 if it was not found */
  readonly scores: Int32Array;
  /** Returns the kind of name that matched best in a unit that was found, and its text */
  readonly describe: (position: number) => Pick<BestName, 'rank' | 'isFormer' | 'row'>;
}

/**
 * Finds the units of a snapshot that have all words in their names or in names of units above them, and at least one in
 * a name of their own, with the scores of `nameMatchesSql`.
 */
export function findNameMatches(
  { tree }: RegisterSnapshot,
  index: SearchIndex,
  places: NamePlaces,
  terms: FoldedTerms,
): NameMatches {
  const matchesByWord = terms.words.map((word) => index.texts.findWord(word));
  const names = new FoundNames(index, places, terms, matchesByWord);
  const pointsByWord = matchesByWord.map((matches) => names.placePoints(matches, tree.size));
  if (terms.words.length > 1) for (const { best, named } of pointsByWord) addPointsFromAbove(best, named, tree);
  const scores = new Int32Array(tree.size);
  for (let position = 0; position < tree.size; position += 1) {
    if (names.bonusAt(position) === undefined) continue;
    let sum = 0;
    for (const { best } of pointsByWord) {
      const points = best[position] as number;
      if (points === 0) {
        sum = 0;
        break;
      }
      sum += points;
    }
    if (sum > 0) scores[position] = Math.floor((10 * sum) / terms.words.length) + (names.bonusAt(position) as number);
  }
  return { scores, describe: (position) => names.describe(position) };
}

/** Points of a word at each position. */
interface PlacedPoints {
  /** In any name of the unit, and then also in the names above it */
  readonly best: Uint8Array;
  /** 1 if a name that the unit has on the day has the word */
  readonly named: Uint8Array;
}

/** Gives the units under one whose name has a word the points for that, unless their own names have more. */
function addPointsFromAbove(best: Uint8Array, named: Uint8Array, tree: RegisterSnapshot['tree']): void {
  for (let position = 0; position < tree.size; position += 1) {
    const parent = tree.parentOf(position);
    if (parent < 0 || named[parent] === 0) continue;
    named[position] = 1;
    best[position] = Math.max(best[position] as number, searchPoints.above);
  }
}

/** Bonus of a position at which no name was found. */
const NOTHING_FOUND = -1_000;

/** Names of units that have a word of a search. */
class FoundNames {
  readonly #sums: Int32Array;
  readonly #bonuses: Int32Array;
  readonly #strengths: Int32Array;
  readonly #codes: Float64Array;
  readonly #wordLength: number;

  constructor(
    private readonly index: SearchIndex,
    private readonly places: NamePlaces,
    private readonly terms: FoldedTerms,
    matchesByWord: readonly WordMatches[],
  ) {
    this.#sums = new Int32Array(index.texts.size);
    for (const { numbers, points } of matchesByWord)
      for (let match = 0; match < numbers.length; match += 1) {
        const number = numbers[match] as number;
        this.#sums[number] = (this.#sums[number] as number) + (points[match] as number);
      }
    this.#bonuses = new Int32Array(places.size).fill(NOTHING_FOUND);
    this.#strengths = new Int32Array(places.size);
    this.#codes = new Float64Array(places.size);
    this.#wordLength = terms.words.reduce((sum, [typed]) => sum + countCharacters(typed?.folded ?? ''), 0);
  }

  /** Returns the points of a word at all positions, and remembers the best name at each. */
  placePoints({ numbers, points }: WordMatches, size: number): PlacedPoints {
    const best = new Uint8Array(size);
    const named = new Uint8Array(size);
    for (let match = 0; match < numbers.length; match += 1) {
      const number = numbers[match] as number;
      const pointsOfText = points[match] as number;
      const bonus = this.#countBonus(number);
      const sum = 10 * (this.#sums[number] as number);
      this.places.forEach(number, (position, rank, isFormer, row) => {
        const value = isFormer ? pointsOfText - searchPoints.former : pointsOfText;
        if (value > (best[position] as number)) best[position] = value;
        if (!isFormer && rank < 4) named[position] = 1;
        const bonusOfName = rank === 4 ? 0 : bonus;
        this.#keepBest(position, rank, isFormer, row, sum + bonusOfName, bonusOfName);
      });
    }
    return { best, named };
  }

  #countBonus(number: number): number {
    const { texts } = this.index;
    const share = Math.floor((searchPoints.coverage * this.#wordLength) / Math.max(1, texts.lengthOf(number)));
    const equal = texts.foldedAt(number) === this.terms.whole ? searchPoints.equal : 0;
    return equal + Math.min(searchPoints.coverage, share);
  }

  #keepBest(
    position: number,
    rank: number,
    isFormer: boolean,
    row: number,
    strengthOfText: number,
    bonusOfText: number,
  ): void {
    const penalty = isFormer ? searchPoints.former : 0;
    const bonus = bonusOfText - penalty;
    const isFirst = this.#bonuses[position] === NOTHING_FOUND;
    if (bonus > (this.#bonuses[position] as number)) this.#bonuses[position] = bonus;
    const strength = strengthOfText - penalty;
    const code = toCode(rank, isFormer, row);
    const before = this.#strengths[position] as number;
    if (!isFirst && (strength < before || (strength === before && code <= (this.#codes[position] as number)))) return;
    this.#strengths[position] = strength;
    this.#codes[position] = code;
  }

  bonusAt(position: number): number | undefined {
    const bonus = this.#bonuses[position] as number;
    return bonus === NOTHING_FOUND ? undefined : bonus;
  }

  describe(position: number): Pick<BestName, 'rank' | 'isFormer' | 'row'> {
    const code = this.#codes[position] as number;
    const order = LAST_ORDER - Math.floor(code / ROW_LIMIT);
    return { rank: order > 10 ? order - 10 : order, isFormer: order > 10, row: code % ROW_LIMIT };
  }
}

/** Greater than any row. */
const ROW_LIMIT = 2 ** 31;
const LAST_ORDER = 20;

/** Returns a number that is greater for the name to show: by its rank, then the one recorded last. */
function toCode(rank: number, isFormer: boolean, row: number): number {
  return (LAST_ORDER - rank - (isFormer ? 10 : 0)) * ROW_LIMIT + row;
}
