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

/** Characters of folded text, all in ASCII or Latin-1, that separate words. */
export const SEPARATORS = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~§°·¤';
const wordSeparators = /[\s\p{P}\p{Z}\p{C}$+<=>^`|~°¤]+/u;

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
    words: identifier.split(wordSeparators).filter((word) => word !== ''),
    reshId: reshId > 0 && reshId <= MAX_INTEGER ? reshId : null,
    organizationNumber: isNumber && digits.length === 9 ? digits : null,
    identifier,
  };
}

/** Where in a word of a name a spelling has to stand: as the whole word, at its start, or anywhere in it. */
export type MatchReach = 'WORD' | 'START' | 'PART';

/**
 * Returns where a spelling of a word has to stand in a name. Norwegian has compound words: "post" also matches
 * "sengepost". One or two letters occur in most names. Characters such as emoji form no words.
 */
export function findReach(spelling: string): MatchReach {
  const { length } = Array.from(spelling);
  if (length >= 3 || !/[\p{L}\p{N}]/u.test(spelling)) return 'PART';
  return length === 2 ? 'START' : 'WORD';
}

/**
 * Returns the spellings of a word, as typed first: "å" may be written "aa" and "ø" "oe", and the other way around. At
 * most two letters of a word are varied.
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

const VARIED_LETTER_LIMIT = 2;
const otherSpellings = new Map([
  ['aa', 'å'],
  ['å', 'aa'],
  ['oe', 'ø'],
  ['ø', 'oe'],
]);

/**
 * Returns the least similarity with which a misspelled word is found, from 0 to 1; undefined for a word that is so
 * short that similar words mean something else.
 */
export function findLeastSimilarity(word: string): number | undefined {
  const { length } = Array.from(word);
  return length < 4 ? undefined : length === 4 ? 0.6 : 0.5;
}
