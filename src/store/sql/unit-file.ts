import { z } from 'zod';
import type { FactName } from '../../domain/unit/facts.ts';
import { unitFileColumns, unitVersion, type Column, type UnitFileColumn } from '../tables.ts';

type FactColumns = typeof unitVersion.facts;
type FactOf<FileColumn extends UnitFileColumn> = (typeof unitFileColumns)[FileColumn]['fact'];

/** Columns of `units.csv` with facts of a unit, in the order of the file. */
export const unitFactColumns = Object.keys(unitFileColumns) as readonly UnitFileColumn[];

/** Parser of rows with the facts of a unit, named as in `units.csv`. */
export const unitFileRow = z.object(
  Object.fromEntries(unitFactColumns.map((name) => [name, factColumn(name).schema])) as {
    [FileColumn in UnitFileColumn]: FactColumns[FactOf<FileColumn>]['schema'];
  },
);

/** Returns the column of `unit_version` that stores a column of `units.csv`. */
export function factColumn(name: UnitFileColumn): Column {
  return unitVersion.facts[unitFileColumns[name].fact];
}

/** Types of the columns of `units.csv` in a staging table; `type` is text, so that other values can be staged too. */
export const stagedFactTypes: Readonly<Record<string, string>> = Object.fromEntries(
  unitFactColumns.map((name) => [name, name === 'type' ? 'text' : factColumn(name).type]),
);

/**
 * Returns a select list that reads staged facts as columns of `unit_version`, in the order of that table.
 *
 * @param alias alias of the staging table
 */
export function selectStagedFacts(alias: string): string {
  const fileColumnByFact = new Map<FactName, UnitFileColumn>(
    unitFactColumns.map((name) => [unitFileColumns[name].fact, name]),
  );
  return Object.entries(unitVersion.facts)
    .map(([fact, { column, type }]) => `${alias}.${fileColumnByFact.get(fact as FactName)}::${type} as ${column}`)
    .join(', ');
}
