import type { Day } from '../../domain/time/day.ts';
import type { MentionedReshIds } from '../../domain/unit/mentioned-resh-ids.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { greatestReshIdSql } from '../sql/resh-ids.ts';
import { dateRangeSql } from '../sql/date-range.ts';
import { insertProblemsSql, markRejected } from './problems.ts';
import { setMissingTypes } from './missing-types.ts';
import { queryCount } from './row-counts.ts';

/** The other register, and the ids that its units cannot get. */
export interface ReshIdAssignment {
  /** System of the ids of the other register */
  readonly system: string;
  /** Preferred day for the lookup of identifiers and types */
  readonly day: Day;
  /** RESH-id of the unit above the other register, or null */
  readonly within: number | null;
  /** RESH-ids in the files; new units get greater ones than those that are reserved */
  readonly mentionedReshIds: MentionedReshIds;
}

/**
 * Sets the RESH-ids of staged rows of another register. A unit gets the RESH-id of the unit that has its foreign id as
 * an identifier, else a new one. Units at the top of the other register are placed under a unit of this register, or
 * become organizations.
 */
export async function assignReshIds(
  session: BulkSession,
  { system, day, within, mentionedReshIds }: ReshIdAssignment,
): Promise<void> {
  await session.execute(removeRepeatedRowsSql);
  await session.execute(createForeignIdsSql);
  await session.query(matchExistingUnitsSql, [system, day]);
  await session.query(ambiguousIdsSql, [system, day]);
  const greatest = await queryCount(session, greatestInUseSql);
  await session.query(assignReshIdsSql, [mentionedReshIds.findGreatestToReserve(greatest)]);
  await session.execute(setReshIdsOfRowsSql);
  await session.execute(unknownIdsSql);
  if (within === null) await session.execute(rootDepartmentsSql);
  else await session.query(setParentOfRootsSql, [within]);
  await setMissingTypes(session, day);
  await session.execute('analyze import_unit');
  for (const file of ['units.csv', 'unit_codes.csv', 'identifiers.csv', 'successions.csv'] as const)
    await markRejected(session, file);
}

const removeRepeatedRowsSql = `-- units with several rows on the same days: only the first row is used
  drop table if exists import_repeated_row;
  create temporary table import_repeated_row as
  with repeated as (
    select foreign_id
    from import_unit
    where not rejected
    group by foreign_id
    having count(*) > 1
  )
  select distinct on (u.line) u.line, first.line as first_line, first.foreign_parent as first_parent,
    u.foreign_parent is distinct from first.foreign_parent as has_other_parent
  from repeated r
  join import_unit u on u.foreign_id = r.foreign_id and not u.rejected
  join import_unit first on first.foreign_id = r.foreign_id and not first.rejected and first.line < u.line
    and ${dateRangeSql('first')} && ${dateRangeSql('u')}
  order by u.line, first.line;
  ${insertProblemsSql('units.csv', 'u', 'WARNING')}
    case when r.has_other_parent then 'parent_resh_id' else 'resh_id' end,
    case when r.has_other_parent then u.foreign_parent else u.foreign_id end,
    case
      when r.has_other_parent
        then 'is a second parent of "' || u.foreign_id || '", which has ' ||
          coalesce('the parent "' || r.first_parent || '"', 'no parent') || ' on line ' || r.first_line
      else 'is also on line ' || r.first_line
    end,
    'the first row is used; a unit has one row and one parent per day'
  from import_repeated_row r
  join import_unit u on u.line = r.line;
  delete from import_unit u
  using import_repeated_row r
  where r.line = u.line;
  drop table import_repeated_row`;

const createForeignIdsSql = `-- ids of the other register
  drop table if exists import_foreign_id;
  create temporary table import_foreign_id as
  select n.foreign_id, min(n.line) as line, null::integer as resh_id
  from (
    select foreign_id, line
    from import_unit
    where foreign_id is not null
    union all
    select foreign_parent, null
    from import_unit
    where foreign_parent is not null
    union all
    select foreign_id, null
    from import_unit_code
    where foreign_id is not null
    union all
    select foreign_id, null
    from import_identifier
    where foreign_id is not null
    union all
    select unnest(array[foreign_from, foreign_to]), null
    from import_succession
  ) as n
  where n.foreign_id is not null
  group by n.foreign_id;
  create unique index on import_foreign_id (foreign_id);
  analyze import_foreign_id`;

// A closed unit has no identifier on the day, so the lookup includes earlier and later identifiers of units that have
// no other identifier of the system on the day.
const matchExistingUnitsSql = `-- units with an id of the other register
  update import_foreign_id f
  set resh_id = k.resh_id
  from (
    select distinct on (i.value) i.value, i.resh_id
    from unit_identifier i
    where i.system = $1
      and i.superseded_rev is null
      and i.value in (select foreign_id from import_foreign_id)
      and (
        ${dateRangeSql('i')} @> $2::text::date
        or not exists (
          select from unit_identifier other
          where other.resh_id = i.resh_id and other.system = i.system and other.superseded_rev is null
            and ${dateRangeSql('other')} @> $2::text::date
        )
      )
    order by i.value, ${dateRangeSql('i')} @> $2::text::date desc, i.valid_from <= $2::text::date desc,
      case when i.valid_from <= $2::text::date then i.valid_from end desc, i.valid_from, i.resh_id
  ) as k
  where k.value = f.foreign_id`;

