import { clipForMessage } from '../../domain/text/clip-for-message.ts';
import { formatCsvLine } from '../../domain/text/csv.ts';
import { escapeInvisible } from '../../domain/text/escape-invisible.ts';
import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import { stageProblems, stageRows, type StagedProblem, type StagedRow } from '../../store/staging/stage-rows.ts';
import type { ImportFileName } from '../../store/tables.ts';
import { MalformedCsvError, openCsv, type CsvRecord } from './csv-source.ts';
import type { FileFormat } from './file-format.ts';
import { RowFields } from './row-fields.ts';

const rowsPerBatch = 5_000;

/** The result of reading a file, besides the staged rows. */
export interface FileReadResult {
  readonly rows: number;
  readonly sha256: string;
  readonly warnings: readonly string[];
  /** Columns of the file, by the names of the register's own format */
  readonly columns: readonly string[];
  /** Names of the columns in the file, by the names of the register's own format */
  readonly columnNames: ReadonlyMap<string, string>;
  /** Problems of the whole file, which leaving rows out does not solve */
  readonly fatalProblems: readonly StagedProblem[];
}

/** How a file is read: its name for users, its format, and the names that its header has for some of our columns. */
export interface FileReadOptions {
  readonly name: string;
  readonly format: FileFormat;
  readonly columnNames: ReadonlyMap<string, string>;
}

/** Positions and names of our columns in a file. */
interface Header {
  readonly columnIndexes: ReadonlyMap<string, number>;
  readonly columnNames: ReadonlyMap<string, string>;
  readonly fieldCount: number;
  readonly warnings: readonly string[];
  readonly fatalProblems: readonly StagedProblem[];
}

/**
 * Reads one file into its staging table, a batch at a time, so that memory does not grow with the file.
 *
 * @param validFrom first day of units without one, or null
 * @param onRows receives the numbers of rows and bytes read so far
 */
export async function readFileIntoStaging(
  session: BulkSession,
  file: ImportFileName,
  path: string,
  options: FileReadOptions,
  validFrom: Day | null,
  onRows: (rows: number, bytes: number) => void,
): Promise<FileReadResult> {
  const fatalProblems: StagedProblem[] = [];
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
    const header = readHeader(file, options, first.done ? undefined : first.value);
    columns = [...header.columnIndexes.keys()];
    columnNames = header.columnNames;
    warnings.push(...header.warnings);
    fatalProblems.push(...header.fatalProblems);
    let staged: StagedRow[] = [];
    let problems: StagedProblem[] = [];
    const flush = async () => {
      if (staged.length > 0) await stageRows(session, file, staged);
      if (problems.length > 0) await stageProblems(session, problems);
      staged = [];
      problems = [];
      onRows(rows, source.bytesRead());
    };
    // Without required columns the rows are not staged; the rest of the file is still checked to be CSV.
    for (let nextRecord = await records.next(); !nextRecord.done; nextRecord = await records.next()) {
      rows += 1;
      if (header.fatalProblems.length > 0) continue;
      const result = readRow(file, options.format, header, nextRecord.value, validFrom);
      if (result === null) {
        skipped += 1;
        continue;
      }
      staged.push(result.row);
      problems.push(...result.problems);
      if (staged.length >= rowsPerBatch) await flush();
    }
    await flush();
    sha256 = source.sha256();
    if (skipped > 0)
      warnings.push(`${options.name}: ${skipped} of ${rows} rows are not valid on the day and were ignored.`);
  } catch (error) {
    if (!(error instanceof MalformedCsvError)) throw error;
    fatalProblems.push({
      file,
      line: error.line,
      column: null,
      value: null,
      problem: error.problem,
      remedy: error.remedy,
    });
  }
  return { rows, sha256, warnings, columns, columnNames, fatalProblems };
}

