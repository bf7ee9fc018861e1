import type { ExtractTableRow } from '../../store/read/extract-tables.ts';
import { successionFileColumns } from '../../store/tables.ts';
import { column, type Column } from './columns.ts';

/** Columns of successions.csv, in order. */
export const successionColumns: Readonly<Record<string, Column<ExtractTableRow>>> = Object.fromEntries(
  Object.entries(successionFileColumns).map(([name, description], index) => [
    name,
    column(description, ({ values }: ExtractTableRow) => values[index] ?? null),
  ]),
);
