import { z } from 'zod';
import type { Column, Columns, Table } from '../tables.ts';

type RowOf<Selected extends Columns> = { [Name in keyof Selected]: Selected[Name]['schema'] };

/** Returns the parser of rows that {@link selectList} selects. */
export function rowSchema<Selected extends Columns>(columns: Selected): z.ZodObject<RowOf<Selected>> {
  const shape = Object.fromEntries(Object.entries(columns).map(([name, { schema }]) => [name, schema]));
  return z.object(shape as RowOf<Selected>);
}

/**
 * Returns a select list: each column under its name in the code.
 *
 * @param alias of the table, where the statement has several
 */
export function selectList(columns: Columns, alias?: string): string {
  return Object.entries(columns)
    .map(([name, column]) => `${selectExpression(column, alias)} as "${name}"`)
    .join(', ');
}

const typesReadAsTheyAre: readonly string[] = ['integer', 'integer[]', 'text', 'text[]', 'boolean'];

/** Returns the SQL that reads a column as the code has its value. */
export function selectExpression(column: Column, alias?: string): string {
  const value = valueExpression(column, alias);
  return typesReadAsTheyAre.includes(column.type) ? value : `${value}::text`;
}

/** Returns the value of a column, with null and the empty list as one. */
export function valueExpression({ column, nullAs }: Column, alias?: string): string {
  const qualified = alias === undefined ? column : `${alias}.${column}`;
  return nullAs === undefined ? qualified : `coalesce(${qualified}, ${nullAs})`;
}

/** Returns the names of columns in the database, each with the alias of its table where one is given. */
export function columnNames(columns: Columns, alias?: string): string[] {
  return Object.values(columns).map(({ column }) => (alias === undefined ? column : `${alias}.${column}`));
}

/** Returns the columns that an insert gives values, besides the revision. */
export function insertColumns({ key, period, facts, derived }: Table): Columns {
  return { ...key, ...period, ...facts, ...derived };
}

/** Returns the columns of `jsonb_to_recordset`, by their names in the code. */
export function recordColumns(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, { type }]) => `"${name}" ${type}`)
    .join(', ');
}
