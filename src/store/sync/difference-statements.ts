import { factColumn, unitFactColumns } from '../sql/unit-file.ts';
import { isCurrentSql } from './current-row.ts';
import { selectFactColumns, type SyncScope } from './sync-scope.ts';

/**
 * Returns the statement that finds the units of the desired state that differ from the register. Parameters: $1 day, $2
 * system.
 */
export function buildDifferencesSql(scope: SyncScope): string {
  const conditions = [
    'v.resh_id is null',
    'v.parent_resh_id is distinct from u.parent_resh_id',
    'v.type::text <> u.type',
    ...factConditions(scope),
    ...(scope.system === null ? [] : [foreignIdDiffersSql]),
    ...(scope.hasCodes ? [codesDifferSql] : []),
    ...(scope.hasIdentifiers ? [identifiersDifferSql] : []),
  ];
  return `-- units that differ from the desired state
  insert into desired_difference (resh_id, line, level)
  select p.resh_id, p.line, p.level
  from import_placement p
  join import_unit u on u.line = p.line
  cross join (select $2::text as system) as requested
  left join unit_version v on v.resh_id = p.resh_id and ${isCurrentSql('v')}
  where ${conditions.join('\n    or ')}`;
}

function factConditions(scope: SyncScope): string[] {
  const columns = selectFactColumns(scope);
  const conditions = columns.map((column) => `v.${factColumn(column).column} is distinct from u.${column}`);
  // An unknown type is stored as the designation text, even if the file has no such column.
  return columns.includes('designation_text')
    ? conditions
    : [...conditions, '(u.designation_text is not null and v.designation_text is distinct from u.designation_text)'];
}

const foreignIdDiffersSql = `(u.foreign_id is not null and not exists (
      select from unit_identifier i
      where i.resh_id = p.resh_id and i.system = requested.system and i.value = u.foreign_id and ${isCurrentSql('i')}
    ))`;

const codeTextSql = "d.code_set || ':' || d.code";
const identifierTextSql = "d.system || ' ' || d.value";

const codesDifferSql = `(${hasNoRejectedRowSql('import_unit_code')} and
      ${currentListSql('unit_code', codeTextSql)} is distinct from ${stagedListSql('import_unit_code', codeTextSql)})`;

const isOtherSystemSql = ' and d.system is distinct from requested.system';

const identifiersDifferSql = `(${hasNoRejectedRowSql('import_identifier')} and
      ${currentListSql('unit_identifier', identifierTextSql, isOtherSystemSql)}
        is distinct from ${stagedListSql('import_identifier', identifierTextSql)})`;

// A unit with a rejected row of a code or an identifier keeps its codes or identifiers.
function hasNoRejectedRowSql(table: string): string {
  return `not exists (select from ${table} r where r.resh_id = p.resh_id and r.rejected)`;
}

function currentListSql(table: string, value: string, condition = ''): string {
  return `(
        select array_agg(${value} order by ${value})
        from ${table} d
        where d.resh_id = p.resh_id and ${isCurrentSql('d')}${condition}
      )`;
}

function stagedListSql(table: string, value: string): string {
  return `(
        select array_agg(distinct ${value} order by ${value})
        from ${table} d
        where d.resh_id = p.resh_id and not d.rejected
      )`;
}

/** Returns the statement that reads the desired state of the units that differ, parents before children. */
export function selectDifferencesSql({ hasCodes, hasIdentifiers }: SyncScope): string {
  return `-- units of the desired state that differ
  select u.line, u.resh_id, u.foreign_id, ${unitFactColumns.map((column) => `u.${column}`).join(', ')},
    ${hasCodes ? desiredCodesSql : 'null::text[]'} as codes,
    ${hasIdentifiers ? desiredIdentifiersSql : 'null::json'} as identifiers,
    ${hasIdentifiers ? identifierSystemsSql : 'null::text[]'} as systems
  from desired_difference p
  join import_unit u on u.line = p.line
  order by p.level, p.resh_id`;
}

const desiredCodesSql = `case when ${hasNoRejectedRowSql('import_unit_code')} then
      coalesce(${stagedListSql('import_unit_code', codeTextSql)}, '{}')
    end`;

const desiredIdentifiersSql = `case when ${hasNoRejectedRowSql('import_identifier')} then
      (
        select coalesce(json_agg(json_build_object('system', d.system, 'value', d.value)), '[]')
        from import_identifier d
        where d.resh_id = p.resh_id and not d.rejected
      )
    end`;

const identifierSystemsSql = `(
      select array_agg(distinct d.system)
      from unit_identifier d
      where d.resh_id = p.resh_id and d.superseded_rev is null
    )`;
