import type { CsvValue } from '../../domain/text/csv.ts';
import type { UnitFacts } from '../../domain/unit/facts.ts';
import { unitFactColumns } from '../../store/sql/unit-file.ts';
import { unitFileColumns, type UnitFileColumn } from '../../store/tables.ts';

/** A column of an extract. */
export interface Column<Row> {
  readonly description: string;
  readonly value: (row: Row) => CsvValue;
}

/** Returns the columns of a unit's facts, under the names that the import expects. */
export function createFactColumns<Row>(
  selectFacts: (row: Row) => UnitFacts,
): Readonly<Record<UnitFileColumn, Column<Row>>> {
  return Object.fromEntries(
    unitFactColumns.map((column): [string, Column<Row>] => {
      const { fact, description } = unitFileColumns[column];
      return [column, { description, value: (row) => selectFacts(row)[fact] }];
    }),
  ) as Readonly<Record<UnitFileColumn, Column<Row>>>;
}
