import { formatCsvLine, type CsvValue } from '../../domain/text/csv.ts';

/** Options of a CSV file. */
export interface CsvOptions {
  readonly delimiter: ',' | ';';
  /** Indicates whether it begins with a byte order mark, from which Excel recognizes UTF-8 */
  readonly bom: boolean;
}

/**
 * Yields a CSV file with CRLF a page at a time, first the line with the names of the columns. Text that a spreadsheet
 * would run as a formula is guarded.
 */
export async function* streamCsv(
  columns: readonly string[],
  pages: AsyncIterable<readonly (readonly CsvValue[])[]>,
  { delimiter, bom }: CsvOptions,
): AsyncGenerator<string> {
  const options = { delimiter, guardsFormulas: true };
  const formatRows = (rows: readonly (readonly CsvValue[])[]) =>
    rows.map((row) => `${formatCsvLine(row, options)}\r\n`).join('');
  yield (bom ? '\uFEFF' : '') + formatRows([columns]);
  for await (const page of pages) yield formatRows(page);
}
