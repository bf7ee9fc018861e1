import type { Database } from '../../store/database/database.ts';
import { extractTables, type ExtractTableRow } from '../../store/read/extract-tables.ts';
import { importFileNames, type ImportFileName } from '../../store/tables.ts';
import { writeCsvValue } from '../../domain/text/csv.ts';
import { streamCsv } from './csv.ts';
import { readFilePages } from './file-pages.ts';
import { findRevision } from './find-snapshot.ts';
import { parseParameters } from './parameters.ts';

/** A file of a folder, with its text. */
export interface FolderFile {
  readonly file: ImportFileName;
  readonly streamChunks: () => AsyncGenerator<Buffer>;
}

/** A register as a folder of files. */
export interface ExtractFolder {
  readonly revision: number;
  readonly files: readonly FolderFile[];
}

/**
 * Opens the register as files that an import can read: all days as known at a revision, with a row for each period
 * without changes. After an import into an empty register, an extract gives the same files.
 *
 * @param entries names and values of the parameters in the request
 * @throws ExtractError if a parameter is invalid
 */
export async function openExtractFolder(
  prisma: Database['prisma'],
  entries: Iterable<readonly [string, string]>,
): Promise<ExtractFolder> {
  const rules = { extract: 'a folder', parameters: ['knownAt', 'revision', 'delimiter', 'bom'], columns: [] } as const;
  const parameters = parseParameters(entries, rules);
  const { revision } = await findRevision(prisma, parameters);
  const csvOptions = { delimiter: parameters.delimiter ?? ',', bom: parameters.bom ?? false } as const;
  return {
    revision,
    files: importFileNames.map((file) => ({
      file,
      streamChunks: () =>
        streamCsv<ExtractTableRow>(
          new Map(
            Object.keys(extractTables[file].columns).map((name, index) => [
              name,
              ({ values }, writer) => writeCsvValue(values[index], writer),
            ]),
          ),
          readFilePages(prisma, file, revision),
          csvOptions,
        ),
    })),
  };
}
