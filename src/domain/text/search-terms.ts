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

/**
 * Returns whether a word is similar to longer words that it is part of. Norwegian has compound words: "post" also
 * matches "sengepost". Two letters have no trigram and occur in most names.
 */
export function isSimilarToParts(word: string): boolean {
  return word.length > 2;
}

/** Returns whether a word matches all longer words that it is part of. Longer ones share half their trigrams anyway. */
export function matchesParts(word: string): boolean {
  return isSimilarToParts(word) && word.length <= 4;
}
