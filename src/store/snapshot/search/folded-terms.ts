import {
  findLeastSimilarity,
  findReach,
  isSimilarToParts,
  listSpellings,
  matchesParts,
  type SearchTerms,
} from '../../../domain/text/search-terms.ts';
import type { WordSpelling } from './exact-words.ts';
import type { SearchIndex } from './search-index.ts';
import type { SearchWord } from './text-index.ts';

/** A search text, folded. */
export interface FoldedTerms {
  /** In all spellings, as typed first */
  readonly wholes: readonly [string, ...string[]];
  /** Words that names have to be similar to */
  readonly words: readonly SearchWord[];
  /** The same words as names may have them, each in all its spellings, as typed first */
  readonly spellings: readonly (readonly WordSpelling[])[];
}

/** Folds a search text; undefined if it has characters that only the database can fold. */
export function foldTerms({ folder, trigrams }: SearchIndex, terms: SearchTerms): FoldedTerms | undefined {
  const [whole, ...others] = listSpellings(terms.identifier).map((spelling) => folder.fold(spelling)?.folded);
  const spellings: WordSpelling[][] = [];
  for (const word of terms.words) {
    const folded = listSpellings(word).map((spelling) => {
      const text = folder.fold(spelling);
      return text && trigrams.listUnknown(text.folded).length === 0
        ? { ...text, reach: findReach(spelling) }
        : undefined;
    });
    if (!folded.every((spelling) => spelling !== undefined)) return undefined;
    spellings.push(folded);
  }
  if (whole === undefined || trigrams.listUnknown(whole).length > 0) return undefined;
  const wholes: [string, ...string[]] = [whole, ...others.filter((other) => other !== undefined)];
  const words = terms.words.map((word, index) => ({
    folded: spellings[index]?.[0]?.folded ?? '',
    isPartSimilar: isSimilarToParts(word),
    isPartMatch: matchesParts(word),
    leastSimilarity: findLeastSimilarity(word),
  }));
  return { wholes, words, spellings };
}
