import { columnNames, valueExpression } from './columns.ts';
import { dateRangeSql } from './date-range.ts';
import { succession, unitTables, unitVersion, type Columns, type Table } from '../tables.ts';

/** A table of dated facts of units, and the expressions of its facts, without days, revisions and derived columns. */
export interface FactTable {
  readonly name: string;
  readonly content: readonly string[];
}

/** The facts and lists of a unit. */
export const factTables = Object.fromEntries(
  Object.entries(unitTables).map(([list, table]) => [list, toFactTable(table)]),
) as Readonly<Record<keyof typeof unitTables, FactTable>>;

function toFactTable({ name, facts }: Table): FactTable {
  return { name, content: factExpressions(facts) };
}

function factExpressions(facts: Columns): string[] {
  return Object.values(facts).map((column) => valueExpression(column));
}

/** Tables in which a revision changes a unit itself, but for its predecessors. */
export const ownChangeTables: readonly FactTable[] = [
  ...Object.values(factTables),
  successionTable('from_resh_id', 'to_resh_id'),
];

/** Tables in which a revision changes a unit itself: what it has, what it became, and what became it. */
export const unitChangeTables: readonly FactTable[] = [
  ...ownChangeTables,
  successionTable('to_resh_id', 'from_resh_id'),
];

/** Returns the successions of a unit on one side, each valid on the day it takes effect. */
function successionTable(unit: string, other: string): FactTable {
  const columns = columnNames({ ...succession.key, ...succession.facts }).join(', ');
  return {
    name: `(
          select ${unit} as resh_id, ${columns}, effective_on as valid_from,
            effective_on + 1 as valid_to, recorded_rev, superseded_rev
          from succession
        ) as succession`,
    content: [other, 'kind', 'extent'],
  };
}

/** The facts of a unit's versions, and its path. */
export const placedVersionTable: FactTable = {
  name: unitVersion.name,
  content: [...factTables.versions.content, 'path_text'],
};

/** Returns the facts of a table as `value_0`, `value_1` ..., with their expressions. */
export function listValueColumns({ content }: FactTable): { names: string[]; selected: string[] } {
  return {
    names: content.map((_expression, index) => `value_${index}`),
    selected: content.map((expression, index) => `${expression} as value_${index}`),
  };
}

/**
 * Returns a condition on a revision column. It compares pairs so that the planner uses an index: in a register of one
 * large import, the statistics say that a revision has all rows.
 */
export function matchesRevision(revision: string) {
  return (revisionColumn: string): string =>
    `(${revisionColumn}, resh_id) > (${revision}, 0) and (${revisionColumn}, resh_id) < (${revision} + 1, 0)`;
}

/**
 * Returns a query of the first units in RESH-id order that a revision changed in a table, as `resh_id`. It steps from
 * unit to unit along the indexes, so it reads only the units that it skips or finds, regardless of the planner's
 * statistics.
 *
 * @param revision SQL expression, like the other parameters
 * @param condition on `step.resh_id`
 */
export function firstChangedUnitsSql(
  table: FactTable,
  revision: string,
  after: string,
  limit: string,
  condition = 'true',
): string {
  const nextTouchedUnitSql = (revisionColumn: string): string => `(
            select resh_id
            from (
              select ${revisionColumn} as rev, resh_id
              from ${table.name}
              where (${revisionColumn}, resh_id) > (${revision}, step.resh_id)
              order by ${revisionColumn}, resh_id
              limit 1
            ) as following
            where rev = ${revision}
          )`;
  return `with recursive step as (
        select ${after} as resh_id
        union all
        select least(${nextTouchedUnitSql('recorded_rev')}, ${nextTouchedUnitSql('superseded_rev')})
        from step
        where step.resh_id is not null
      )
      select step.resh_id
      from step
      where step.resh_id > ${after}
        and ${condition}
        and exists (
        ${changedUnitsSql(table, (revisionColumn) => `${revisionColumn} = ${revision} and resh_id = step.resh_id`)}
        )
      limit ${limit}`;
}

/**
 * Returns a query of the units that revisions changed, as `rev` and `resh_id`. A unit changed if a fact holds on other
 * days after the revision than before; rows that were only split, joined or given another path do not count.
 *
 * @param where returns the condition on revisions and units for a revision column
 */
export function changedUnitsSql(table: FactTable, where: (revisionColumn: string) => string): string {
  const { names, selected } = listValueColumns(table);
  const touchedRowsSql = (revisionColumn: string, isKnown: boolean): string => `
        select ${revisionColumn} as rev, resh_id, ${selected.join(', ')},
          ${dateRangeSql()} as days,
          ${isKnown} as is_known
        from ${table.name}
        where ${where(revisionColumn)}`;
  return `select rev, resh_id
      from (${touchedRowsSql('recorded_rev', true)}
        union all${touchedRowsSql('superseded_rev', false)}
      ) as touched
      group by rev, resh_id, ${names.join(', ')}
      having range_agg(days) filter (where is_known) is distinct from range_agg(days) filter (where not is_known)`;
}
