/**
 * A character that no text of the register may have: PostgreSQL cannot store NUL and unpaired surrogates, and U+FFFD
 * stands for text that was lost in decoding.
 */
export interface UnstorableCharacter {
  readonly kind: 'NUL' | 'UNPAIRED_SURROGATE' | 'REPLACEMENT_CHARACTER';
  /** Counted from 1, in UTF-16 code units */
  readonly position: number;
}

/** The character that decoders put in place of bytes that are not text. */
export const REPLACEMENT_CHARACTER = '\uFFFD';

/** Finds the first character that cannot be stored: NUL, otherwise an unpaired surrogate, otherwise U+FFFD. */
export function findUnstorableCharacter(text: string): UnstorableCharacter | undefined {
  const nul = text.indexOf('\0');
  if (nul >= 0) return { kind: 'NUL', position: nul + 1 };
  const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.exec(text);
  if (loneSurrogate) return { kind: 'UNPAIRED_SURROGATE', position: loneSurrogate.index + 1 };
  const replacement = text.indexOf(REPLACEMENT_CHARACTER);
  return replacement >= 0 ? { kind: 'REPLACEMENT_CHARACTER', position: replacement + 1 } : undefined;
}

const descriptions: Readonly<Record<UnstorableCharacter['kind'], string>> = {
  NUL: 'a NUL character',
  UNPAIRED_SURROGATE: 'an unpaired surrogate',
  REPLACEMENT_CHARACTER: 'the replacement character U+FFFD',
};

/** Returns a clause about the first character that cannot be stored; undefined if there is none. */
export function findTextProblem(text: string): string | undefined {
  const found = findUnstorableCharacter(text);
  if (!found) return undefined;
  return `has ${descriptions[found.kind]} at position ${found.position}`;
}
