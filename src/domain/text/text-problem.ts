/**
 * Finds characters that PostgreSQL cannot store: NUL and unpaired surrogates.
 *
 * @returns a clause with the problem and its position, undefined if there is none
 */
export function findTextProblem(text: string): string | undefined {
  const nul = text.indexOf('\0');
  if (nul >= 0) return `has a NUL character at position ${nul + 1}`;
  const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.exec(text);
  return loneSurrogate ? `has an unpaired surrogate at position ${loneSurrogate.index + 1}` : undefined;
}
