import type { BulkSession } from '../database/bulk-session.ts';

/** Files of an import, in the order in which their problems are told. */
export const importFileNames = [
  'codes.csv',
  'treatment_sites.csv',
  'units.csv',
  'unit_codes.csv',
  'identifiers.csv',
] as const;
export type ImportFileName = (typeof importFileNames)[number];

/** Which of the files that others refer to could be read: of the others it cannot be told what they lack. */
export interface ReadableFiles {
  readonly units: boolean;
  readonly codes: boolean;
  readonly sites: boolean;
}

/** A value of a staged row; lists go in as PostgreSQL array text. */
export type StagedValue = string | number | boolean | null;

interface StagingTable {
  readonly table: string;
  /** Columns after `line`, `rejected` and `row_text`, with their types */
  readonly columns: Readonly<Record<string, string>>;
}

/** Where each file's rows wait while they are checked. A value that cannot be told is null, and its row rejected. */
export const stagingTables: Readonly<Record<ImportFileName, StagingTable>> = {
  'codes.csv': {
    table: 'import_code',
    columns: {
      code_set: 'integer',
      code_set_name: 'text',
      code: 'text',
      name: 'text',
      parent_code: 'text',
      retired: 'boolean',
      replaced_by: 'text[]',
      valid_from: 'date',
      valid_to: 'date',
    },
  },
  'treatment_sites.csv': {
    table: 'import_site',
    columns: {
      organization_number: 'text',
      name: 'text',
      municipality: 'text',
      postal_code: 'text',
      city: 'text',
      trust_resh_id: 'integer',
      valid_from: 'date',
      valid_to: 'date',
    },
  },
  'units.csv': {
    table: 'import_unit',
    columns: {
      resh_id: 'integer',
      type: 'text',
      name: 'text',
      short_name: 'text',
      parent_resh_id: 'integer',
      organization_number: 'text',
      treatment_site_number: 'text',
      designation: 'text',
      designation_text: 'text',
      responsible_person: 'text',
      valid_from: 'date',
      valid_to: 'date',
      // Of another register: the ids that the unit and its parent have there
      foreign_id: 'text',
      foreign_parent: 'text',
    },
  },
  'unit_codes.csv': {
    table: 'import_unit_code',
    columns: {
      resh_id: 'integer',
      code_set: 'integer',
      code: 'text',
      valid_from: 'date',
      valid_to: 'date',
      foreign_id: 'text',
    },
  },
  'identifiers.csv': {
    table: 'import_identifier',
    columns: {
      resh_id: 'integer',
      system: 'text',
      value: 'text',
      valid_from: 'date',
      valid_to: 'date',
      foreign_id: 'text',
    },
  },
};

const workTables = [
  'import_problem',
  'import_claim',
  'import_contender',
  'import_taken',
  'import_placed',
  'import_wave',
  'import_segment',
  'import_unreached',
  'import_unit_days',
  'import_code_period',
  'import_identifier_period',
  'import_version',
  'import_missing_site',
  'import_problem_order',
  'import_foreign',
  'picture_unit',
  'picture_kept',
  'picture_difference',
];

const createTablesSql = [
  ...Object.values(stagingTables).map(
    ({ table, columns }) => `create temporary table ${table} (
      line integer not null,
      rejected boolean not null,
      row_text text not null,
      ${Object.entries(columns)
        .map(([name, type]) => `${name} ${type}`)
        .join(',\n      ')}
    );`,
  ),
  `create temporary table import_problem (
    file text not null,
    line integer,
    column_name text,
    value text,
    problem text not null,
    remedy text not null,
    kind text not null default 'PROBLEM'
  );`,
].join('\n');

/** Makes the staging tables, temporary ones of the session. */
export async function createStaging(session: BulkSession): Promise<void> {
  await dropStaging(session);
  await session.execute(`set work_mem = '64MB'; set jit = off;\n${createTablesSql}`);
}

/** Removes what an import staged on the session. */
export function dropStaging(session: BulkSession): Promise<void> {
  return session.execute(
    [...Object.values(stagingTables).map(({ table }) => table), ...workTables]
      .map((table) => `drop table if exists ${table};`)
      .join('\n') + 'reset work_mem; reset jit;',
  );
}

const toSingleChunk = async function* (text: string) {
  yield text;
};

/** A row read from a file, ready to be staged. */
export interface StagedRow {
  readonly line: number;
  readonly rejected: boolean;
  readonly rowText: string;
  readonly values: Readonly<Record<string, StagedValue>>;
}

/** Copies rows of one file into its staging table. */
export function stageRows(session: BulkSession, file: ImportFileName, rows: readonly StagedRow[]): Promise<void> {
  const { table, columns } = stagingTables[file];
  const columnNames = Object.keys(columns);
  const text = rows
    .map((row) => formatCsvLine([row.line, row.rejected, row.rowText, ...columnNames.map((name) => row.values[name])]))
    .join('');
  return session.copyFrom(`${table} (line, rejected, row_text, ${columnNames.join(', ')})`, toSingleChunk(text));
}

function formatCsvLine(values: readonly (StagedValue | undefined)[]): string {
  return `${values.map(formatCsvField).join(',')}\n`;
}

function formatCsvField(value: StagedValue | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value);
}

/** A problem as it is staged; the line is null where the whole file is meant. */
export interface StagedProblem {
  readonly file: ImportFileName;
  readonly line: number | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly problem: string;
  readonly remedy: string;
}

/** Copies problems beside those that the checks in SQL find. */
export function stageProblems(session: BulkSession, problems: readonly StagedProblem[]): Promise<void> {
  const text = problems
    .map(({ file, line, column, value, problem, remedy }) =>
      formatCsvLine([file, line, column, value, problem, remedy]),
    )
    .join('');
  return session.copyFrom('import_problem (file, line, column_name, value, problem, remedy)', toSingleChunk(text));
}

/** Gives the planner figures of the staged rows, and the indexes that the checks look rows up by. */
export function indexStaging(session: BulkSession): Promise<void> {
  return session.execute(`
    create index on import_unit (resh_id);
    create index on import_unit (parent_resh_id);
    ${Object.values(stagingTables)
      .map(({ table }) => `create index on ${table} (line);`)
      .join('\n')}
    create index on import_unit (organization_number) where organization_number is not null;
    create index on import_code (code_set, code);
    create index on import_site (organization_number);
    create index on import_unit_code (resh_id);
    create index on import_identifier (resh_id);
    create index on import_problem (file, line);
    analyze import_problem;
    ${Object.values(stagingTables)
      .map(({ table }) => `analyze ${table};`)
      .join('\n')}`);
}
