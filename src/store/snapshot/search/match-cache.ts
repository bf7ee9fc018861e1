/** Most matches that are kept; a word itself counts as some. */
const MATCH_LIMIT = 1_000_000;
const MATCHES_PER_WORD = 100;

/** What is kept of a word: the texts that match, among those that have been compared with it. */
export interface CachedMatches {
  /** Numbers of the texts, in ascending order */
  readonly numbers: Int32Array;
  /** Number of texts that have been compared with the word */
  readonly textCount: number;
}

/** Keeps the matches of words for later searches; if there are too many, those of the words used longest ago go. */
export class MatchCache<Matches extends CachedMatches> {
  readonly #matchesByWord = new Map<string, Matches>();
  #matchCount = 0;

  /** Number of words with matches that are kept. */
  get wordCount(): number {
    return this.#matchesByWord.size;
  }

  /** Returns the matches of a word, which are completed with those among later texts. */
  complete(key: string, find: (known: Matches | undefined) => Matches): Matches {
    const known = this.#matchesByWord.get(key);
    const matches = find(known);
    this.#matchesByWord.delete(key);
    this.#matchesByWord.set(key, matches);
    this.#matchCount += countKept(matches) - (known ? countKept(known) : 0);
    this.#dropOldMatches();
    return matches;
  }

  #dropOldMatches(): void {
    for (const [key, kept] of this.#matchesByWord) {
      if (this.#matchCount <= MATCH_LIMIT || this.#matchesByWord.size === 1) return;
      this.#matchesByWord.delete(key);
      this.#matchCount -= countKept(kept);
    }
  }
}

function countKept({ numbers }: CachedMatches): number {
  return numbers.length + MATCHES_PER_WORD;
}
