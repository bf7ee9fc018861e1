import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Day } from '../../domain/time/day.ts';
import { MentionedReshIds } from '../../domain/unit/mentioned-resh-ids.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import { createStaging, indexStaging, type ReadableFiles } from '../../store/staging/tables.ts';
import type { StagedProblem } from '../../store/staging/stage-rows.ts';
import { importFileNames, type ImportFileName } from '../../store/tables.ts';
import type { DayFormat } from './file-days.ts';
import type { FileFormat } from './file-format.ts';
import { createFileFormats } from './file-formats.ts';
import { readFileIntoStaging } from './read-file.ts';
import type { UnitsFileOptions } from './units-format.ts';

/** Progress of an import; `total` is null if it is unknown. */
export interface ImportProgress {
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
  readonly unit: 'rows' | 'bytes';
}

/** The folder or one of its files cannot be imported. */
export class ImportFolderError extends Error {
  override readonly name = 'ImportFolderError';
}

/** The register changed between checking and writing. */
export class RegisterChangedError extends Error {
  override readonly name = 'RegisterChangedError';
}

/** How files differ from the register's own format. */
export interface ImportFileOptions extends UnitsFileOptions {
  /** Names of columns in the units file, by the names of the register's own format */
  readonly columnNames: ReadonlyMap<string, string>;
  /** Names of the columns of a units file without a header */
  readonly columns?: readonly string[] | undefined;
  /** How days are written; as ISO 8601 and with exclusive ends by default */
  readonly days?: DayFormat | undefined;
}

/** Options of files in the register's own format. */
export const standardFileOptions: ImportFileOptions = {
  foreign: null,
  typeMap: null,
  desiredStateDay: null,
  columnNames: new Map(),
};

/** A file to import. */
export interface ImportFile {
  readonly file: ImportFileName;
  readonly path: string;
  /** Name for the user */
  readonly name: string;
  readonly size: number;
}

/** A file that was read as far as possible. */
export interface StagedFile extends ImportFile {
  /** Names of its columns, by the names of the register's own format */
  readonly columnNames: ReadonlyMap<string, string>;
  /** Its columns, by the names of the register's own format */
  readonly columns: ReadonlySet<string>;
}

/** Files that were read into the staging tables. */
export interface StagedFiles {
  readonly files: readonly StagedFile[];
  readonly readable: ReadableFiles;
  /** Columns of the units file, by the names of the register's own format */
  readonly unitColumns: readonly string[];
  /** SHA-256 of each file */
  readonly digests: Readonly<Record<string, string>>;
  /** RESH-ids in any row of any file, also in rejected and ignored rows */
  readonly mentionedReshIds: MentionedReshIds;
  readonly warnings: readonly string[];
  /** Problems of whole files, which leaving rows out does not solve */
  readonly fatalProblems: readonly StagedProblem[];
}

/**
 * Reads the files of a folder, or a single units file, into staging tables.
 *
 * @param validFrom first day of units without one, or null
 * @throws ImportFolderError if the folder or a required file is missing
 */
export async function stageFiles(
  session: BulkSession,
  path: string,
  options: ImportFileOptions,
  validFrom: Day | null,
  onProgress: (progress: ImportProgress) => void,
): Promise<StagedFiles> {
  const formats = createFileFormats(options);
  const files: StagedFile[] = [];
  const warnings: string[] = [];
  const fatalProblems: StagedProblem[] = [];
  const digests: Record<string, string> = {};
  let unitColumns: readonly string[] = [];
  const mentionedReshIds = new MentionedReshIds();
  const importFiles = await findImportFiles(path, formats);
  await createStaging(session);
  for (const importFile of importFiles) {
    const { file, name, size } = importFile;
    const columnNames = file === 'units.csv' ? buildUnitColumnNames(options) : new Map<string, string>();
    const columns = file === 'units.csv' && options.columns ? { line: 1, fields: options.columns } : undefined;
    const readOptions = { name, format: formats[file], columnNames, columns, days: options.days };
    const result = await readFileIntoStaging(session, file, importFile.path, readOptions, validFrom, (_rows, bytes) =>
      onProgress({ stage: `reading ${name}`, done: bytes, total: size, unit: 'bytes' }),
    );
    files.push({ ...importFile, columnNames: result.columnNames, columns: new Set(result.columns) });
    warnings.push(...result.warnings);
    fatalProblems.push(...result.fatalProblems);
    digests[file] = result.sha256;
    mentionedReshIds.addAll(result.mentionedReshIds);
    if (file === 'units.csv') unitColumns = result.columns;
  }
  onProgress({ stage: 'checking', done: 0, total: null, unit: 'rows' });
  await indexStaging(session);
  const unreadable = new Set(fatalProblems.map(({ file }) => file));
  return {
    files,
    readable: {
      units: !unreadable.has('units.csv'),
      codes: !unreadable.has('codes.csv'),
      sites: !unreadable.has('treatment_sites.csv'),
    },
    unitColumns,
    digests,
    mentionedReshIds,
    warnings,
    fatalProblems,
  };
}

async function findImportFiles(
  path: string,
  formats: Readonly<Record<ImportFileName, FileFormat>>,
): Promise<ImportFile[]> {
  const stats = await stat(path).catch(() => null);
  const requiredFiles = importFileNames.filter((file) => formats[file].isRequired);
  // If only the units are required, a single units file with any name is enough.
  const isSingleFileAllowed = requiredFiles.every((file) => file === 'units.csv');
  if (!stats)
    throw new ImportFolderError(
      `${path} does not exist. ` +
        `Name a folder with ${requiredFiles.join(', ')}${isSingleFileAllowed ? ', or a units file' : ''}.`,
    );
  if (isSingleFileAllowed && stats.isFile())
    return [{ file: 'units.csv', path, name: basename(path), size: stats.size }];
  if (!stats.isDirectory())
    throw new ImportFolderError(`${path} is not a folder. Name a folder with ${requiredFiles.join(', ')}.`);
  const files: ImportFile[] = [];
  const missing: string[] = [];
  for (const file of importFileNames) {
    const size = await readFileSize(join(path, file));
    if (size !== null) files.push({ file, path: join(path, file), name: file, size });
    else if (formats[file].isRequired) missing.push(file);
  }
  if (missing.length > 0)
    throw new ImportFolderError(
      `The folder ${path} has no ${missing.join(', no ')}. ` +
        'Add the missing files; a file with only a header is enough.',
    );
  return files;
}

async function readFileSize(path: string): Promise<number | null> {
  const stats = await stat(path).catch(() => null);
  return stats?.isFile() ? stats.size : null;
}

function buildUnitColumnNames({ columnNames, foreign }: ImportFileOptions): ReadonlyMap<string, string> {
  return foreign
    ? new Map([...columnNames, ['resh_id', foreign.idColumn], ['parent_resh_id', foreign.parentColumn]])
    : columnNames;
}
