/**
 * What is wrong with text that no database keeps: PostgreSQL has no NUL, and half a surrogate pair is no character.
 *
 * @returns a clause that says what and where, undefined where nothing is
 */
export function findTextProblem(text: string): string | undefined {
  const nul = text.indexOf('\0');
  if (nul >= 0) return `has a NUL character at place ${nul + 1}`;
  const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.exec(text);
  return loneSurrogate ? `has half a surrogate pair at place ${loneSurrogate.index + 1}` : undefined;
}
