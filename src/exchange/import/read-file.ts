import { clipForMessage } from '../../domain/text/clip-for-message.ts';
import { formatCsvLine } from '../../domain/text/csv.ts';
import { escapeInvisible } from '../../domain/text/escape-invisible.ts';
import { normalizeLine } from '../../domain/text/text-rule.ts';
import type { Day } from '../../domain/time/day.ts';
import { MentionedReshIds } from '../../domain/unit/mentioned-resh-ids.ts';
import type { BulkSession } from '../../store/database/bulk-session.ts';
import { stageProblems, stageRows, type StagedProblem, type StagedRow } from '../../store/staging/stage-rows.ts';
import type { ImportFileName } from '../../store/tables.ts';
import { MalformedCsvError, openCsv, type CsvRecord } from './csv-source.ts';
import type { FileFormat } from './file-format.ts';
import { NormalizedTexts } from './normalized-texts.ts';
import { FarDays, type DayFormat } from './file-days.ts';
import { RowFields } from './row-fields.ts';

const rowsPerBatch = 5_000;

/** The result of reading a file, besides the staged rows. */
export interface FileReadResult {
  readonly rows: number;
  readonly sha256: string;
  /** RESH-ids in any row, also in rejected and ignored ones */
  readonly mentionedReshIds: MentionedReshIds;
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
  /** Names of the columns of a file without a header */
  readonly columns?: Pick<CsvRecord, 'line' | 'fields'> | undefined;
  readonly days?: DayFormat | undefined;
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
  const mentionedReshIds = new MentionedReshIds();
  const normalized = new NormalizedTexts();
  const farDays = new FarDays();
  let sha256 = '';
  let columns: readonly string[] = [];
  let columnNames: ReadonlyMap<string, string> = new Map();
  try {
    const source = await openCsv(path);
    const records = source.records[Symbol.asyncIterator]();
    let blankRows = 0;
    const nextRow = async (): Promise<CsvRecord | undefined> => {
      let next = await records.next();
      while (!next.done && isBlank(next.value)) {
        blankRows += 1;
        next = await records.next();
      }
      return next.done ? undefined : next.value;
    };
    const header = readHeader(file, options, options.columns ?? (await nextRow()));
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
    for (let record = await nextRow(); record; record = await nextRow()) {
      rows += 1;
      if (header.fatalProblems.length > 0) continue;
      const result = readRow(file, options, header, record, { validFrom, farDays });
      for (const reshId of result.reshIds) mentionedReshIds.add(reshId);
      if (result.staged === null) {
        skipped += 1;
        continue;
      }
      normalized.add(result.staged.row.line, result.staged.normalizedColumns);
      staged.push(result.staged.row);
      problems.push(...result.staged.problems);
      if (staged.length >= rowsPerBatch) await flush();
    }
    await flush();
    sha256 = source.sha256();
    if (skipped > 0)
      warnings.push(`${options.name}: ${skipped} of ${rows} rows are not valid on the day and were ignored.`);
    if (blankRows > 0)
      warnings.push(`${options.name}: ${blankRows} blank ${blankRows === 1 ? 'row is' : 'rows are'} passed over.`);
    warnings.push(...farDays.describe(options.name));
    warnings.push(...normalized.describe(options.name, columnNames));
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
  return { rows, sha256, mentionedReshIds, warnings, columns, columnNames, fatalProblems };
}

function isBlank({ fields }: CsvRecord): boolean {
  return fields.every((field) => field.trim() === '');
}

function readHeader(
  file: ImportFileName,
  { name, format: { required, optional, ignored }, columnNames: requestedNames }: FileReadOptions,
  header: Pick<CsvRecord, 'line' | 'fields'> | undefined,
): Header {
  const fileColumns = (header?.fields ?? []).map((column) => replaceNulCharacters(normalizeLine(column)));
  const normalizedColumns = fileColumns.map((column) => column.toLowerCase());
  const columnIndexes = new Map<string, number>();
  const columnNames = new Map<string, string>();
  for (const ownColumn of [...required, ...optional, ...ignored]) {
    const fileColumn = normalizeLine(requestedNames.get(ownColumn) ?? ownColumn);
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
  { format, days }: FileReadOptions,
  { columnIndexes, fieldCount }: Header,
  record: CsvRecord,
  { validFrom, farDays }: { readonly validFrom: Day | null; readonly farDays: FarDays },
) {
  const fields = new RowFields(
    new Map([...columnIndexes].map(([ownColumn, index]) => [ownColumn, record.fields[index] ?? ''])),
    record.hasStrayQuote,
    farDays,
    days,
  );
  const values = format.read(fields, validFrom);
  const { normalizedColumns, reshIds } = fields;
  if (values === null) return { reshIds, staged: null };
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
  return { reshIds, staged: { row, problems, normalizedColumns } };
}
