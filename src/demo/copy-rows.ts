import { formatCopyLine } from '../domain/text/csv.ts';
import type { LockedBulkTransaction } from '../store/database/transaction.ts';
import { columnNames, insertColumns } from '../store/sql/columns.ts';
import {
  accessGrant,
  administrator,
  codeVersion,
  succession,
  treatmentSiteVersion,
  unitTables,
  type Table,
} from '../store/tables.ts';

type Cell = string | number | null;

const datedTables = {
  code_version: codeVersion,
  treatment_site_version: treatmentSiteVersion,
  unit_version: unitTables.versions,
  unit_code: unitTables.codes,
  unit_identifier: unitTables.identifiers,
  unit_name: unitTables.names,
  unit_address: unitTables.addresses,
  unit_contact_point: unitTables.contactPoints,
  succession,
  administrator,
  access_grant: accessGrant,
} as const;
type DatedTableName = keyof typeof datedTables;

const identityTargets = {
  code_set: 'code_set (number, oid, name, registered_rev)',
  code: 'code (code_set, code, registered_rev)',
  unit: 'unit (resh_id, registered_rev)',
  treatment_site: 'treatment_site (organization_number, registered_rev)',
} as const;
type IdentityTableName = keyof typeof identityTargets;

/** A row of a table without its revision. */
export type DemoRow = readonly [table: IdentityTableName | DatedTableName, cells: readonly Cell[]];

// Tables and columns that COPY fills; referenced tables come first.
const copyTargets: ReadonlyMap<string, string> = new Map([
  ...Object.entries(identityTargets),
  ...Object.values(datedTables).map((table) => [table.name, formatCopyTarget(table)] as const),
]);

function formatCopyTarget(table: Table): string {
  return `${table.name} (${columnNames(insertColumns(table)).join(', ')}, recorded_rev)`;
}

const cellNames: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values(datedTables).map((table) => [table.name, Object.keys(insertColumns(table))]),
);

/** Returns a row of a table; columns without a value are null. */
export function buildRow(name: DatedTableName, values: Readonly<Record<string, Cell>>): DemoRow {
  return [name, (cellNames.get(name) ?? []).map((cell) => values[cell] ?? null)];
}

/** Returns a PostgreSQL array literal; the items must not contain quotation marks or backslashes. */
export function formatArray(items: readonly (string | number)[]): string {
  return `{${items.map((item) => (typeof item === 'number' ? item : `"${item}"`)).join(',')}}`;
}

/** Collects rows and writes them table by table. */
export interface RowWriter {
  add(row: DemoRow): void;
  write(): Promise<void>;
}

/** Creates a writer of rows at a revision. */
export function createRowWriter(transaction: LockedBulkTransaction, revision: number): RowWriter {
  let pendingLines = new Map<string, string[]>();
  return {
    add: ([table, cells]) => {
      const lines = pendingLines.get(table) ?? [];
      if (lines.length === 0) pendingLines.set(table, lines);
      lines.push(formatCopyLine([...cells, revision]));
    },
    write: async () => {
      for (const [table, target] of copyTargets) {
        const lines = pendingLines.get(table);
        if (lines) await transaction.copyFrom(target, toSingleChunk(lines.join('')));
      }
      pendingLines = new Map();
    },
  };
}

async function* toSingleChunk(text: string): AsyncGenerator<string> {
  yield text;
}
