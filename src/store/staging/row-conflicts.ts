import type { BulkSession } from '../database/bulk-session.ts';
import { markRejected } from './problems.ts';
import { stagingTables, type ImportFileName } from './tables.ts';

/** What rows of a file claim for their days, each as SQL over a staged row `r`: two rows with one key may not share a day. */
export interface UniqueKey {
  /** What is claimed, as text; null where the row claims nothing */
  readonly key: string;
  readonly column: string;
  readonly value: string;
  /** What is wrong with a row that claims what another has; `%s` stands for how the other is named */
  readonly problem: string;
  /** How the row is named where another claims the same */
  readonly rowLabel: string;
  readonly remedy: string;
  /** Whether every row must have a first day of its own to be compared */
  readonly needsFirstDay?: boolean;
}

// Only rows that claim what others claim too take part. A contender settled loads, whatever becomes of the others; one that plays
// is tried in this round.
const createConflictTablesSql = `drop table if exists import_claim, import_contender, import_taken;
  create temporary table import_claim (
    line integer not null,
    key text not null,
    validity daterange not null,
    span int8range,
    column_name text not null,
    value text not null,
    problem text not null,
    holder text not null,
    remedy text not null,
    is_settled boolean not null default false
  );
  create temporary table import_contender (
    line integer not null,
    state text not null default 'OPEN',
    plays boolean not null default false,
    has_won boolean not null default false,
    has_beaten boolean not null default false
  );
  create temporary table import_taken (
    line integer not null,
    span int8range not null,
    holder text not null
  );
  create index on import_taken using gist (span);`;

// The days of each key on a stretch of one line of numbers: then one range says both, and the index has one column to part by.
const daysPerKey = 2 ** 22;

// One after the other, as each may stand in the way of those after it.
const resolveRoundSql = wrapInIndexScanBlock(
  `contender record;
    in_the_way integer;`,
  `truncate import_taken;
    insert into import_taken (line, span, holder)
    select line, span, holder
    from import_claim
    where is_settled;
    for contender in select line from import_contender where plays and state = 'OPEN' order by line loop
      select t.line into in_the_way
      from import_claim c
      cross join lateral (
        select line
        from import_taken
        where span && c.span
        limit 1
      ) as t
      where c.line = contender.line
      limit 1;
      if in_the_way is null then
        insert into import_taken (line, span, holder)
        select line, span, holder
        from import_claim
        where line = contender.line;
        update import_contender set has_won = true where line = contender.line;
      else
        update import_contender set has_beaten = true where line = in_the_way and not has_beaten;
      end if;
    end loop;`,
);

const markLosingCandidatesSql = wrapInIndexScanBlock(
  `contender record;`,
  `for contender in select line from import_contender where state in ('OPEN', 'ASIDE') loop
      update import_contender
      set state = 'LOST'
      where line = contender.line
        and (
          select count(*)
          from import_claim c
          cross join lateral (
            select
            from import_claim o
            where o.is_settled and o.span && c.span
            limit 1
          ) as settled
          where c.line = contender.line
        ) > 0;
    end loop;`,
);

/**
 * Fills `import_placed (line)` with the rows that can load beside each other in the tree they are in, of those that are not
 * rejected and are no contenders, or contenders that play.
 */
export type PlaceRows = (session: BulkSession) => Promise<void>;

/** What holds a staged row `r` to those that take part in a round of a contest. */
export const isInRoundSql = `not r.rejected
    and not exists (select from import_contender s where s.line = r.line and not s.plays)`;

const isPlacedSql = 'exists (select from import_placed p where p.line = s.line)';

/**
 * Finds the rows of a file that claim what another row claims on the same day, and rejects those that must yield.
 *
 * Of two rows the later one yields; a row that does not load, for whatever reason, takes nothing from another. What collides is
 * told in any case; as `COLLISION` where the row loads all the same, because the other one does not.
 *
 * @param placeRows which rows can stand in the tree together; all where left out
 */
export async function resolveRowConflicts(
  session: BulkSession,
  file: ImportFileName,
  uniqueKeys: readonly UniqueKey[],
  placeRows: PlaceRows = placeAllCandidates(file),
): Promise<void> {
  await session.execute(createConflictTablesSql);
  for (const uniqueKey of uniqueKeys) await session.execute(insertContestedKeysSql(file, uniqueKey));
  await session.execute(buildCandidatesSql(file));
  const [contested] = await session.query<{ hasRows: boolean }>(
    'select exists (select from import_claim) as "hasRows"',
  );
  if (!contested?.hasRows) return;
  await resolveCandidates(session, placeRows);
  await session.execute(reportConflictsSql(file));
  await markRejected(session, file);
}

function placeAllCandidates(file: ImportFileName): PlaceRows {
  return (session) =>
    session.execute(`drop table if exists import_placed;
      create temporary table import_placed as
      select s.line
      from import_contender s
      join ${stagingTables[file].table} r on r.line = s.line
      where ${isInRoundSql};
      create index on import_placed (line)`);
}

