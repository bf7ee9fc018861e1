import { sayingTables } from './fact-tables.ts';

type SayingTable = (typeof sayingTables)[keyof typeof sayingTables];

/** Rows of a table that may make a difference: `resh_id`, the columns asked for, and whether each row is seen before and after. */
type TouchedRows = (table: string, columns: readonly string[]) => string;

interface Difference {
  readonly touched: TouchedRows;
  /** Columns by which differences are told apart, beside the unit */
  readonly keys: readonly string[];
  /** What holds a version `v` of the unit of `differing` to being seen after */
  readonly isAfter: string;
  /** What holds it to being seen before or after */
  readonly isEither: string;
  /** RESH-id of the unit asked about, absent for everything */
  readonly within?: string | undefined;
}

const tellsBeforeFromAfter = 'bool_or(is_before) is distinct from bool_or(is_after)';

/** What a table says before and not after, or after and not before: rows that were cut or joined fall out. */
const saidOnce = ({ touched, keys }: Difference, { name, content }: SayingTable): string => {
  const said = content.map((_column, place) => `said_${place}`);
  const columns = content.map((column, place) => `${column} as said_${place}`);
  return `select ${[...keys, 'resh_id'].join(', ')}
      from (${touched(name, columns)}
      ) as touched
      group by ${[...keys, 'resh_id', ...said].join(', ')}
      having ${tellsBeforeFromAfter}`;
};

// The offset keeps PostgreSQL from joining all versions at once, whatever it believes of the number of differences: it looks each up.
const ofVersion = (condition: string): string => `
        select from unit_version v
        where v.resh_id = differing.resh_id
          and ${condition}
        offset 0`;

/**
 * Units that differ, with the keys of the difference; the rule in words is `unitDifference`.
 *
 * A unit that is valid on one side only differs by its version; what its lists have is compared where it is valid.
 */
export const differingUnits = (difference: Difference): string => {
  const { touched, keys, isAfter, isEither, within } = difference;
  const { versions, ...lists } = sayingTables;
  const columns = [...keys, 'resh_id'].join(', ');
  const crossing = `
      union
      select ${columns}
      from (${touched('unit_version', [`${within} = any(path) as is_within`])}
      ) as touched
      group by ${columns}
      having bool_or(is_before and is_within) is distinct from bool_or(is_after and is_within)`;
  return `select distinct ${columns}
    from (
      ${saidOnce(difference, versions)}${Object.values(lists)
        .map(
          (list) => `
      union
      select ${columns}
      from (
      ${saidOnce(difference, list)}
      ) as differing
      where exists (${ofVersion(isAfter)}
      )`,
        )
        .join('')}${within === undefined ? '' : crossing}
    ) as differing${
      within === undefined
        ? ''
        : `
    where exists (${ofVersion(`${isEither} and ${within} = any(v.path)`)}
    )`
    }`;
};

const knownAt = (revision: string, table = ''): string =>
  `${table}recorded_rev <= ${revision} and (${table}superseded_rev is null or ${table}superseded_rev > ${revision})`;

const validOn = (day: string, table = ''): string =>
  `${table}valid_from <= ${day} and (${table}valid_to is null or ${table}valid_to > ${day})`;

// The points, as the statements' first values.
const [fromRevision, fromDay, toRevision, toDay] = ['$1::integer', '$2::date', '$3::integer', '$4::date'];
const atFrom = (table = ''): string => `(${knownAt(fromRevision, table)} and ${validOn(fromDay, table)})`;
const atTo = (table = ''): string => `(${knownAt(toRevision, table)} and ${validOn(toDay, table)})`;

const between = (column: string, one: string, other: string): string =>
  `(${column} > least(${one}, ${other}) and ${column} <= greatest(${one}, ${other}))`;

/**
 * Units that differ between two points ($1 to $4: revision and day of one, then of the other), as `resh_id`. It reads only rows with a
 * bound that lies between the points: no other row is seen at one and not at the other.
 *
 * @param after expression: only units with a greater RESH-id
 */
export const unitsThatDiffer = (after: string, within?: string): string =>
  differingUnits({
    touched: (table, columns) => `
        select resh_id, ${columns.join(', ')}, ${atFrom()} as is_before, ${atTo()} as is_after
        from ${table}
        where resh_id > ${after}
          and (
            ${between('recorded_rev', fromRevision, toRevision)}
            or ${between('superseded_rev', fromRevision, toRevision)}
            or ${between('valid_from', fromDay, toDay)}
            or ${between('valid_to', fromDay, toDay)}
          )`,
    keys: [],
    isAfter: atTo('v.'),
    isEither: `(${atFrom('v.')} or ${atTo('v.')})`,
    within,
  });

/**
 * Days from $2 to $3 and units that differ from the day before, as `day` and `resh_id`, known at revision $1. It reads only rows that
 * begin or end on one of these days.
 *
 * @param scope what holds `resh_id` to units that may matter
 */
export const daysThatDiffer = (scope: string, within?: string): string => {
  const rows = (table: string, columns: readonly string[], day: string, isAfter: boolean): string => `
        select ${day} as day, resh_id, ${columns.join(', ')}, ${!isAfter} as is_before, ${isAfter} as is_after
        from ${table}
        where ${knownAt('$1::integer')}
          and ${day} between $2::date and $3::date${scope}`;
  return differingUnits({
    touched: (table, columns) =>
      `${rows(table, columns, 'valid_from', true)}
        union all${rows(table, columns, 'valid_to', false)}`,
    keys: ['day'],
    isAfter: `${knownAt('$1::integer', 'v.')} and ${validOn('differing.day', 'v.')}`,
    isEither: `${knownAt('$1::integer', 'v.')} and v.valid_from <= differing.day and (v.valid_to is null or v.valid_to >= differing.day)`,
    within,
  });
};
