import type { Day } from '../../domain/day.ts';
import type { BulkSession } from '../../store/bulk-session.ts';
import {
  stageProblems,
  stageRows,
  type ImportFileName,
  type StagedProblem,
  type StagedRow,
} from '../../store/import-staging.ts';
import { BrokenCsvError, openCsv, type CsvRecord } from './csv-source.ts';
import type { FileFormat } from './file-formats.ts';
import { RowFields } from './row-fields.ts';

const rowsPerBatch = 5_000;

/** What reading a file found, besides the rows that it staged. */
export interface FileReading {
  readonly rows: number;
  readonly sha256: string;
  readonly warnings: readonly string[];
  /** Columns that the file has, by our names */
  readonly columns: readonly string[];
  /** Problems of the file as a whole: it cannot be read, so that leaving rows out does not help */
  readonly fatal: readonly StagedProblem[];
}

const csvText = (fields: readonly string[]): string =>
  fields.map((field) => (/[",;\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');

// What no database text can hold must not reach it in the copy of the row either.
const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');

/** How a file is read: its format, and the names that its header has for some of our columns. */
export interface FileReader {
  readonly format: FileFormat;
  readonly columnNames?: ReadonlyMap<string, string>;
}

// A column that stands under another name is not the one that has its own.
const ourName = (name: string, theirs: ReadonlyMap<string, string>): string => {
  const ours = [...theirs].find(([, their]) => their.toLowerCase() === name)?.[0];
  return ours ?? (theirs.has(name) ? `(${name})` : name);
};

const readHeader = (
  file: ImportFileName,
  { format: { required, optional, notKept }, columnNames = new Map() }: FileReader,
  header: CsvRecord | undefined,
) => {
  const names = (header?.fields ?? []).map((name) => ourName(name.trim().toLowerCase(), columnNames));
  const fatal = (column: string | null, value: string | null, problem: string, remedy: string): StagedProblem => ({
    file,
    line: header?.line ?? 1,
    column,
    value,
    problem,
    remedy,
  });
  const needed = required.join(', ');
  if (!header)
    return {
      names,
      warnings: [],
      fatal: [fatal(null, null, 'is empty', `begin it with a line that names the columns ${needed}`)],
    };
  const missing = required.filter((name) => !names.includes(name));
  const twice = names.filter((name, place) => name !== '' && names.indexOf(name) !== place);
  const known = [...required, ...optional, ...notKept];
  const unknown = names.filter((name) => !known.includes(name));
  return {
    names,
    warnings:
      unknown.length > 0
        ? [`${file}: unknown columns are ignored: ${unknown.map((name) => `«${storable(name)}»`).join(', ')}.`]
        : [],
    fatal: [
      ...missing.map((name) =>
        fatal(name, null, 'is missing from the header', `see that the first line names the columns ${needed}`),
      ),
      ...[...new Set(twice)].map((name) => fatal(name, null, 'stands twice in the header', 'keep one of the columns')),
    ],
  };
};

const readRow = (
  file: ImportFileName,
  format: FileFormat,
  names: readonly string[],
  record: CsvRecord,
  validFrom: Day | null,
) => {
  const fields = new RowFields(
    new Map(names.map((name, place) => [name, record.fields[place] ?? ''])),
    record.hasStrayQuote,
  );
  const values = format.read(fields, validFrom);
  if (values === null) return null;
  const problems: StagedProblem[] = fields.problems.map((problem) => ({
    file,
    line: record.line,
    ...problem,
    value: problem.value === null || problem.value.trim() === '' ? null : storable(problem.value.slice(0, 200)),
  }));
  if (record.fields.length !== names.length)
    problems.unshift({
      file,
      line: record.line,
      column: null,
      value: null,
      problem: `the row has ${record.fields.length} fields and the header ${names.length}`,
      remedy: 'quote a field that holds the delimiter, or mend the row',
    });
  const row: StagedRow = {
    line: record.line,
    rejected: problems.length > 0,
    rowText: storable(csvText(record.fields)),
    values,
  };
  return { row, problems };
};

/**
 * Reads one file into its staging table, a batch at a time, so that memory does not grow with the file.
 *
 * @param path where the file is
 * @param reader its format
 * @param validFrom day of units that have none, or null
 * @param onRows hears of the rows and bytes read so far
 */
export const readFileIntoStaging = async (
  session: BulkSession,
  file: ImportFileName,
  path: string,
  reader: FileReader,
  validFrom: Day | null,
  onRows: (rows: number, bytes: number) => void,
): Promise<FileReading> => {
  const fatal: StagedProblem[] = [];
  const warnings: string[] = [];
  let rows = 0;
  let skipped = 0;
  let sha256 = '';
  let columns: readonly string[] = [];
  try {
    const source = await openCsv(path);
    const records = source.records[Symbol.asyncIterator]();
    const first = await records.next();
    const header = readHeader(file, reader, first.done ? undefined : first.value);
    columns = header.names;
    warnings.push(...header.warnings);
    fatal.push(...header.fatal);
    let staged: StagedRow[] = [];
    let problems: StagedProblem[] = [];
    const flush = async () => {
      if (staged.length > 0) await stageRows(session, file, staged);
      if (problems.length > 0) await stageProblems(session, problems);
      staged = [];
      problems = [];
      onRows(rows, source.bytesRead());
    };
    // Without its columns a row says nothing; the rest is read for its form only.
    for (let next = await records.next(); !next.done; next = await records.next()) {
      rows += 1;
      if (header.fatal.length > 0) continue;
      const read = readRow(file, reader.format, header.names, next.value, validFrom);
      if (read === null) {
        skipped += 1;
        continue;
      }
      staged.push(read.row);
      problems.push(...read.problems);
      if (staged.length >= rowsPerBatch) await flush();
    }
    await flush();
    sha256 = source.sha256();
    if (skipped > 0)
      warnings.push(`${file}: ${skipped} of ${rows} rows are of other days and say nothing of this one.`);
  } catch (error) {
    if (!(error instanceof BrokenCsvError)) throw error;
    fatal.push({ file, line: error.line, column: null, value: null, problem: error.problem, remedy: error.remedy });
  }
  return { rows, sha256, warnings, columns, fatal };
};
