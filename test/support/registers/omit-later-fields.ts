import { parse } from 'csv-parse/sync';
import { formatCsvLine } from '../../../src/domain/text/csv.ts';

/**
 * Returns an extract without the columns or fields that an earlier extract of the same file does not have.
 *
 * @param extract current text, NDJSON or CSV; a CSV file whose header differs must use commas
 * @param earlier text from an earlier version of the program
 */
export function omitLaterFields(extract: string, earlier: string): string {
  return extract.startsWith('{') ? omitLaterKeys(extract, earlier) : omitLaterColumns(extract, earlier);
}

function omitLaterColumns(extract: string, earlier: string): string {
  const [earlierHeader = ''] = earlier.split('\r\n', 1);
  if (extract.startsWith(`${earlierHeader}\r\n`)) return extract;
  const earlierColumns = earlierHeader.split(',');
  const [header = [], ...rows] = parse(extract);
  const indexes = header.flatMap((column, index) => (earlierColumns.includes(column) ? [index] : []));
  return [header, ...rows].map((row) => `${formatCsvLine(indexes.map((index) => row[index]))}\r\n`).join('');
}

function omitLaterKeys(extract: string, earlier: string): string {
  const earlierLines = earlier.split('\n');
  return extract
    .split('\n')
    .map((line, index) => {
      const earlierLine = earlierLines[index];
      return line && earlierLine ? omitKeys(line, Object.keys(JSON.parse(earlierLine) as object)) : line;
    })
    .join('\n');
}

function omitKeys(line: string, earlierKeys: readonly string[]): string {
  const entries = Object.entries(JSON.parse(line) as object);
  const earlierEntries = entries.filter(([key]) => earlierKeys.includes(key));
  return earlierEntries.length === entries.length ? line : JSON.stringify(Object.fromEntries(earlierEntries));
}
