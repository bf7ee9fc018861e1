/** Returns a text with its control characters and other invisible characters as `\u{...}`, safe for a terminal. */
export function escapeInvisible(text: string): string {
  return text.replaceAll(/\p{C}/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
