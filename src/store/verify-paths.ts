import type { BulkSession } from './bulk-session.ts';

const start = `drop table if exists verify_segment;
  create temporary table verify_segment (
    id bigint not null,
    resh_id integer not null,
    level integer not null,
    validity daterange not null,
    path integer[] not null,
    path_text text collate "C" not null
  );
  -- roots of current knowledge
  insert into verify_segment
  select v.id, v.resh_id, 1, daterange(v.valid_from, v.valid_to), array[v.resh_id], lpad(v.resh_id::text, 10, '0') || '/'
  from unit_version v
  where v.superseded_rev is null and v.parent_resh_id is null;
  create index on verify_segment (level);
  analyze verify_segment`;

const nextLevel = `-- the next level of current knowledge
  with inserted as (
    insert into verify_segment
    select below.id, below.resh_id, $1::integer, unnest(range_agg(below.validity)), below.parent_path || below.resh_id,
      below.parent_path_text || lpad(below.resh_id::text, 10, '0') || '/'
    from (
      select v.id, v.resh_id, s.path as parent_path, s.path_text as parent_path_text, daterange(v.valid_from, v.valid_to) * s.validity as validity
      from verify_segment s
      join unit_version v on v.parent_resh_id = s.resh_id and daterange(v.valid_from, v.valid_to) && s.validity
      where s.level = $1::integer - 1 and v.superseded_rev is null
    ) as below
    group by below.id, below.resh_id, below.parent_path, below.parent_path_text
    returning 1
  )
  select count(*)::integer as count
  from inserted`;

/**
 * Computes the path of every row of current knowledge from the parents alone, from the roots down, into the temporary table
 * `verify_segment`: a row for each part of its period in which its path is the same. Rows that no root reaches have none.
 *
 * @param onLevel hears of the rows placed so far
 */
export const computePaths = async (session: BulkSession, onLevel: (placed: number) => void): Promise<void> => {
  await session.execute(start);
  let placed = 0;
  for (let level = 2; ; level += 1) {
    const [row] = await session.query<{ count: number }>(nextLevel, [level]);
    if (!row || row.count === 0) break;
    placed += row.count;
    onLevel(placed);
  }
  await session.execute('create index on verify_segment (id); analyze verify_segment');
};
