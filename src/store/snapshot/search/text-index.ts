import { WORD_SIMILARITY_THRESHOLD } from '../../database/session-settings.ts';
import { GrowingList } from './growing-list.ts';
import { computeWordSimilarity, countShared, type SearchTrigrams } from './similarity.ts';
import type { Trigrams } from './trigrams.ts';

/** Greater than the rounding error of the threshold times a number of trigrams. */
const ROUNDING_ERROR = 1e-6;
/** Similarity of a word that is part of a longer one; SQL computes it in single precision. */
const PART_SIMILARITY = Math.fround(0.8);
/** Most matches of words that are kept for later searches; a word itself counts as some. */
const KEPT_MATCH_LIMIT = 1_000_000;
const MATCHES_PER_WORD = 100;

/** A word of a search. */
export interface SearchWord {
  readonly folded: string;
  /** Whether a part of a longer word is similar to it */
  readonly isPartSimilar: boolean;
  /** Whether it matches all texts that it is part of; if it is longer, it has to share enough trigrams too */
  readonly isPartMatch: boolean;
}

/** The texts that match a word. */
export interface WordMatches {
  /** Numbers of the texts, in ascending order */
  readonly numbers: readonly number[];
  readonly similarities: readonly number[];
  /** Number of different trigrams that each text has in common with the word */
  readonly sharedCounts: readonly number[];
}

const noNumbers = new Int32Array();

interface KeptMatches {
  readonly numbers: number[];
  readonly similarities: number[];
  readonly sharedCounts: number[];
  /** Number of texts that have been compared with the word */
  textCount: number;
}

/** Different folded texts, each with a number, that are found by words which are similar to a part of them. */
export class TextIndex {
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #uniqueCounts = new GrowingList();
  /** Texts that have each trigram */
  readonly #postings = new Map<number, GrowingList>();
  readonly #keptMatches = new Map<string, KeptMatches>();
  #keptMatchCount = 0;

  /** @param trigrams knows all characters of all texts and words */
  constructor(private readonly trigrams: Trigrams) {}

  get size(): number {
    return this.#texts.length;
  }

  textAt(number: number): string {
    return this.#texts[number] as string;
  }

  /** Returns the number of a text, which is added if it is new. */
  add(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.length;
    this.#texts.push(text);
    this.#numbers.set(text, number);
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
    return this.#keptMatches.size;
  }

  /** Finds the texts that match a word. */
  findWord(word: SearchWord): WordMatches {
    const key = `${word.isPartSimilar} ${word.isPartMatch} ${word.folded}`;
    const known = this.#keptMatches.get(key);
    const kept = known ?? { numbers: [], similarities: [], sharedCounts: [], textCount: 0 };
    const countBefore = known ? countKept(known) : 0;
    if (kept.textCount < this.#texts.length) this.#findMatches(word, kept);
    this.#keptMatches.delete(key);
    this.#keptMatches.set(key, kept);
    this.#keptMatchCount += countKept(kept) - countBefore;
    this.#dropOldMatches();
    return kept;
  }

  #findMatches(word: SearchWord, kept: KeptMatches): void {
    const start = kept.textCount;
    const trigrams = this.listTrigrams(word.folded);
    const sharedCounts = this.addWeights(new Map([...trigrams].map((trigram) => [trigram, 1])), start);
    for (const number of this.#listCandidates(word, trigrams, sharedCounts, start)) {
      const { isMatch, similarity } = this.#compare(word, trigrams, number);
      if (!isMatch) continue;
      kept.numbers.push(number);
      kept.similarities.push(similarity);
      kept.sharedCounts.push(sharedCounts[number - start] as number);
    }
    kept.textCount = this.#texts.length;
  }

  #dropOldMatches(): void {
    for (const [key, kept] of this.#keptMatches) {
      if (this.#keptMatchCount <= KEPT_MATCH_LIMIT || this.#keptMatches.size === 1) return;
      this.#keptMatches.delete(key);
      this.#keptMatchCount -= countKept(kept);
    }
  }

  /** Lists the texts from a number on that may match a word, in ascending order. */
  #listCandidates(word: SearchWord, trigrams: SearchTrigrams, sharedCounts: Int16Array, start: number): number[] {
    const needed = Math.ceil(WORD_SIMILARITY_THRESHOLD * trigrams.size - ROUNDING_ERROR);
    const candidates: number[] = [];
    if (trigrams.size === 0) return candidates;
    const isWithPart = new Uint8Array(sharedCounts.length);
    if (word.isPartMatch) for (const number of this.#listWithPart(word.folded, start)) isWithPart[number - start] = 1;
    for (let index = 0; index < sharedCounts.length; index += 1)
      if ((sharedCounts[index] as number) >= needed || isWithPart[index] === 1) candidates.push(start + index);
    return candidates;
  }

  /** Returns the sum of the weights of the trigrams that each text has, from a number on. */
  addWeights(weights: ReadonlyMap<number, number>, start: number): Int16Array {
    const sums = new Int16Array(this.#texts.length - start);
    for (const [trigram, weight] of weights) {
      const numbers = this.#postings.get(trigram)?.from(start) ?? noNumbers;
      // Iterating over the numbers would take three times as long.
      for (let index = 0; index < numbers.length; index += 1) {
        const position = (numbers[index] as number) - start;
        sums[position] = (sums[position] as number) + weight;
      }
    }
    return sums;
  }

  *#listWithPart(part: string, start: number): Iterable<number> {
    const postings = this.trigrams.listInner(part).map((trigram) => this.#postings.get(trigram));
    const [shortest] = postings.sort((one, other) => (one?.length ?? 0) - (other?.length ?? 0));
    if (postings.length === 0) for (let number = start; number < this.#texts.length; number += 1) yield number;
    else yield* shortest?.from(start) ?? [];
  }

  #compare(word: SearchWord, trigrams: SearchTrigrams, number: number): { isMatch: boolean; similarity: number } {
    const text = this.textAt(number);
    const index = text.indexOf(word.folded);
    if (trigrams.size > 0 && this.#isWholeWord(word.folded, text, index)) return { isMatch: true, similarity: 1 };
    const similarity = computeWordSimilarity(trigrams, this.trigrams.list(text));
    return {
      isMatch: similarity >= WORD_SIMILARITY_THRESHOLD || (word.isPartMatch && index >= 0),
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

function countKept({ numbers }: WordMatches): number {
  return numbers.length + MATCHES_PER_WORD;
}
