import type { WriteValue } from '../../domain/text/byte-writer.ts';
import { writeCsvValue, type CsvValue } from '../../domain/text/csv.ts';
import type { UnitFacts } from '../../domain/unit/facts.ts';
import { unitFactColumns } from '../../store/sql/unit-file.ts';
import { unitFileColumns, type UnitFileColumn } from '../../store/tables.ts';

/** A column of an extract. */
export interface Column<Row> {
  readonly description: string;
  /** Creates a function that writes the values of one file */
  readonly createWriter: () => WriteValue<Row>;
}

/** Returns a column with values as they are read. */
export function column<Row>(description: string, read: (row: Row) => CsvValue): Column<Row> {
  return { description, createWriter: () => (row, writer) => writeCsvValue(read(row), writer) };
}

/** Returns the columns of a unit's facts, under the names that the import expects. */
export function createFactColumns<Row>(
  selectFacts: (row: Row) => UnitFacts,
): Readonly<Record<UnitFileColumn, Column<Row>>> {
  return Object.fromEntries(
    unitFactColumns.map((name): [string, Column<Row>] => {
      const { fact, description } = unitFileColumns[name];
      return [name, column(description, (row) => selectFacts(row)[fact])];
    }),
  ) as Readonly<Record<UnitFileColumn, Column<Row>>>;
}
