import type { Day } from '../../domain/time/day.ts';
import type { BulkSession } from '../database/bulk-session.ts';
import { markRejected } from './problems.ts';

const repeatedRowsSql = `-- units that stand twice: the first row counts
  drop table if exists import_repeated;
  create temporary table import_repeated as
  with twice as (
    select foreign_id
    from import_unit
    where not rejected
    group by foreign_id
    having count(*) > 1
  )
  select distinct on (u.line) u.line, f.line as first_line, f.foreign_parent as first_parent
  from twice t
  join import_unit u on u.foreign_id = t.foreign_id and not u.rejected
  join import_unit f on f.foreign_id = t.foreign_id and not f.rejected and f.line < u.line and ${dateRangeSql('f')} && ${dateRangeSql('u')}
  order by u.line, f.line;
  insert into import_problem (file, line, column_name, value, problem, remedy, kind)
  select 'units.csv', u.line,
    case when u.foreign_parent is distinct from r.first_parent then 'parent_resh_id' else 'resh_id' end,
    case when u.foreign_parent is distinct from r.first_parent then u.foreign_parent else u.foreign_id end,
    case
      when u.foreign_parent is distinct from r.first_parent
        then 'is a second parent of «' || u.foreign_id || '», which stands on line ' || r.first_line || ' with ' || coalesce('«' || r.first_parent || '»', 'none')
      else 'stands on line ' || r.first_line || ' too'
    end,
    'the first row counts; a unit has one row and one parent a day', 'WARNING'
  from import_repeated r
  join import_unit u on u.line = r.line;
  delete from import_unit u
  using import_repeated r
  where r.line = u.line;
  drop table import_repeated`;

const foreignIdsSql = `-- ids of the other register
  drop table if exists import_foreign;
  create temporary table import_foreign as
  select n.foreign_id, min(n.line) as line, null::integer as resh_id
  from (
    select foreign_id, line from import_unit where foreign_id is not null
    union all
    select foreign_parent, null from import_unit where foreign_parent is not null
    union all
    select foreign_id, null from import_unit_code where foreign_id is not null
    union all
    select foreign_id, null from import_identifier where foreign_id is not null
  ) as n
  group by n.foreign_id;
  create unique index on import_foreign (foreign_id);
  analyze import_foreign`;

// A unit that closed kept no identifier after its end: it is known by the one that it had. One that has another by now is not.
const matchExistingUnitsSql = `-- units that carry ids of the other register
  update import_foreign f
  set resh_id = k.resh_id
  from (
    select distinct on (i.value) i.value, i.resh_id
    from unit_identifier i
    where i.system = $1
      and i.superseded_rev is null
      and i.value in (select foreign_id from import_foreign)
      and (
        ${dateRangeSql('i')} @> $2::text::date
        or not exists (
          select from unit_identifier other
          where other.resh_id = i.resh_id and other.system = i.system and other.superseded_rev is null and ${dateRangeSql('other')} @> $2::text::date
        )
      )
    order by i.value, ${dateRangeSql('i')} @> $2::text::date desc, i.valid_from <= $2::text::date desc,
      case when i.valid_from <= $2::text::date then i.valid_from end desc, i.valid_from, i.resh_id
  ) as k
  where k.value = f.foreign_id`;

const ambiguousIdsSql = `-- ids that two units carry on the day
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'units.csv', f.line, 'resh_id', f.foreign_id, 'is the identifier of units ' || string_agg(i.resh_id::text, ' and ' order by i.resh_id) || ' on ' || $2::text,
    'end it at one of them with setIdentifier'
  from import_foreign f
  join unit_identifier i on i.value = f.foreign_id and i.system = $1 and i.superseded_rev is null and ${dateRangeSql('i')} @> $2::text::date
  where f.line is not null
  group by f.foreign_id, f.line
  having count(distinct i.resh_id) > 1`;

const assignReshIdsSql = `-- RESH-ids for what is new, above all that were given
  update import_foreign f
  set resh_id = n.resh_id
  from (
    select foreign_id, (
        select greatest(coalesce(max(unit.resh_id), 0), (select case when is_called then last_value else 0 end from resh_id_seq))
        from unit
      ) + row_number() over (order by line) as resh_id
    from import_foreign
    where resh_id is null and line is not null
  ) as n
  where n.foreign_id = f.foreign_id;
  -- RESH-ids of rows
  update import_unit u
  set resh_id = f.resh_id,
    parent_resh_id = (select p.resh_id from import_foreign p where p.foreign_id = u.foreign_parent)
  from import_foreign f
  where f.foreign_id = u.foreign_id;
  update import_unit_code d
  set resh_id = f.resh_id
  from import_foreign f
  where f.foreign_id = d.foreign_id;
  update import_identifier d
  set resh_id = f.resh_id
  from import_foreign f
  where f.foreign_id = d.foreign_id`;

