import { MAX_INTEGER } from './max-integer.ts';

/** The ways in which a search text can match. */
export interface SearchTerms {
  /** Words that must all be found in a name */
  readonly words: readonly string[];
  /** The text as a RESH-id, if it is one */
  readonly reshId: number | null;
  /** The text as an organization number without spaces, if it has nine digits */
  readonly organizationNumber: string | null;
  /** The text as an identifier in any system */
  readonly identifier: string;
}

/** Maximum number of characters of a search text. */
export const SEARCH_TEXT_LIMIT = 200;
/** Maximum number of words of a search text. */
export const SEARCH_WORD_LIMIT = 10;

/**
 * Parses a search text.
 *
 * @param text at most {@link SEARCH_TEXT_LIMIT} characters
 * @returns undefined if there is nothing to search for
 */
export function parseSearchTerms(text: string): SearchTerms | undefined {
  // Some keyboards and file systems write "Å" as two characters, which would split a word.
  const identifier = text.normalize('NFC').trim();
  if (identifier === '') return undefined;
  const digits = identifier.replaceAll(/\s/g, '');
  const isNumber = /^\d+$/.test(digits);
  const reshId = isNumber && digits.length <= 10 ? Number(digits) : 0;
  return {
    words: identifier.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== ''),
    reshId: reshId > 0 && reshId <= MAX_INTEGER ? reshId : null,
    organizationNumber: isNumber && digits.length === 9 ? digits : null,
    identifier,
  };
}

/** Where in a word of a name a spelling has to be: the whole word, its start, or any part of it. */
export type MatchReach = 'WORD' | 'START' | 'PART';

/**
 * Returns where a spelling of a word has to be in a name. Norwegian has compound words: "post" also matches
 * "sengepost". One or two letters are part of most names.
 */
export function findReach(spelling: string): MatchReach {
  const { length } = Array.from(spelling);
  if (length > 2) return 'PART';
  return length === 2 ? 'START' : 'WORD';
}

/** Most letters of a word that are varied, as each doubles the number of spellings. */
const VARIED_LETTER_LIMIT = 2;
const otherSpellings = new Map([
  ['aa', 'å'],
  ['å', 'aa'],
  ['oe', 'ø'],
  ['ø', 'oe'],
]);

/**
 * Returns the spellings of a word, as typed first: "å" may be written "aa", and "ø" "oe", and the other way around. "æ"
 * and "ae" are folded to the same text.
 */
export function listSpellings(word: string): readonly string[] {
  let spellings = [''];
  let variedCount = 0;
  for (const part of word.split(/(aa|oe|å|ø)/iu)) {
    const other = otherSpellings.get(part.toLowerCase());
    const options = other !== undefined && variedCount < VARIED_LETTER_LIMIT ? [part, other] : [part];
    variedCount += options.length - 1;
    spellings = options.flatMap((option) => spellings.map((spelling) => spelling + option));
  }
  return spellings;
}

/** Returns whether a word that is part of longer words is similar to them. Two letters are part of most names. */
export function isSimilarToParts(word: string): boolean {
  return word.length > 2;
}

/** Returns whether a word matches all longer words that it is part of. Longer ones share half their trigrams anyway. */
export function matchesParts(word: string): boolean {
  return isSimilarToParts(word) && word.length <= 4;
}

/**
 * Returns the least similarity, from 0 to 1, with which a misspelled word is found. A word that is similar to a short
 * one or to a number means something else, so these are only found as they are.
 */
export function findLeastSimilarity(word: string): number {
  const { length } = Array.from(word);
  if (length < 4 || /\p{N}/u.test(word)) return 1;
  return length === 4 ? 0.6 : 0.5;
}

/**
 * Points of a word of a search in a name, and of the name, from which the score of the name is made: ten times the
 * average of the words, and the bonus of the name. SQL and the search in memory count them in integers.
 */
export const searchPoints = {
  /** The word is a word of the name, the start of one, or part of one */
  whole: 85,
  start: 72,
  part: 60,
  /** The name has the word with the accents as typed, or in another spelling of å and ø */
  asTyped: 10,
  otherSpelling: 5,
  /** The name is the search text, or starts with it; greater than any difference between words */
  equal: 1_000,
  prefix: 500,
  /** Times the share of the name that the words are, at most this */
  coverage: 50,
  /** Taken from a name that the unit had before, and from the name of its treatment site */
  former: 150,
  site: 500,
} as const;
