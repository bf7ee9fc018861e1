import { WORD_SIMILARITY_THRESHOLD } from '../../database/session-settings.ts';
import { GrowingList } from './growing-list.ts';
import { MatchCache, type CachedMatches } from './match-cache.ts';
import { computeWordSimilarity, countShared, type SearchTrigrams } from './similarity.ts';
import type { Trigrams } from './trigrams.ts';

/** Greater than the rounding error of the threshold times a number of trigrams. */
const ROUNDING_ERROR = 1e-6;
/** Similarity of a word that is part of a longer one; SQL computes it in single precision. */
const PART_SIMILARITY = Math.fround(0.8);

/** A word of a search. */
export interface SearchWord {
  readonly folded: string;
  /** Whether a part of a longer word is similar to it */
  readonly isPartSimilar: boolean;
  /** Whether it matches all texts that it is part of; if it is longer, it has to share enough trigrams too */
  readonly isPartMatch: boolean;
  /** Least similarity with which it matches otherwise */
  readonly leastSimilarity: number;
}

/** The texts that match a word. */
export interface WordMatches extends CachedMatches {
  /** In single precision, as in SQL */
  readonly similarities: Float32Array;
  /** Number of different trigrams that each text has in common with the word */
  readonly sharedCounts: Int32Array;
}

const noNumbers = new Int32Array();

const nothingKept: WordMatches = {
  numbers: noNumbers,
  similarities: new Float32Array(),
  sharedCounts: noNumbers,
  textCount: 0,
};

/** Different folded texts, each with a number, that are found by words which are similar to a part of them. */
export class TextIndex {
  readonly #texts: string[] = [];
  /** The same in lower case, with accents */
  readonly #loweredTexts: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #uniqueCounts = new GrowingList();
  /** Texts that have each trigram */
  readonly #postings = new Map<number, GrowingList>();
  readonly #cache = new MatchCache<WordMatches>();

  /** @param trigrams knows all characters of all texts and words */
  constructor(private readonly trigrams: Trigrams) {}

  get size(): number {
    return this.#texts.length;
  }

  textAt(number: number): string {
    return this.#texts[number] as string;
  }

  loweredAt(number: number): string {
    return this.#loweredTexts[number] as string;
  }

  /** Returns the numbers of the texts that have a trigram, in ascending order. */
  withTrigram(trigram: number): Int32Array {
    return this.#postings.get(trigram)?.from(0) ?? noNumbers;
  }

