// How formulas begin in spreadsheets (OWASP, CSV injection), wide forms included. Leading quote marks count, so that
// text that has them itself is distinct from guarded text.
const formulaStart = /^'*[=+\-@\t\r\n＝＋－＠]/;
const guardedFormulaStart = /^'+[=+\-@\t\r\n＝＋－＠]/;

/** Puts a quote mark before text that a spreadsheet would take for a formula; other text stays as it is. */
export function guardFormula(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}

/** Removes the quote mark that {@link guardFormula} adds, and no other. */
export function unguardFormula(text: string): string {
  return guardedFormulaStart.test(text) ? text.slice(1) : text;
}
