import { stringify } from 'csv-stringify/sync';
import { guardFormula } from '../../domain/formula-guard.ts';

/** A value of a CSV file; null is an empty field. */
export type CsvValue = string | number | null;

/** How a CSV file is written. */
export interface CsvForm {
  readonly delimiter: ',' | ';';
  /** Whether it begins with a byte order mark, by which Excel knows UTF-8 */
  readonly bom: boolean;
}

/** CSV as RFC 4180 has it: CRLF, quotes doubled. Text that a spreadsheet would take for a formula is guarded. */
export const csvText = (rows: readonly (readonly CsvValue[])[], delimiter: string): string =>
  stringify(
    rows.map((row) => row.map((value) => (typeof value === 'string' ? guardFormula(value) : value))),
    { delimiter, record_delimiter: 'windows' },
  );

/** A CSV file, a page at a time, the line that names the columns first. */
export const csvChunks = async function* (
  columns: readonly string[],
  pages: AsyncIterable<readonly (readonly CsvValue[])[]>,
  { delimiter, bom }: CsvForm,
): AsyncGenerator<string> {
  yield (bom ? '\uFEFF' : '') + csvText([columns], delimiter);
  for await (const page of pages) yield csvText(page, delimiter);
};
