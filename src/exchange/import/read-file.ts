import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import {
  stageProblems,
  stageRows,
  type ImportFileName,
  type StagedProblem,
  type StagedRow,
} from '../../store/staging/tables.ts';
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
  /** What columns are called in the file, by our names */
  readonly columnNames: ReadonlyMap<string, string>;
  /** Problems of the file as a whole: it cannot be read, so that leaving rows out does not help */
  readonly fatal: readonly StagedProblem[];
}

const csvText = (fields: readonly string[]): string =>
  fields.map((field) => (/[",;\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');

// What no database text can hold must not reach it in the copy of the row either.
const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');

/** How a file is read: what it is called, its format, and the names that its header has for some of our columns. */
export interface FileReader {
  readonly name: string;
  readonly format: FileFormat;
  readonly columnNames: ReadonlyMap<string, string>;
}

/** Where a file has our columns, and what they are called in it. */
interface Header {
  readonly places: ReadonlyMap<string, number>;
  readonly columnNames: ReadonlyMap<string, string>;
  readonly width: number;
  readonly warnings: readonly string[];
  readonly fatal: readonly StagedProblem[];
}

const readHeader = (
  file: ImportFileName,
  { name, format: { required, optional, notKept }, columnNames: asked }: FileReader,
  header: CsvRecord | undefined,
): Header => {
  const theirs = (header?.fields ?? []).map((column) => storable(column.trim()));
  const sought = theirs.map((column) => column.toLowerCase());
  const places = new Map<string, number>();
  const columnNames = new Map<string, string>();
  for (const ours of [...required, ...optional, ...notKept]) {
    const their = asked.get(ours) ?? ours;
    const place = sought.indexOf(their.toLowerCase());
    columnNames.set(ours, theirs[place] ?? their);
    if (place >= 0) places.set(ours, place);
  }
  const fatal = (column: string | null, value: string | null, problem: string, remedy: string): StagedProblem => ({
    file,
    line: header?.line ?? 1,
    column,
    value,
    problem,
    remedy,
  });
  const needed = required.map((ours) => columnNames.get(ours)).join(', ');
  if (!header)
    return {
      ...{ places, columnNames, width: 0, warnings: [] },
      fatal: [fatal(null, null, 'is empty', `begin it with a line that names the columns ${needed}`)],
    };
  const missing = required.filter((ours) => !places.has(ours));
  const twice = theirs.filter((column, place) => column !== '' && sought.indexOf(column.toLowerCase()) < place);
  const read = new Set(places.values());
  const unknown = theirs.filter((_, place) => !read.has(place));
  return {
    ...{ places, columnNames, width: theirs.length },
    warnings:
      unknown.length > 0
        ? [`${name}: unknown columns are ignored: ${unknown.map((column) => `«${column}»`).join(', ')}.`]
        : [],
    fatal: [
      ...missing.map((ours) =>
        fatal(ours, null, 'is missing from the header', `see that the first line names the columns ${needed}`),
      ),
      ...[...new Set(twice)].map((column) =>
        fatal(null, null, `the header names «${column}» twice`, 'keep one of the columns'),
      ),
    ],
  };
};

const readRow = (
  file: ImportFileName,
  format: FileFormat,
  { places, width }: Header,
  record: CsvRecord,
  validFrom: Day | null,
) => {
  const fields = new RowFields(
    new Map([...places].map(([ours, place]) => [ours, record.fields[place] ?? ''])),
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
  if (record.fields.length !== width)
    problems.unshift({
      file,
      line: record.line,
      column: null,
      value: null,
      problem: `the row has ${record.fields.length} fields and the header ${width}`,
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
 * @param reader what it is called, and its format
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
  let columnNames: ReadonlyMap<string, string> = new Map();
  try {
    const source = await openCsv(path);
    const records = source.records[Symbol.asyncIterator]();
    const first = await records.next();
    const header = readHeader(file, reader, first.done ? undefined : first.value);
    columns = [...header.places.keys()];
    columnNames = header.columnNames;
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
      const read = readRow(file, reader.format, header, next.value, validFrom);
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
      warnings.push(`${reader.name}: ${skipped} of ${rows} rows are of other days and say nothing of this one.`);
  } catch (error) {
    if (!(error instanceof BrokenCsvError)) throw error;
    fatal.push({ file, line: error.line, column: null, value: null, problem: error.problem, remedy: error.remedy });
  }
  return { rows, sha256, warnings, columns, columnNames, fatal };
};