function readHeader(
  file: ImportFileName,
  { name, format: { required, optional, ignored }, columnNames: requestedNames }: FileReadOptions,
  header: CsvRecord | undefined,
): Header {
  const fileColumns = (header?.fields ?? []).map((column) => replaceNulCharacters(column.trim()));
  const normalizedColumns = fileColumns.map((column) => column.toLowerCase());
  const columnIndexes = new Map<string, number>();
  const columnNames = new Map<string, string>();
  for (const ownColumn of [...required, ...optional, ...ignored]) {
    const fileColumn = requestedNames.get(ownColumn) ?? ownColumn;
    const index = normalizedColumns.indexOf(fileColumn.toLowerCase());
    columnNames.set(ownColumn, fileColumns[index] ?? fileColumn);
    if (index >= 0) columnIndexes.set(ownColumn, index);
  }
  const createFatalProblem = (
    column: string | null,
    value: string | null,
    problem: string,
    remedy: string,
  ): StagedProblem => ({
    file,
    line: header?.line ?? 1,
    column,
    value,
    problem,
    remedy,
  });
  const requiredNames = required.map((ownColumn) => columnNames.get(ownColumn)).join(', ');
  if (!header)
    return {
      columnIndexes,
      columnNames,
      fieldCount: 0,
      warnings: [],
      fatalProblems: [
        createFatalProblem(null, null, 'is empty', `begin it with a line that names the columns ${requiredNames}`),
      ],
    };
  const missing = required.filter((ownColumn) => !columnIndexes.has(ownColumn));
  const duplicates = fileColumns.filter(
    (column, index) => column !== '' && normalizedColumns.indexOf(column.toLowerCase()) < index,
  );
  const recognizedIndexes = new Set(columnIndexes.values());
  const unknown = fileColumns.filter((_, index) => !recognizedIndexes.has(index));
  return {
    columnIndexes,
    columnNames,
    fieldCount: fileColumns.length,
    warnings: describeUnknownColumns(name, unknown),
    fatalProblems: [
      ...missing.map((ownColumn) =>
        createFatalProblem(
          ownColumn,
          null,
          'is missing from the header',
          `name the columns ${requiredNames} in the first line`,
        ),
      ),
      ...[...new Set(duplicates)].map((column) =>
        createFatalProblem(null, null, `the header names ${formatColumn(column)} twice`, 'keep one of the columns'),
      ),
    ],
  };
}

function describeUnknownColumns(file: string, unknown: readonly string[]): string[] {
  if (unknown.length === 0) return [];
  const warning = `${file}: unknown columns are ignored: ${unknown.map(formatColumn).join(', ')}.`;
  const isText = !unknown.some((column) => /[\p{Cc}\uFFFD]/u.test(column));
  return [isText ? warning : `${warning} The file does not look like UTF-8 text: save it as CSV in UTF-8.`];
}

function formatColumn(column: string): string {
  return clipForMessage(escapeInvisible(column));
}

// PostgreSQL cannot store NUL, so the stored copy of the row cannot have it either.
function replaceNulCharacters(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}

function readRow(
  file: ImportFileName,
  format: FileFormat,
  { columnIndexes, fieldCount }: Header,
  record: CsvRecord,
  validFrom: Day | null,
) {
  const fields = new RowFields(
    new Map([...columnIndexes].map(([ownColumn, index]) => [ownColumn, record.fields[index] ?? ''])),
    record.hasStrayQuote,
  );
  const values = format.read(fields, validFrom);
  if (values === null) return null;
  const problems: StagedProblem[] = fields.problems.map((problem) => ({
    file,
    line: record.line,
    ...problem,
    value:
      problem.value === null || problem.value.trim() === '' ? null : replaceNulCharacters(problem.value.slice(0, 200)),
  }));
  if (record.fields.length !== fieldCount)
    problems.unshift({
      file,
      line: record.line,
      column: null,
      value: null,
      problem: `the row has ${record.fields.length} fields and the header ${fieldCount}`,
      remedy: 'quote a field that contains the delimiter, or correct the row',
    });
  const row: StagedRow = {
    line: record.line,
    rejected: problems.length > 0,
    rowText: replaceNulCharacters(formatCsvLine(record.fields)),
    values,
  };
  return { row, problems };
}
