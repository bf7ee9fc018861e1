/**
 * Finds characters that PostgreSQL cannot store: NUL, and half a surrogate pair.
 *
 * @returns a clause with the problem and its position, undefined if there is none
 */
export function findTextProblem(text: string): string | undefined {
  const nul = text.indexOf('\0');
  if (nul >= 0) return `has a NUL character at place ${nul + 1}`;
  const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.exec(text);
  return loneSurrogate ? `has half a surrogate pair at place ${loneSurrogate.index + 1}` : undefined;
}