const unknownIdsSql = `-- parents and units that nobody knows
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'units.csv', u.line, 'parent_resh_id', u.foreign_parent, 'is the id of no unit, neither in the file nor in the register', 'add the parent, or correct the id'
  from import_unit u
  where u.foreign_parent is not null and u.parent_resh_id is null;
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'unit_codes.csv', d.line, 'resh_id', d.foreign_id, 'is the id of no unit, neither in the file nor in the register', 'correct the id, or add the unit'
  from import_unit_code d
  where d.foreign_id is not null and d.resh_id is null;
  insert into import_problem (file, line, column_name, value, problem, remedy)
  select 'identifiers.csv', d.line, 'resh_id', d.foreign_id, 'is the id of no unit, neither in the file nor in the register', 'correct the id, or add the unit'
  from import_identifier d
  where d.foreign_id is not null and d.resh_id is null`;

const rootDepartmentsSql = `-- departments that stand at the top of the other register
  with made as (
    update import_unit
    set type = 'ORGANIZATION'
    where foreign_parent is null and type = 'DEPARTMENT' and not rejected
    returning line, foreign_id
  )
  insert into import_problem (file, line, column_name, value, problem, remedy, kind)
  select 'units.csv', line, null, null, 'unit «' || foreign_id || '» has no parent and stands at the top, so that it becomes an organization', 'say so with --type-map, or place the units of the file beneath one of the register with --within', 'WARNING'
  from made`;

/**
 * Gives the staged rows of another register RESH-ids: those of the units that carry its identifiers, and new ones above all that
 * were given. What stands at its top comes beneath a unit of ours, or becomes an organization.
 *
 * @param day on which identifiers are looked up first
 * @param within RESH-id of the unit beneath which the other register's top is placed, or null
 */
export async function assignReshIds(
  session: BulkSession,
  system: string,
  day: Day,
  within: number | null,
): Promise<void> {
  await session.execute(repeatedRowsSql);
  await session.execute(foreignIdsSql);
  await session.query(matchExistingUnitsSql, [system, day]);
  await session.query(ambiguousIdsSql, [system, day]);
  await session.execute(assignReshIdsSql);
  await session.execute(unknownIdsSql);
  if (within === null) await session.execute(rootDepartmentsSql);
  else
    await session.query(
      `-- the top of the other register comes beneath a unit
       update import_unit
       set parent_resh_id = $1::integer
       where foreign_parent is null and resh_id is distinct from $1::integer`,
      [within],
    );
  await session.execute(`-- types that the file does not say
    update import_unit u
    set type = coalesce(
      (
        select v.type::text
        from unit_version v
        where v.resh_id = u.resh_id and v.superseded_rev is null
        order by v.valid_from desc
        limit 1
      ),
      case when u.parent_resh_id is null then 'ORGANIZATION' else 'DEPARTMENT' end
    )
    where u.type is null and not u.rejected;
    analyze import_unit`);
  for (const file of ['units.csv', 'unit_codes.csv', 'identifiers.csv'] as const) await markRejected(session, file);
}

/** Gives the units that load the ids that they have in the other register as identifiers, on all of their days. */
export async function addForeignIdentifiers(session: BulkSession, system: string): Promise<void> {
  await session.query(
    `-- ids of the other register as identifiers
     insert into import_identifier_period (line, resh_id, system, value, validity)
     select -min(u.line), u.resh_id, $1, u.foreign_id, unnest(range_agg(${dateRangeSql('u')}))
     from import_unit u
     where u.foreign_id is not null and not u.rejected
     group by u.resh_id, u.foreign_id`,
    [system],
  );
}

function dateRangeSql(row: string): string {
  return `daterange(${row}.valid_from, ${row}.valid_to)`;
}

/** Lets the problems of units name the ids of the other register. */
export function setForeignIdsInProblems(session: BulkSession): Promise<void> {
  return session.execute(`-- ids as the other register has them
    update import_problem p
    set value = case p.column_name when 'resh_id' then u.foreign_id else u.foreign_parent end
    from import_unit u
    where p.file = 'units.csv'
      and p.line = u.line
      and u.foreign_id is not null
      and p.column_name in ('resh_id', 'parent_resh_id')`);
}
