import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { NamedProblem } from './named-problems.ts';
import { ImportFolderError } from './stage-files.ts';

/**
 * Writes the rejected rows as CSV: file, line, column, value, what is wrong, how to mend it, and the row as it stands. A row
 * with several problems has a line for each.
 *
 * @param imported files that were read, none of which is written over
 * @throws ImportFolderError where the path is one of them
 */
export const writeRejects = async (
  path: string,
  imported: readonly { readonly path: string }[],
  batches: AsyncIterable<readonly NamedProblem[]>,
): Promise<void> => {
  if (imported.some((file) => resolve(file.path) === resolve(path)))
    throw new ImportFolderError(`--rejects names ${path}, which is being imported. Name a file that is not.`);
  const lines = async function* () {
    for await (const batch of batches)
      for (const { file, line, column, value, problem, remedy, rowText } of batch)
        yield [file, line, column, value, problem, remedy, rowText];
  };
  const columns = ['file', 'line', 'column', 'value', 'problem', 'remedy', 'row'];
  await pipeline(lines, stringify({ header: true, columns }), createWriteStream(path));
};
