/** A character that PostgreSQL cannot store. */
export interface UnstorableCharacter {
  readonly kind: 'NUL' | 'UNPAIRED_SURROGATE';
  /** Counted from 1, in UTF-16 code units */
  readonly position: number;
}

/** Finds the first character that PostgreSQL cannot store: NUL, otherwise an unpaired surrogate. */
export function findUnstorableCharacter(text: string): UnstorableCharacter | undefined {
  const nul = text.indexOf('\0');
  if (nul >= 0) return { kind: 'NUL', position: nul + 1 };
  const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.exec(text);
  return loneSurrogate ? { kind: 'UNPAIRED_SURROGATE', position: loneSurrogate.index + 1 } : undefined;
}

/** Returns a clause about the first character that PostgreSQL cannot store; undefined if there is none. */
export function findTextProblem(text: string): string | undefined {
  const found = findUnstorableCharacter(text);
  if (!found) return undefined;
  return `has ${found.kind === 'NUL' ? 'a NUL character' : 'an unpaired surrogate'} at position ${found.position}`;
}
