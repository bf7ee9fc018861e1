import { SEPARATORS, type MatchReach } from '../../../domain/text/search-terms.ts';
import { searchPoints } from '../../read/search-points.ts';
import { GrowingList } from './growing-list.ts';
import type { Trigrams } from './trigrams.ts';

/** Most matches of words that are kept for later searches; a word itself counts as some. */
const KEPT_MATCH_LIMIT = 1_000_000;
const MATCHES_PER_WORD = 100;

/** A name in the two forms that are searched: without accents and letter case, and without letter case. */
export interface SearchedText {
  readonly folded: string;
  readonly lowered: string;
}

/** A spelling of a word of a search. */
export interface WordSpelling extends SearchedText {
  readonly reach: MatchReach;
}

/** A word of a search in all its spellings, as typed first. */
export type SearchWord = readonly WordSpelling[];

/** The texts that have a word. */
export interface WordMatches {
  /** Numbers of the texts, in ascending order */
  readonly numbers: Int32Array;
  /** Points of the word in each text, as in SQL */
  readonly points: Uint8Array;
}

interface KeptMatches extends WordMatches {
  /** Number of texts that have been compared with the word */
  readonly textCount: number;
}

const noNumbers = new Int32Array();
const nothingKept: KeptMatches = { numbers: noNumbers, points: new Uint8Array(), textCount: 0 };

/** Different texts, each with a number, that are found by words which they have. */
export class TextIndex {
  readonly #foldedTexts: string[] = [];
  readonly #loweredTexts: string[] = [];
  readonly #lengths = new GrowingList();
  readonly #numbers = new Map<string, number>();
  /** Texts that have each trigram */
  readonly #postings = new Map<number, GrowingList>();
  readonly #keptMatches = new Map<string, KeptMatches>();
  #keptMatchCount = 0;

  /** @param trigrams knows all characters of all texts and words */
  constructor(private readonly trigrams: Trigrams) {}

  get size(): number {
    return this.#foldedTexts.length;
  }

  foldedAt(number: number): string {
    return this.#foldedTexts[number] as string;
  }

  /** Returns the number of characters of a folded text. */
  lengthOf(number: number): number {
    return this.#lengths.at(number);
  }

  /** Returns the number of a text, which is added if it is new. */
  add({ folded, lowered }: SearchedText): number {
    const key = folded === lowered ? folded : `${folded}\0${lowered}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#foldedTexts.length;
    this.#foldedTexts.push(folded);
    // Texts that are equal share their characters.
    this.#loweredTexts.push(folded === lowered ? folded : lowered);
    this.#lengths.push(countCharacters(folded));
    this.#numbers.set(key, number);
    for (const trigram of this.trigrams.list(folded)) this.#addPosting(trigram, number);
    return number;
  }

  #addPosting(trigram: number, number: number): void {
    let posting = this.#postings.get(trigram);
    if (!posting) this.#postings.set(trigram, (posting = new GrowingList()));
    if (posting.last !== number) posting.push(number);
  }

  /** Number of words with matches that are kept. */
  get keptWordCount(): number {
    return this.#keptMatches.size;
  }

  /** Finds the texts that have a word in one of its spellings. */
  findWord(word: SearchWord): WordMatches {
    const key = word.map(({ lowered }) => lowered).join(' ');
    const known = this.#keptMatches.get(key);
    const matches = this.#findNewMatches(word, known ?? nothingKept);
    this.#keptMatches.delete(key);
    this.#keptMatches.set(key, matches);
    this.#keptMatchCount += countKept(matches) - (known ? countKept(known) : 0);
    this.#dropOldMatches();
    return matches;
  }

  /** Completes the matches of a word; those among the first texts are known. */
  #findNewMatches(word: SearchWord, known: KeptMatches): KeptMatches {
    const start = known.textCount;
    const textCount = this.size;
    if (start === textCount) return known;
    const pointsByText = new Uint8Array(textCount - start);
    let count = 0;
    for (const [choice, spelling] of word.entries())
      for (const number of this.#listCandidates(spelling, start)) {
        const points = this.#countPoints(spelling, choice === 0, number);
        const before = pointsByText[number - start] as number;
        if (points <= before) continue;
        if (before === 0) count += 1;
        pointsByText[number - start] = points;
      }
    if (count === 0) return { ...known, textCount };
    return { ...appendMatches(known, pointsByText, count), textCount };
  }

  #dropOldMatches(): void {
    for (const [key, kept] of this.#keptMatches) {
      if (this.#keptMatchCount <= KEPT_MATCH_LIMIT || this.#keptMatches.size === 1) return;
      this.#keptMatches.delete(key);
      this.#keptMatchCount -= countKept(kept);
    }
  }

  /** Lists the texts from a number on that may have a spelling, in ascending order. */
  #listCandidates({ folded, reach }: WordSpelling, start: number): Iterable<number> {
    const trigrams = reach === 'PART' ? this.trigrams.listInner(folded) : this.trigrams.listStart(folded);
    const postings = trigrams.map((trigram) => this.#postings.get(trigram));
    const [shortest] = postings.sort((one, other) => (one?.length ?? 0) - (other?.length ?? 0));
    if (postings.length > 0) return shortest?.from(start) ?? [];
    return range(start, this.size);
  }

  /** Returns the points of a spelling in a text, 0 if the text does not have it. */
  #countPoints({ folded, lowered, reach }: WordSpelling, isTyped: boolean, number: number): number {
    const points = countReachPoints(folded, reach, this.foldedAt(number));
    if (points === 0 || !(this.#loweredTexts[number] as string).includes(lowered)) return points;
    return points + (isTyped ? searchPoints.asTyped : searchPoints.otherSpelling);
  }
}

/** Returns the points for the best place at which a text has a word, 0 if it has it nowhere or not where it has to. */
function countReachPoints(word: string, reach: MatchReach, text: string): number {
  let points = 0;
  for (let index = text.indexOf(word); index >= 0; index = text.indexOf(word, index + 1)) {
    if (index > 0 && !isSeparator(text, index - 1)) points = Math.max(points, searchPoints.part);
    else if (index + word.length === text.length || isSeparator(text, index + word.length)) return searchPoints.whole;
    else points = searchPoints.start;
  }
  const least = reach === 'PART' ? searchPoints.part : reach === 'START' ? searchPoints.start : searchPoints.whole;
  return points >= least ? points : 0;
}

const isSeparatorCode = new Uint8Array(256);
for (const separator of [...SEPARATORS, ' ']) isSeparatorCode[separator.charCodeAt(0)] = 1;

function isSeparator(text: string, index: number): boolean {
  return isSeparatorCode[text.charCodeAt(index)] === 1;
}

/** Returns whether a folded word has a character at which names are divided into words. */
export function hasSeparator(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (isSeparator(text, index)) return true;
  return false;
}

export function countCharacters(text: string): number {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text).length : text.length;
}

function* range(start: number, end: number): Generator<number, void, undefined> {
  for (let number = start; number < end; number += 1) yield number;
}

function countKept({ numbers }: WordMatches): number {
  return numbers.length + MATCHES_PER_WORD;
}

/** Adds the texts that have points to matches. */
function appendMatches(known: KeptMatches, pointsByText: Uint8Array, count: number): WordMatches {
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
  return { numbers, points };
}