  /**
   * Returns the number of a text, which is added if it is new.
   *
   * @param lowered the text before accents were removed
   */
  add(text: string, lowered: string): number {
    const key = text === lowered ? text : `${text}\0${lowered}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#texts.length;
    this.#texts.push(text);
    // Texts that are equal share their characters.
    this.#loweredTexts.push(text === lowered ? text : lowered);
    this.#numbers.set(key, number);
    this.#uniqueCounts.push(this.#addPostings(number, text));
    return number;
  }

  /** Returns the number of different trigrams. */
  #addPostings(number: number, text: string): number {
    let uniqueCount = 0;
    for (const trigram of this.trigrams.list(text)) {
      let posting = this.#postings.get(trigram);
      if (!posting) this.#postings.set(trigram, (posting = new GrowingList()));
      if (posting.last === number) continue;
      posting.push(number);
      uniqueCount += 1;
    }
    return uniqueCount;
  }

  listTrigrams(text: string): SearchTrigrams {
    return new Set(this.trigrams.list(text));
  }

  uniqueCountOf(number: number): number {
    return this.#uniqueCounts.at(number);
  }

  /** Counts the different trigrams of a text that a search text has too. */
  sharedCountOf(search: SearchTrigrams, number: number): number {
    return countShared(search, [...this.listTrigrams(this.textAt(number))]);
  }

  /** Returns the similarity of a word to a text: 1 if the text has the word, at least 0.8 if it is part of one. */
  wordSimilarityOf(word: SearchWord, number: number): number {
    return this.#compare(word, this.listTrigrams(word.folded), number).similarity;
  }

  /** Number of words with matches that are kept. */
  get keptWordCount(): number {
    return this.#cache.wordCount;
  }

  /** Finds the texts that match a word. */
  findWord(word: SearchWord): WordMatches {
    const key = `${word.isPartSimilar} ${word.isPartMatch} ${word.leastSimilarity} ${word.folded}`;
    return this.#cache.complete(key, (known) => this.#findNewMatches(word, known ?? nothingKept));
  }

  /** Completes the matches of a word; those among the first texts are known. */
  #findNewMatches(word: SearchWord, known: WordMatches): WordMatches {
    const start = known.textCount;
    const textCount = this.#texts.length;
    if (start === textCount) return known;
    const trigrams = this.listTrigrams(word.folded);
    const counts = this.#countShared(trigrams, start);
    const [numbers, similarities, sharedCounts]: [number[], number[], number[]] = [[], [], []];
    for (const number of this.#listCandidates(word, trigrams, counts, start)) {
      const { isMatch, similarity } = this.#compare(word, trigrams, number);
      if (!isMatch) continue;
      numbers.push(number);
      similarities.push(similarity);
      sharedCounts.push(counts[number - start] as number);
    }
    if (numbers.length === 0) return { ...known, textCount };
    const count = known.numbers.length + numbers.length;
    return {
      numbers: append(new Int32Array(count), known.numbers, numbers),
      similarities: append(new Float32Array(count), known.similarities, similarities),
      sharedCounts: append(new Int32Array(count), known.sharedCounts, sharedCounts),
      textCount,
    };
  }

  /** Lists the texts from a number on that may match a word, in ascending order. */
  #listCandidates(word: SearchWord, trigrams: SearchTrigrams, counts: Int16Array, start: number): number[] {
    const needed = Math.ceil(WORD_SIMILARITY_THRESHOLD * trigrams.size - ROUNDING_ERROR);
    const candidates: number[] = [];
    if (trigrams.size === 0) return candidates;
    const isWithPart = new Uint8Array(counts.length);
    if (word.isPartMatch)
      for (const number of this.listWithPart(word.folded, false, start)) isWithPart[number - start] = 1;
    for (let index = 0; index < counts.length; index += 1)
      if ((counts[index] as number) >= needed || isWithPart[index] === 1) candidates.push(start + index);
    return candidates;
  }

  /** Counts the trigrams that each text, from a number on, has in common with a word. */
  #countShared(trigrams: SearchTrigrams, start: number): Int16Array {
    const counts = new Int16Array(this.#texts.length - start);
    for (const trigram of trigrams) {
      const numbers = this.#postings.get(trigram)?.from(start) ?? noNumbers;
      // Iterating over the numbers would take three times as long.
      for (let index = 0; index < numbers.length; index += 1) {
        const position = (numbers[index] as number) - start;
        counts[position] = (counts[position] as number) + 1;
      }
    }
    return counts;
  }

  /**
   * Lists the texts from a number on that may have a part, in ascending order.
   *
   * @param isStart whether they have to have it at the start of a word
   */
  listWithPart(part: string, isStart: boolean, start: number): Iterable<number> {
    const trigrams = isStart ? this.trigrams.listStart(part) : this.trigrams.listInner(part);
    const postings = trigrams.map((trigram) => this.#postings.get(trigram));
    const [shortest] = postings.sort((one, other) => (one?.length ?? 0) - (other?.length ?? 0));
    return postings.length > 0 ? (shortest?.from(start) ?? noNumbers) : listRange(start, this.#texts.length);
  }

  #compare(word: SearchWord, trigrams: SearchTrigrams, number: number): { isMatch: boolean; similarity: number } {
    const text = this.textAt(number);
    const index = text.indexOf(word.folded);
    if (trigrams.size > 0 && this.#isWholeWord(word.folded, text, index)) return { isMatch: true, similarity: 1 };
    const similarity = computeWordSimilarity(trigrams, this.trigrams.list(text));
    return {
      isMatch: similarity >= word.leastSimilarity || (word.isPartMatch && index >= 0),
      similarity: word.isPartSimilar && index >= 0 ? Math.max(similarity, PART_SIMILARITY) : similarity,
    };
  }

  #isWholeWord(word: string, text: string, index: number): boolean {
    const end = index + word.length;
    return (
      index >= 0 &&
      !(index > 0 && this.trigrams.isInWord(text, index - 1)) &&
      !(end < text.length && this.trigrams.isInWord(text, end))
    );
  }
}

function* listRange(start: number, end: number): Generator<number, void, undefined> {
  for (let number = start; number < end; number += 1) yield number;
}

/** Fills an array with values and, after them, others. */
function append<Numbers extends Int32Array | Float32Array>(
  target: Numbers,
  values: ArrayLike<number>,
  others: ArrayLike<number>,
): Numbers {
  target.set(values);
  target.set(others, values.length);
  return target;
}
