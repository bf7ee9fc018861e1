import type { BulkSession } from '../database/bulk-session.ts';
import { stagedFactTypes } from '../sql/unit-file.ts';
import type { ImportFileName } from '../tables.ts';

/** The files that could be read, of those that other files refer to. References to unreadable files are not checked. */
export interface ReadableFiles {
  readonly units: boolean;
  readonly codes: boolean;
  readonly sites: boolean;
}

interface StagingTable {
  readonly table: string;
  /** Columns after `line`, `rejected` and `row_text`, with their types */
  readonly columns: Readonly<Record<string, string>>;
}

/** Staging table of each file. A value that cannot be read is null, and its row is rejected. */
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
      ...stagedFactTypes,
      valid_from: 'date',
      valid_to: 'date',
      // Ids of the unit and its parent in another register
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
  'successions.csv': {
    table: 'import_succession',
    columns: {
      from_resh_id: 'integer',
      to_resh_id: 'integer',
      kind: 'text',
      extent: 'text',
      effective_on: 'date',
      foreign_from: 'text',
      foreign_to: 'text',
    },
  },
};

const stagingTableNames = Object.values(stagingTables).map(({ table }) => table);

const workTableNames = [
  'import_problem',
  'import_problem_order',
  'import_foreign_id',
  'import_repeated_row',
  'import_unique_key',
  'import_candidate',
  'import_reserved_key',
  'import_placeable',
  'import_rejection',
  'import_placement',
  'import_unplaced',
  'import_unit_period',
  'import_code_period',
  'import_identifier_period',
  'import_succession_unit',
  'import_new_succession',
  'import_version',
  'import_missing_site',
  'import_registered_site',
  'desired_retained',
  'desired_absent',
  'desired_succession',
  'desired_difference',
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
    kind text not null default 'PROBLEM',
    file text not null,
    line integer,
    column_name text,
    value text,
    problem text not null,
    remedy text not null
  );`,
].join('\n');

/** Creates the staging tables as temporary tables of the session. */
export async function createStaging(session: BulkSession): Promise<void> {
  await dropStaging(session);
  await session.execute(`set work_mem = '64MB'; set jit = off;\n${createTablesSql}`);
}

/** Drops all temporary tables of an import or a synchronization. */
export function dropStaging(session: BulkSession): Promise<void> {
  const dropTables = [...stagingTableNames, ...workTableNames].map((table) => `drop table if exists ${table};`);
  return session.execute(
    ['drop view if exists import_existing_parent;', ...dropTables, 'reset work_mem; reset jit;'].join('\n'),
  );
}

/** Creates the indexes of the staging tables, and updates the planner's statistics of the tables. */
export function indexStaging(session: BulkSession): Promise<void> {
  return session.execute(`
    create index on import_unit (resh_id);
    create index on import_unit (parent_resh_id);
    ${stagingTableNames.map((table) => `create index on ${table} (line);`).join('\n    ')}
    create index on import_unit (organization_number) where organization_number is not null;
    create index on import_code (code_set, code);
    create index on import_site (organization_number);
    create index on import_unit_code (resh_id);
    create index on import_identifier (resh_id);
    create index on import_problem (file, line);
    analyze import_problem;
    ${stagingTableNames.map((table) => `analyze ${table};`).join('\n    ')}`);
}
