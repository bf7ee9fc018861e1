import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { guardFormula } from '../../domain/text/formula-guard.ts';
import type { ReportedProblem } from './reported-problems.ts';

/**
 * Writes the rejected rows as CSV: file, line, column, value, what is wrong, how to mend it, and the row as it stands. A row
 * with several problems has a line for each.
 */
export async function writeRejects(path: string, batches: AsyncIterable<readonly ReportedProblem[]>): Promise<void> {
  const lines = async function* () {
    for await (const batch of batches)
      for (const { file, line, column, value, problem, remedy, rowText } of batch)
        yield [file, line, column, value, problem, remedy, rowText];
  };
  const columns = ['file', 'line', 'column', 'value', 'problem', 'remedy', 'row'];
  await pipeline(lines, stringify({ header: true, columns, cast: { string: guardFormula } }), createWriteStream(path));
}
