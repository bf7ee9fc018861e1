import { z } from 'zod';
import { Prisma } from '../../generated/prisma/client.js';
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
 * @param alias alias of the table, if the statement has several
 */
export function selectList(columns: Columns, alias?: string): string {
  return Object.entries(columns)
    .map(([name, column]) => `${selectExpression(column, alias)} as "${name}"`)
    .join(', ');
}

/** Returns {@link selectList} for a statement in a tagged template. */
export function selectListSql(columns: Columns, alias: string): Prisma.Sql {
  return Prisma.raw(selectList(columns, alias));
}

const uncastTypes: readonly string[] = ['integer', 'integer[]', 'text', 'text[]', 'boolean'];

/** Returns SQL that reads a column in the form the code uses: dates, instants and enums as text. */
export function selectExpression(column: Column, alias?: string): string {
  const value = valueExpression(column, alias);
  return uncastTypes.includes(column.type) ? value : `${value}::text`;
}

/** Returns SQL for the value of a column; a column with `nullAs` reads null as that value. */
export function valueExpression({ column, nullAs }: Column, alias?: string): string {
  const qualified = alias === undefined ? column : `${alias}.${column}`;
  return nullAs === undefined ? qualified : `coalesce(${qualified}, ${nullAs})`;
}

/** Returns the database names of columns, qualified with the alias of their table if one is given. */
export function columnNames(columns: Columns, alias?: string): string[] {
  return Object.values(columns).map(({ column }) => (alias === undefined ? column : `${alias}.${column}`));
}

/** Returns the columns of an insert, without the revision. */
export function insertColumns({ key, period, facts, derived }: Table): Columns {
  return { ...key, ...period, ...facts, ...derived };
}

/**
 * Returns a statement that inserts rows into a table: `$1` is a JSON array of rows with the names of the code, `$2` the
 * revision that records them.
 */
export function insertStatement(table: Table): string {
  const columns = insertColumns(table);
  const values = Object.keys(columns).map((name) => `row."${name}"`);
  return `insert into ${table.name} (${columnNames(columns).join(', ')}, recorded_rev)
     select ${values.join(', ')}, $2::integer
     from jsonb_to_recordset($1::text::jsonb) as row (${recordColumns(columns)})`;
}

/** Returns the column definitions for `jsonb_to_recordset`, with the names of the code. */
export function recordColumns(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, { type }]) => `"${name}" ${type}`)
    .join(', ');
}
