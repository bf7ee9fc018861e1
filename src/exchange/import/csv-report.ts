import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { formatCsvLine, type CsvValue } from '../../domain/text/csv.ts';

/** Writes a report as a CSV file, with the columns in its first line and its text guarded against spreadsheets. */
export async function writeCsvReport(
  path: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly CsvValue[]> | Iterable<readonly CsvValue[]>,
): Promise<void> {
  await pipeline(formatLines(columns, rows), createWriteStream(path));
}

async function* formatLines(
  columns: readonly string[],
  rows: AsyncIterable<readonly CsvValue[]> | Iterable<readonly CsvValue[]>,
): AsyncGenerator<string> {
  yield `${columns.join(',')}\n`;
  for await (const row of rows) yield `${formatCsvLine(row, { guardsFormulas: true })}\n`;
}
