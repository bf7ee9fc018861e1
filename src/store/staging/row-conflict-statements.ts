import { dateRangeSql } from '../sql/date-range.ts';
import type { ImportFileName } from '../tables.ts';
import { stagingTables } from './tables.ts';
import type { UniqueKey } from './unique-key.ts';

/** Returns the statement that finds the rows of a file that share a unique key on some day. */
export function insertUniqueKeysSql(file: ImportFileName, uniqueKey: UniqueKey): string {
  const { table } = stagingTables[file];
  return `-- rows that share a unique key on some day
    with keyed as (
      select r.line, ${uniqueKey.key} as key, ${dateRangeSql('r')} as validity
      from ${table} r
      where ${uniqueKey.key} is not null
        ${uniqueKey.needsFirstDay ? 'and r.valid_from is not null' : ''}
        and not exists (
          select from import_problem p
          where p.file = '${file}' and p.line = r.line and p.column_name in ('valid_from', 'valid_to')
        )
    ),
    reached as (
      select key, coalesce(lower(validity), '-infinity') as first_day,
        max(coalesce(upper(validity), 'infinity')) over (
          partition by key
          order by coalesce(lower(validity), '-infinity')
          rows between unbounded preceding and 1 preceding
        ) as day
      from keyed
    )
    insert into import_unique_key (line, key, validity, column_name, value, problem, row_label, remedy)
    select r.line, k.key, k.validity, '${uniqueKey.column}', ${uniqueKey.value}, ${uniqueKey.problem},
      ${uniqueKey.rowLabel}, '${uniqueKey.remedy}'
    from keyed k
    join ${table} r on r.line = k.line
    where k.key in (select key from reached where day > first_day)`;
}

const daysPerKey = 2 ** 22;

/** Returns the statements that number the shared keys and make their rows candidates. */
export function insertCandidatesSql(file: ImportFileName): string {
  return `-- keys as spans
  update import_unique_key k
  set span = int8range(
    numbered.rank * ${daysPerKey} + coalesce(lower(k.validity) - date '0001-01-01', 0),
    numbered.rank * ${daysPerKey} + coalesce(upper(k.validity) - date '0001-01-01', ${daysPerKey - 1})
  )
  from (select ctid as row_id, dense_rank() over (order by key) as rank from import_unique_key) as numbered
  where k.ctid = numbered.row_id;
  create index on import_unique_key (line);
  create index on import_unique_key using gist (span) where is_accepted;
  insert into import_candidate (line)
  select distinct k.line
  from import_unique_key k
  join ${stagingTables[file].table} r on r.line = k.line and not r.rejected;
  create unique index on import_candidate (line);
  analyze import_unique_key;
  analyze import_candidate`;
}

/**
 * Returns the block that reports the conflicts of a file. The problem of a row names the accepted row that it conflicts
 * with, else an earlier row. The loop looks up one row at a time by the index, as in reject-candidates.sql.
 */
export function reportConflictsSql(file: ImportFileName): string {
  return `do $$
  declare
    conflict record;
    other text;
  begin
    set local enable_seqscan = off;
    set local enable_hashjoin = off;
    set local enable_mergejoin = off;
    truncate import_reserved_key;
    for conflict in
      select k.*, c.state is not distinct from 'REJECTED' as lost, r.rejected
      from import_unique_key k
      join ${stagingTables[file].table} r on r.line = k.line
      left join import_candidate c on c.line = k.line
      order by k.line
    loop
      other := null;
      if conflict.lost then
        select accepted.row_label into other
        from import_unique_key accepted
        where accepted.is_accepted and accepted.span && conflict.span
        limit 1;
      end if;
      if other is null then
        select earlier.row_label into other
        from import_reserved_key earlier
        where earlier.span && conflict.span
        limit 1;
      end if;
      insert into import_problem (kind, file, line, column_name, value, problem, remedy)
      select case when conflict.rejected or conflict.lost then 'PROBLEM' else 'RESOLVED_CONFLICT' end,
        '${file}', conflict.line, conflict.column_name, conflict.value, format(conflict.problem, other), conflict.remedy
      where other is not null;
      insert into import_reserved_key (line, span, row_label)
      values (conflict.line, conflict.span, conflict.row_label);
    end loop;
  end $$`;
}
