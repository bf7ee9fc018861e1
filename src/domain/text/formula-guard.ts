// Characters that begin formulas in spreadsheets (OWASP, CSV injection), wide forms included. Leading quote marks
// count, so that text that begins with one differs from guarded text.
const formulaStart = /^'*[=+\-@\t\r\n＝＋－＠]/;
const guardedFormulaStart = /^'+[=+\-@\t\r\n＝＋－＠]/;

/** Adds a quote mark before text that a spreadsheet would read as a formula; returns other text unchanged. */
export function guardFormula(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}

/** Removes the quote mark that {@link guardFormula} adds, and no other. */
export function unguardFormula(text: string): string {
  return guardedFormulaStart.test(text) ? text.slice(1) : text;
}
