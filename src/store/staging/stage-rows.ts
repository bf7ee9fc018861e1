import { formatCopyLine, type CsvValue } from '../../domain/text/csv.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import type { ImportFileName } from '../tables.ts';
import { stagingTables } from './tables.ts';

/** A value of a staged row; a list is PostgreSQL array text. */
export type StagedValue = string | number | boolean | null;

/** A row read from a file, ready to be staged. */
export interface StagedRow {
  readonly line: number;
  readonly rejected: boolean;
  readonly rowText: string;
  readonly values: Readonly<Record<string, StagedValue>>;
}

/** A problem of a row; the line is null for a problem of the whole file. */
export interface StagedProblem {
  readonly file: ImportFileName;
  readonly line: number | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly problem: string;
  readonly remedy: string;
}

/** Copies rows of one file into its staging table. */
export function stageRows(session: BulkSession, file: ImportFileName, rows: readonly StagedRow[]): Promise<void> {
  const { table, columns } = stagingTables[file];
  const columnNames = Object.keys(columns);
  return copyLines(
    session,
    `${table} (line, rejected, row_text, ${columnNames.join(', ')})`,
    rows.map((row) => [row.line, row.rejected, row.rowText, ...columnNames.map((name) => row.values[name])]),
  );
}

/** Copies problems found outside the database into the table of problems. */
export function stageProblems(session: BulkSession, problems: readonly StagedProblem[]): Promise<void> {
  return copyLines(
    session,
    'import_problem (file, line, column_name, value, problem, remedy)',
    problems.map(({ file, line, column, value, problem, remedy }) => [file, line, column, value, problem, remedy]),
  );
}

function copyLines(session: BulkSession, target: string, lines: readonly (readonly CsvValue[])[]): Promise<void> {
  return session.copyFrom(target, toSingleChunk(lines.map(formatCopyLine).join('')));
}

async function* toSingleChunk(text: string): AsyncGenerator<string> {
  yield text;
}
