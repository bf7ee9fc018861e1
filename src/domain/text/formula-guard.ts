// What spreadsheets take for the beginning of a formula (OWASP, CSV injection), the wide forms among it. Quote marks
// before it count, so that a text which has them itself is told from a guarded one.
const formulaStart = /^'*[=+\-@\t\r\n＝＋－＠]/;
const guardedFormulaStart = /^'+[=+\-@\t\r\n＝＋－＠]/;

/** Puts a quote mark before text that a spreadsheet would take for a formula; other text stays as it is. */
export function guardFormula(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}

/** Takes off the quote mark that {@link guardFormula} puts on, and no other. */
export function unguardFormula(text: string): string {
  return guardedFormulaStart.test(text) ? text.slice(1) : text;
}
