import { searchPoints, type MatchReach } from '../../../domain/text/search-terms.ts';
import { MatchCache, type CachedMatches } from './match-cache.ts';
import type { TextIndex } from './text-index.ts';

/** A spelling of a word of a search, without accents and letter case, and without letter case only. */
export interface WordSpelling {
  readonly folded: string;
  readonly lowered: string;
  /** Where in a word of a text it has to be */
  readonly reach: MatchReach;
}

/** The texts that have a word. */
interface ExactMatches extends CachedMatches {
  /** Points of the word in each text, as in SQL */
  readonly points: Uint8Array;
}

const nothingFound: ExactMatches = { numbers: new Int32Array(), points: new Uint8Array(), textCount: 0 };

/** Finds the texts of an index that have a word as it is. */
export class ExactWords {
  readonly #cache = new MatchCache<ExactMatches>();

  constructor(private readonly texts: TextIndex) {}

  /** Number of words with matches that are kept. */
  get keptWordCount(): number {
    return this.#cache.wordCount;
  }

  /** @param spellings of the word, as typed first */
  find(spellings: readonly WordSpelling[]): ExactMatches {
    const key = spellings.map(({ lowered }) => lowered).join(' ');
    return this.#cache.complete(key, (known) => this.#complete(spellings, known ?? nothingFound));
  }

  /** Adds the matches among the texts that have not been compared with the word. */
  #complete(spellings: readonly WordSpelling[], known: ExactMatches): ExactMatches {
    const textCount = this.texts.size;
    if (known.textCount === textCount) return known;
    const pointsByText = new Uint8Array(textCount - known.textCount);
    let count = 0;
    for (const spelling of spellings)
      for (const number of this.texts.listWithPart(spelling.folded, spelling.reach !== 'PART', known.textCount)) {
        const index = number - known.textCount;
        if (pointsByText[index] !== 0) continue;
        const points = this.#countPoints(spellings, number);
        if (points === 0) continue;
        pointsByText[index] = points;
        count += 1;
      }
    return count === 0 ? { ...known, textCount } : appendMatches(known, pointsByText, count);
  }

  /** Returns the points of a word in a text, 0 if the text does not have it. */
  #countPoints(spellings: readonly WordSpelling[], number: number): number {
    const [folded, lowered] = [this.texts.textAt(number), this.texts.loweredAt(number)];
    let [points, isMatch] = [0, false];
    for (const [choice, spelling] of spellings.entries()) {
      const hasSpelling = lowered.includes(spelling.lowered);
      // A text has another spelling only with its accents: "aas" is "ås", and not "as".
      if (choice > 0 && !hasSpelling) continue;
      const placed = countPlacePoints(spelling, folded);
      const extra = choice > 0 ? searchPoints.otherSpelling : hasSpelling ? searchPoints.asTyped : 0;
      points = Math.max(points, placed + extra);
      isMatch ||= placed > 0;
    }
    return isMatch ? points : 0;
  }
}

/** Returns the points for the best place at which a text has a word, 0 if it has it nowhere or not where it has to. */
function countPlacePoints({ folded: word, reach }: WordSpelling, text: string): number {
  let points = 0;
  for (let index = text.indexOf(word); index >= 0; index = text.indexOf(word, index + 1)) {
    const isStart = index === 0 || !isInWord(text, index - 1);
    const end = index + word.length;
    if (isStart && (end === text.length || !isInWord(text, end))) return searchPoints.whole;
    if (isStart && reach !== 'WORD') points = searchPoints.start;
    else if (reach === 'PART' && points === 0) points = searchPoints.part;
  }
  return points;
}

/** Says whether a character is one that SQL takes for part of a word. */
function isInWord(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

/** Adds the texts that have points to matches. */
function appendMatches(known: ExactMatches, pointsByText: Uint8Array, count: number): ExactMatches {
  let next = known.numbers.length;
  const [numbers, points] = [new Int32Array(next + count), new Uint8Array(next + count)];
  numbers.set(known.numbers);
  points.set(known.points);
  for (let index = 0; index < pointsByText.length; index += 1)
    if (pointsByText[index] !== 0) {
      numbers[next] = known.textCount + index;
      points[next] = pointsByText[index] as number;
      next += 1;
    }
  return { numbers, points, textCount: known.textCount + pointsByText.length };
}
