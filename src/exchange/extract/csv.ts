import { guardFormula } from '../../domain/text/formula-guard.ts';

/** A value of a CSV file; null is an empty field. */
export type CsvValue = string | number | null;

/** How a CSV file is written. */
export interface CsvOptions {
  readonly delimiter: ',' | ';';
  /** Whether it begins with a byte order mark, by which Excel knows UTF-8 */
  readonly bom: boolean;
}

const quotedFieldPattern = /^\s|[",;\r\n]|\s$/;

/** A CSV file, a page at a time, the line that names the columns first. */
export const streamCsv = async function* (
  columns: readonly string[],
  pages: AsyncIterable<readonly (readonly CsvValue[])[]>,
  { delimiter, bom }: CsvOptions,
): AsyncGenerator<string> {
  yield (bom ? '\uFEFF' : '') + formatRows([columns], delimiter);
  for await (const page of pages) yield formatRows(page, delimiter);
};

/**
 * CSV as RFC 4180 has it: CRLF, quotes doubled. Text that a spreadsheet would take for a formula is guarded. By hand, as the
 * fields are most of the work of an extract: csv-stringify takes three times as long for them.
 */
function formatRows(rows: readonly (readonly CsvValue[])[], delimiter: string): string {
  return rows.map((row) => `${row.map(formatField).join(delimiter)}\r\n`).join('');
}

function formatField(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = guardFormula(value);
  return quotedFieldPattern.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
