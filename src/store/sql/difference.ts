import { factTables, listValueColumns, type FactTable } from './fact-tables.ts';

/** Rows of a table that may make a difference: `resh_id`, the columns asked for, and whether each row is seen before and after. */
type TouchedRowsSql = (table: string, columns: readonly string[]) => string;

interface DifferenceParts {
  readonly touchedRows: TouchedRowsSql;
  /** Columns by which differences are told apart, beside the unit */
  readonly keyColumns: readonly string[];
  /** What holds a version `v` of the unit of `differing` to being seen after */
  readonly afterCondition: string;
  /** What holds it to being seen before or after */
  readonly eitherCondition: string;
  /** RESH-id of the unit asked about, absent for everything */
  readonly within?: string | undefined;
}

const beforeDiffersFromAfter = 'bool_or(is_before) is distinct from bool_or(is_after)';

// The points, as the statements' first values.
const [fromRevision, fromDay, toRevision, toDay] = ['$1::integer', '$2::date', '$3::integer', '$4::date'];

/**
 * Units that differ between two points ($1 to $4: revision and day of one, then of the other), as `resh_id`. It reads only rows with a
 * bound that lies between the points: no other row is seen at one and not at the other.
 *
 * @param after expression: only units with a greater RESH-id
 */
export function differingUnitsBetweenPointsSql(after: string, within?: string): string {
  return differingUnitsSql({
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
    afterCondition: visibleAtTo('v.'),
    eitherCondition: `(${visibleAtFrom('v.')} or ${visibleAtTo('v.')})`,
    within,
  });
}

/**
 * Units that differ, with the keys of the difference; the rule in words is `unitDifference`.
 *
 * A unit that is valid on one side only differs by its version; what its lists have is compared where it is valid.
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

/** Returns the units with facts on one side that the other side has not: rows that were cut or joined fall out. */
function factsOnOneSideSql({ touchedRows, keyColumns }: DifferenceParts, table: FactTable): string {
  const { names, selected } = listValueColumns(table);
  return `select ${[...keyColumns, 'resh_id'].join(', ')}
      from (${touchedRows(table.name, selected)}
      ) as touched
      group by ${[...keyColumns, 'resh_id', ...names].join(', ')}
      having ${beforeDiffersFromAfter}`;
}

// The offset keeps PostgreSQL from joining all versions at once, whatever it believes of the number of differences: it looks each up.
function versionSubquerySql(condition: string): string {
  return `
        select from unit_version v
        where v.resh_id = differing.resh_id
          and ${condition}
        offset 0`;
}

function visibleAtFrom(table = ''): string {
  return `(${knownAt(fromRevision, table)} and ${validOn(fromDay, table)})`;
}

function knownAt(revision: string, table = ''): string {
  return `${table}recorded_rev <= ${revision} and (${table}superseded_rev is null or ${table}superseded_rev > ${revision})`;
}

function validOn(day: string, table = ''): string {
  return `${table}valid_from <= ${day} and (${table}valid_to is null or ${table}valid_to > ${day})`;
}

function visibleAtTo(table = ''): string {
  return `(${knownAt(toRevision, table)} and ${validOn(toDay, table)})`;
}

function between(column: string, one: string, other: string): string {
  return `(${column} > least(${one}, ${other}) and ${column} <= greatest(${one}, ${other}))`;
}

/**
 * Days from $2 to $3 and units that differ from the day before, as `day` and `resh_id`, known at revision $1. It reads only rows that
 * begin or end on one of these days.
 *
 * @param scope what holds `resh_id` to units that may matter
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
    afterCondition: `${knownAt('$1::integer', 'v.')} and ${validOn('differing.day', 'v.')}`,
    eitherCondition: `${knownAt('$1::integer', 'v.')} and v.valid_from <= differing.day and (v.valid_to is null or v.valid_to >= differing.day)`,
    within,
  });
}
