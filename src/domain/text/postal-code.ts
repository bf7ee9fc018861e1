/** Returns whether a text is a Norwegian postal code: four digits. */
export function isNorwegianPostalCode(text: string): boolean {
  return /^\d{4}$/.test(text);
}

/** Returns the postal code that lost its first zeros, as a spreadsheet drops them; undefined if the text is another. */
export function restorePostalCode(text: string): string | undefined {
  return /^\d{3}$/.test(text) ? text.padStart(4, '0') : undefined;
}
