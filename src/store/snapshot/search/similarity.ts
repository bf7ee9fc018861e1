/** Trigrams of a search text or of one of its words, each once. */
export type SearchTrigrams = ReadonlySet<number>;

/**
 * Returns the similarity of two texts, as `similarity` of pg_trgm computes it: the share of their different trigrams
 * that both have, from 0 to 1, in single precision.
 */
export function computeSimilarity(sharedCount: number, oneCount: number, otherCount: number): number {
  return sharedCount === 0 ? 0 : Math.fround(sharedCount / (oneCount + otherCount - sharedCount));
}

/**
 * Returns the similarity of a word to the most similar part of a text, as `word_similarity` of pg_trgm computes it: for
 * each trigram of the word, the part that ends there is shortened from its start as long as that makes it more similar.
 */
export function computeWordSimilarity(word: SearchTrigrams, text: readonly number[]): number {
  const sharedCount = countShared(word, text);
  if (sharedCount === 0) return 0;
  const lastIndexes = new Map<number, number>();
  const part = { lower: -1, uniqueCount: 0, sharedCount: 0 };
  let greatest = 0;
  for (const [index, trigram] of text.entries()) {
    const isShared = word.has(trigram);
    if (part.lower >= 0 || isShared) {
      if (!lastIndexes.has(trigram)) {
        part.uniqueCount += 1;
        if (isShared) part.sharedCount += 1;
      }
      lastIndexes.set(trigram, index);
    }
    if (!isShared) continue;
    if (part.lower < 0) {
      part.lower = index;
      part.uniqueCount = 1;
    }
    greatest = Math.max(greatest, shortenPart(part, index, { word, text, lastIndexes }));
  }
  return greatest;
}

interface Part {
  lower: number;
  uniqueCount: number;
  sharedCount: number;
}

interface PartSource {
  readonly word: SearchTrigrams;
  readonly text: readonly number[];
  /** Index of the last occurrence of each trigram of the part */
  readonly lastIndexes: Map<number, number>;
}

/** Moves the start of a part that ends at an index to where it is most similar, and returns that similarity. */
function shortenPart(part: Part, upper: number, { word, text, lastIndexes }: PartSource): number {
  const start = part.lower;
  let { uniqueCount, sharedCount } = part;
  let greatest = computeSimilarity(sharedCount, word.size, uniqueCount);
  for (let lower = start; lower <= upper; lower += 1) {
    const similarity = computeSimilarity(sharedCount, word.size, uniqueCount);
    if (similarity > greatest) {
      greatest = similarity;
      Object.assign(part, { lower, uniqueCount, sharedCount });
    }
    const trigram = text[lower] as number;
    if (lastIndexes.get(trigram) !== lower) continue;
    uniqueCount -= 1;
    if (word.has(trigram)) sharedCount -= 1;
  }
  for (let lower = start; lower < part.lower; lower += 1)
    if (lastIndexes.get(text[lower] as number) === lower) lastIndexes.delete(text[lower] as number);
  return greatest;
}

/** Counts the trigrams of a text, repeated ones included, that a search text has too. */
export function countShared(word: SearchTrigrams, text: readonly number[]): number {
  let count = 0;
  for (const trigram of text) if (word.has(trigram)) count += 1;
  return count;
}
