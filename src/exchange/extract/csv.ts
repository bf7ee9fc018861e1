import { guardFormula } from '../../domain/text/formula-guard.ts';

/** A value of a CSV file; null is an empty field. */
export type CsvValue = string | number | null;

/** Options of a CSV file. */
export interface CsvOptions {
  readonly delimiter: ',' | ';';
  /** Whether it begins with a byte order mark, by which Excel knows UTF-8 */
  readonly bom: boolean;
}

const quotedFieldPattern = /^\s|[",;\r\n]|\s$/;

/** Yields a CSV file a page at a time, first the line with the names of the columns. */
export async function* streamCsv(
  columns: readonly string[],
  pages: AsyncIterable<readonly (readonly CsvValue[])[]>,
  { delimiter, bom }: CsvOptions,
): AsyncGenerator<string> {
  yield (bom ? '\uFEFF' : '') + formatRows([columns], delimiter);
  for await (const page of pages) yield formatRows(page, delimiter);
}

/**
 * Formats rows by RFC 4180: CRLF, quotes doubled, and a guard before text that a spreadsheet would run as a formula. Fields are most
 * of the work of an extract, and csv-stringify takes three times as long for them.
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
