import { stagingTables } from './tables.ts';

interface DetailUnits {
  /** SQL text of the unit's id in a row `d` */
  readonly id: string;
  /** Query of the units that the rows can belong to, for a row `d` */
  readonly knownUnits: string;
  /** Problem and remedy of a row whose unit is unknown */
  readonly problem: string;
  readonly remedy: string;
}

/** Returns the statement that finds codes or identifiers of units that are unknown or have a rejected row. */
export function detailUnitsSql(
  file: 'unit_codes.csv' | 'identifiers.csv',
  { id, knownUnits, problem, remedy }: DetailUnits,
): string {
  return `-- rows of unknown or rejected units
  insert into import_problem (kind, file, line, column_name, value, problem, remedy)
  select case when u.line is null then 'PROBLEM' else 'DEPENDENT' end, '${file}', d.line, 'resh_id', ${id},
    case
      when u.line is null then '${problem}'
      else 'belongs to a unit with a rejected row (line ' || u.line || ')'
    end,
    case when u.line is null then '${remedy}' else 'correct the row of the unit' end
  from ${stagingTables[file].table} d
  left join lateral (
    select line
    from import_unit
    where resh_id = d.resh_id
    order by line
    limit 1
  ) as u on true
  where d.resh_id is not null
    and not exists (${knownUnits})`;
}