const ambiguousIdsSql = `-- ids of two units on the day
  ${insertProblemsSql('units.csv', 'f')} 'resh_id', f.foreign_id,
    'is the identifier of units ' || string_agg(i.resh_id::text, ' and ' order by i.resh_id) || ' on ' || $2::text,
    'remove the identifier of one of the units with removeIdentifier'
  from import_foreign_id f
  join unit_identifier i on i.value = f.foreign_id and i.system = $1 and i.superseded_rev is null
    and ${dateRangeSql('i')} @> $2::text::date
  where f.line is not null
  group by f.foreign_id, f.line
  having count(distinct i.resh_id) > 1`;

const greatestInUseSql = `-- greatest RESH-id in use
  select ${greatestReshIdSql}::integer as count`;

const assignReshIdsSql = `-- RESH-ids of new units, greater than all others
  update import_foreign_id f
  set resh_id = n.resh_id
  from (
    select foreign_id,
      greatest(${greatestReshIdSql}, $1::integer) + row_number() over (order by line) as resh_id
    from import_foreign_id
    where resh_id is null and line is not null
  ) as n
  where n.foreign_id = f.foreign_id`;

const setReshIdsOfRowsSql = `-- RESH-ids of rows
  update import_unit u
  set resh_id = f.resh_id,
    parent_resh_id = (select p.resh_id from import_foreign_id p where p.foreign_id = u.foreign_parent)
  from import_foreign_id f
  where f.foreign_id = u.foreign_id;
  ${['import_unit_code', 'import_identifier']
    .map(
      (table) => `update ${table} d
  set resh_id = f.resh_id
  from import_foreign_id f
  where f.foreign_id = d.foreign_id;`,
    )
    .join('\n  ')}
  update import_succession s
  set from_resh_id = (select f.resh_id from import_foreign_id f where f.foreign_id = s.foreign_from),
    to_resh_id = (select f.resh_id from import_foreign_id f where f.foreign_id = s.foreign_to);`;

const unknownIdsSql = `-- unknown parents and units
  ${insertProblemsSql('units.csv', 'u')} 'parent_resh_id', u.foreign_parent,
    'is an id that neither the file nor the register has', 'add the parent, or correct the id'
  from import_unit u
  where u.foreign_parent is not null and u.parent_resh_id is null;
  ${unknownDetailIdsSql('unit_codes.csv', 'import_unit_code')}
  ${unknownDetailIdsSql('identifiers.csv', 'import_identifier')}
  ${insertProblemsSql('successions.csv', 's')} id.column_name, id.foreign_id,
    'is an id that neither the file nor the register has', 'correct the id, or add the unit'
  from import_succession s
  cross join lateral (values
    ('from_resh_id', s.foreign_from, s.from_resh_id),
    ('to_resh_id', s.foreign_to, s.to_resh_id)
  ) as id (column_name, foreign_id, resh_id)
  where id.foreign_id is not null and id.resh_id is null;`;

function unknownDetailIdsSql(file: 'unit_codes.csv' | 'identifiers.csv', table: string): string {
  return `${insertProblemsSql(file, 'd')} 'resh_id', d.foreign_id,
    'is an id that neither the file nor the register has', 'correct the id, or add the unit'
  from ${table} d
  where d.foreign_id is not null and d.resh_id is null;`;
}

const rootDepartmentsSql = `-- departments at the top of the other register
  with changed as (
    update import_unit
    set type = 'ORGANIZATION'
    where foreign_parent is null and type = 'DEPARTMENT' and not rejected
    returning line, foreign_id
  )
  ${insertProblemsSql('units.csv', 'c', 'WARNING')} null, null,
    'unit "' || c.foreign_id || '" has no parent and becomes an organization at the top of the tree',
    'map its type with --type-map, or place the units under a unit of the register with --within'
  from changed c`;

const setParentOfRootsSql = `-- place the units at the top under a unit of this register
  update import_unit
  set parent_resh_id = $1::integer
  where foreign_parent is null and resh_id is distinct from $1::integer`;

/**
 * Replaces the RESH-ids of the rows' units in problems with the ids of the other register. Units that the file does not
 * have, and "unit 7 of the register", keep their RESH-id.
 */
export async function setForeignIdsInProblems(session: BulkSession): Promise<void> {
  await session.execute(`-- ids of the other register as values of problems
    update import_problem p
    set value = case p.column_name when 'resh_id' then u.foreign_id else u.foreign_parent end
    from import_unit u
    where p.file = 'units.csv'
      and p.line = u.line
      and u.foreign_id is not null
      and p.column_name in ('resh_id', 'parent_resh_id');
    ${setDetailIdSql('unit_codes.csv', 'import_unit_code')};
    ${setDetailIdSql('identifiers.csv', 'import_identifier')};
    update import_problem p
    set value = case p.column_name when 'from_resh_id' then s.foreign_from else s.foreign_to end
    from import_succession s
    where p.file = 'successions.csv'
      and p.line = s.line
      and s.foreign_from is not null
      and p.column_name in ('from_resh_id', 'to_resh_id')`);
  for (const noun of ['unit', 'department'] as const) await session.execute(setIdInTextsSql(noun));
}

function setIdInTextsSql(noun: 'unit' | 'department'): string {
  const pattern = `\\m${noun} (\\d+)\\M(?! of the register)`;
  return `-- ids of the other register in the texts of problems
    update import_problem p
    set problem = regexp_replace(p.problem, '${pattern}', '${noun} "' || replace(f.foreign_id, '\\', '\\\\') || '"')
    from import_foreign_id f
    where f.line is not null
      and f.resh_id::text = substring(p.problem from '${pattern}')`;
}

function setDetailIdSql(file: 'unit_codes.csv' | 'identifiers.csv', table: string): string {
  return `update import_problem p
    set value = d.foreign_id
    from ${table} d
    where p.file = '${file}'
      and p.line = d.line
      and d.foreign_id is not null
      and p.column_name = 'resh_id'`;
}