function insertContestedKeysSql(file: ImportFileName, uniqueKey: UniqueKey): string {
  const { table } = stagingTables[file];
  return `-- rows that claim what another claims on some of the same days
    with claimed as (
      select r.line, ${uniqueKey.key} as key, daterange(r.valid_from, r.valid_to) as validity
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
      from claimed
    )
    insert into import_claim (line, key, validity, column_name, value, problem, holder, remedy)
    select r.line, c.key, c.validity, '${uniqueKey.column}', ${uniqueKey.value}, ${uniqueKey.problem}, ${uniqueKey.rowLabel}, '${uniqueKey.remedy}'
    from claimed c
    join ${table} r on r.line = c.line
    where c.key in (select key from reached where day > first_day)`;
}

function buildCandidatesSql(file: ImportFileName): string {
  return `-- claims as spans
  update import_claim c
  set span = int8range(
    k.rank * ${daysPerKey} + coalesce(lower(c.validity) - date '0001-01-01', 0),
    k.rank * ${daysPerKey} + coalesce(upper(c.validity) - date '0001-01-01', ${daysPerKey - 1})
  )
  from (select ctid as place, dense_rank() over (order by key) as rank from import_claim) as k
  where c.ctid = k.place;
  create index on import_claim (line);
  create index on import_claim using gist (span) where is_settled;
  insert into import_contender (line)
  select distinct c.line
  from import_claim c
  join ${stagingTables[file].table} r on r.line = c.line and not r.rejected;
  create unique index on import_contender (line);
  analyze import_claim;
  analyze import_contender`;
}

/**
 * Decides which contenders load: of those that can be placed, the first line of what cannot stand together, so that no row is left
 * out for one that does not load. A winner that cannot be placed after all, for want of what it beat, steps aside until more is
 * settled.
 */
async function resolveCandidates(session: BulkSession, placeRows: PlaceRows): Promise<void> {
  for (;;) {
    await session.execute(markLosingCandidatesSql);
    await session.execute(
      `update import_contender set plays = state in ('OPEN', 'SETTLED'), has_won = false, has_beaten = false`,
    );
    await placeRows(session);
    const hasOpenCandidates = await didChangeRows(
      session,
      `update import_contender s set plays = true where s.state = 'OPEN' and ${isPlacedSql}`,
    );
    if (!hasOpenCandidates) return;
    await session.execute(`update import_contender s set plays = false where s.state = 'OPEN' and not ${isPlacedSql}`);
    await session.execute(resolveRoundSql);
    await session.execute(`update import_contender set plays = state = 'SETTLED' or has_won`);
    await placeRows(session);
    const hasNewlySettled = await didChangeRows(
      session,
      `update import_contender s set state = 'SETTLED' where s.has_won and ${isPlacedSql}`,
    );
    await session.execute(`update import_claim c
      set is_settled = true
      from import_contender s
      where s.line = c.line and s.state = 'SETTLED' and not c.is_settled`);
    await session.execute(
      hasNewlySettled
        ? `update import_contender set state = 'OPEN' where state = 'ASIDE'`
        : `update import_contender set state = 'ASIDE' where has_beaten`,
    );
  }
}

async function didChangeRows(session: BulkSession, statement: string): Promise<boolean> {
  const [row] = await session.query<{ count: number }>(
    `with changed as (
       ${statement}
       returning 1
     )
     select count(*)::integer as count
     from changed`,
  );
  return (row?.count ?? 0) > 0;
}

// A row is named the one that keeps it out, else an earlier one; where that does not load, it is told only where nothing does.
function reportConflictsSql(file: ImportFileName): string {
  return wrapInIndexScanBlock(
    `claim record;
    other text;`,
    `truncate import_taken;
    for claim in
      select c.*, s.state is not distinct from 'LOST' as is_lost, r.rejected
      from import_claim c
      join ${stagingTables[file].table} r on r.line = c.line
      left join import_contender s on s.line = c.line
      order by c.line
    loop
      other := null;
      if claim.is_lost then
        select o.holder into other
        from import_claim o
        where o.is_settled and o.span && claim.span
        limit 1;
      end if;
      if other is null then
        select t.holder into other
        from import_taken t
        where t.span && claim.span
        limit 1;
      end if;
      insert into import_problem (file, line, column_name, value, problem, remedy, kind)
      select '${file}', claim.line, claim.column_name, claim.value, format(claim.problem, other), claim.remedy,
        case when claim.rejected or claim.is_lost then 'PROBLEM' else 'COLLISION' end
      where other is not null;
      insert into import_taken (line, span, holder)
      values (claim.line, claim.span, claim.holder);
    end loop;`,
  );
}

// However many rows claim one thing, each looks up by the index who is in its way: the planner knows too little of tables that
// are filled as they are read.
function wrapInIndexScanBlock(declarations: string, statements: string): string {
  return `do $$
  declare
    ${declarations}
  begin
    set local enable_seqscan = off;
    set local enable_hashjoin = off;
    set local enable_mergejoin = off;
    ${statements}
  end $$`;
}
