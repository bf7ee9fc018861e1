import { factTables, listValueColumns, type FactTable } from './fact-tables.ts';
import { knownAt, validOn } from './temporal-conditions.ts';

/** Returns a query of the rows of a table that can differ: `resh_id`, the given columns, `is_before` and `is_after`. */
type TouchedRowsSql = (table: string, columns: readonly string[]) => string;

export interface DifferenceParts {
  readonly touchedRows: TouchedRowsSql;
  /** Columns of the key of a difference, besides the unit */
  readonly keyColumns: readonly string[];
  /** Condition on a version `v` of the unit of `differing`: visible after */
  readonly afterCondition: string;
  /** Condition on `v`: visible before or after */
  readonly eitherCondition: string;
  /** Expression for the RESH-id of the unit at the top, absent for the whole register */
  readonly within?: string | undefined;
}

const beforeDiffersFromAfter = 'bool_or(is_before) is distinct from bool_or(is_after)';

/** The two points are the first parameters of the statements. */
export const [fromRevision, fromDay, toRevision, toDay] = ['$1::integer', '$2::date', '$3::integer', '$4::date'];

/**
 * Returns a query of the units that differ between two points ($1 to $4: revision and day of each), as `resh_id`. It
 * reads only rows that start or end between the points: all others are visible at both points or at neither.
 *
 * @param after SQL expression; limits the units to greater RESH-ids
 * @param within SQL expression for the RESH-id of the unit at the top; absent for the whole register
 */
export function differingUnitsBetweenPointsSql(after: string, within?: string): string {
  return differingUnitsSql(partsBetweenPoints(after, within));
}

/** Returns the parts of a difference between two points; parameters as in {@link differingUnitsBetweenPointsSql}. */
export function partsBetweenPoints(after: string, within?: string): DifferenceParts {
  return {
    touchedRows: (table, columns) => `
        select resh_id, ${columns.join(', ')}, ${visibleAtFrom()} as is_before, ${visibleAtTo()} as is_after
        from ${table}
        where resh_id > ${after}
          and (
            ${between('recorded_rev', fromRevision, toRevision)}
            or ${between('superseded_rev', fromRevision, toRevision)}
            or ${between('valid_from', fromDay, toDay)}
            or ${between('valid_to', fromDay, toDay)}
          )`,
    keyColumns: [],
    afterCondition: visibleAtTo('v'),
    eitherCondition: `(${visibleAtFrom('v')} or ${visibleAtTo('v')})`,
    within,
  };
}

/**
 * Returns a query of the units that differ, with the key of the difference. It follows the rule of
 * `computeUnitDifference`: a unit that is valid on one side only differs by its version, and lists are compared where
 * the unit is valid.
 */
export function differingUnitsSql(parts: DifferenceParts): string {
  const { touchedRows, keyColumns, afterCondition, eitherCondition, within } = parts;
  const { versions, ...lists } = factTables;
  const columns = [...keyColumns, 'resh_id'].join(', ');
  const boundaryCrossings = `
      union
      select ${columns}
      from (${touchedRows('unit_version', [`${within} = any(path) as is_within`])}
      ) as touched
      group by ${columns}
      having bool_or(is_before and is_within) is distinct from bool_or(is_after and is_within)`;
  return `select distinct ${columns}
    from (
      ${factsOnOneSideSql(parts, versions)}${Object.values(lists)
        .map(
          (list) => `
      union
      select ${columns}
      from (
      ${factsOnOneSideSql(parts, list)}
      ) as differing
      where exists (${versionSubquerySql(afterCondition)}
      )`,
        )
        .join('')}${within === undefined ? '' : boundaryCrossings}
    ) as differing${
      within === undefined
        ? ''
        : `
    where exists (${versionSubquerySql(`${eitherCondition} and ${within} = any(v.path)`)}
    )`
    }`;
}

/** Returns a query of the units with facts that only one side has. Rows that were only split or joined do not count. */
export function factsOnOneSideSql({ touchedRows, keyColumns }: DifferenceParts, table: FactTable): string {
  const { names, selected } = listValueColumns(table);
  return `select ${[...keyColumns, 'resh_id'].join(', ')}
      from (${touchedRows(table.name, selected)}
      ) as touched
      group by ${[...keyColumns, 'resh_id', ...names].join(', ')}
      having ${beforeDiffersFromAfter}`;
}

// The offset makes PostgreSQL look up each difference; by its estimates it might join all versions at once.
function versionSubquerySql(condition: string): string {
  return `
        select from unit_version v
        where v.resh_id = differing.resh_id
          and ${condition}
        offset 0`;
}

/** Returns the condition that a row is visible at the first point. */
export function visibleAtFrom(alias?: string): string {
  return `(${knownAt(fromRevision, alias)} and ${validOn(fromDay, alias)})`;
}

/** Returns the condition that a row is visible at the second point. */
export function visibleAtTo(alias?: string): string {
  return `(${knownAt(toRevision, alias)} and ${validOn(toDay, alias)})`;
}

function between(column: string, one: string, other: string): string {
  return `(${column} > least(${one}, ${other}) and ${column} <= greatest(${one}, ${other}))`;
}

/**
 * Returns a query of the units that differ from the previous day, for the days from $2 to $3, as `day` and `resh_id`,
 * known at revision $1. It reads only rows that start or end on one of these days.
 *
 * @param scope condition on `resh_id` with a leading `and`
 * @param within SQL expression for the RESH-id of the unit at the top; absent for the whole register
 */
export function differingDaysSql(scope: string, within?: string): string {
  const rows = (table: string, columns: readonly string[], day: string, isAfter: boolean): string => `
        select ${day} as day, resh_id, ${columns.join(', ')}, ${!isAfter} as is_before, ${isAfter} as is_after
        from ${table}
        where ${knownAt('$1::integer')}
          and ${day} between $2::date and $3::date${scope}`;
  return differingUnitsSql({
    touchedRows: (table, columns) =>
      `${rows(table, columns, 'valid_from', true)}
        union all${rows(table, columns, 'valid_to', false)}`,
    keyColumns: ['day'],
    afterCondition: `${knownAt('$1::integer', 'v')} and ${validOn('differing.day', 'v')}`,
    eitherCondition: `${knownAt('$1::integer', 'v')}
          and v.valid_from <= differing.day
          and (v.valid_to is null or v.valid_to >= differing.day)`,
    within,
  });
}
