import { writeCsvReport } from './csv-report.ts';
import type { ReportedProblem } from './reported-problems.ts';

/**
 * Writes the rejected rows as CSV: a line for each problem, with its place, value and remedy, and the row as it is in
 * the file.
 */
export function writeRejects(path: string, batches: AsyncIterable<readonly ReportedProblem[]>): Promise<void> {
  return writeCsvReport(path, ['file', 'line', 'column', 'value', 'problem', 'remedy', 'row'], listRows(batches));
}

async function* listRows(batches: AsyncIterable<readonly ReportedProblem[]>) {
  for await (const batch of batches)
    for (const { file, line, column, value, problem, remedy, rowText } of batch)
      yield [file, line, column, value, problem, remedy, rowText];
}
