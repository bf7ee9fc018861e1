import type { BulkSession } from './bulk-session.ts';
import { markRejected } from './import-staging-problems.ts';
import { stagingTables, type ImportFileName } from './import-staging.ts';

/** What rows of a file claim for their days, each as SQL over a staged row `r`: two rows with one key may not share a day. */
export interface Claim {
  /** What is claimed, as text; null where the row claims nothing */
  readonly key: string;
  readonly column: string;
  readonly value: string;
  /** What is wrong with a row that claims what another has; `%s` stands for how the other is named */
  readonly problem: string;
  /** How the row is named where another claims the same */
  readonly holder: string;
  readonly remedy: string;
  /** Whether every row must have a first day of its own to be compared */
  readonly needsFirstDay?: boolean;
}

/** Rows that claim something which others claim too; what nobody contests plays no part. */
const claimTables = `drop table if exists import_claim, import_contender, import_won;
  create temporary table import_claim (
    line integer not null,
    kind integer not null,
    key text not null,
    validity daterange not null,
    column_name text not null,
    value text not null,
    problem text not null,
    holder text not null,
    remedy text not null
  );
  -- a contender settled loads, whatever becomes of the others; one that plays is tried in this round
  create temporary table import_contender (
    line integer not null,
    state text not null default 'OPEN',
    plays boolean not null default false,
    has_won boolean not null default false,
    has_beaten boolean not null default false
  );
  create temporary table import_won (
    line integer not null,
    key text not null,
    validity daterange not null
  );
  create index on import_won using gist (key, validity);`;

const insertContested = (file: ImportFileName, claim: Claim, kind: number): string => {
  const { table } = stagingTables[file];
  return `-- rows that claim what another claims on some of the same days
    with claimed as (
      select r.line, ${claim.key} as key, daterange(r.valid_from, r.valid_to) as validity
      from ${table} r
      where ${claim.key} is not null
        ${claim.needsFirstDay ? 'and r.valid_from is not null' : ''}
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
    insert into import_claim
    select r.line, ${kind}, c.key, c.validity, '${claim.column}', ${claim.value}, ${claim.problem}, ${claim.holder}, '${claim.remedy}'
    from claimed c
    join ${table} r on r.line = c.line
    where c.key in (select key from reached where day > first_day)`;
};

const startContest = (file: ImportFileName): string => `
  create index on import_claim (line);
  create index on import_claim using gist (key, validity);
  insert into import_contender (line)
  select distinct c.line
  from import_claim c
  join ${stagingTables[file].table} r on r.line = c.line and not r.rejected;
  create unique index on import_contender (line);
  analyze import_claim;
  analyze import_contender`;

// One after the other, as each may stand in the way of those after it; the indexes are small tables' at first, and not then.
const decideRound = `do $$
  declare
    contender record;
    beating integer;
  begin
    set local enable_seqscan = off;
    truncate import_won;
    insert into import_won (line, key, validity)
    select c.line, c.key, c.validity
    from import_claim c
    join import_contender s on s.line = c.line and s.state = 'SETTLED';
    for contender in select line from import_contender where plays and state = 'OPEN' order by line loop
      select w.line into beating
      from import_claim c
      join import_won w on w.key = c.key and w.validity && c.validity
      where c.line = contender.line
      limit 1;
      if beating is null then
        insert into import_won (line, key, validity)
        select line, key, validity
        from import_claim
        where line = contender.line;
        update import_contender set has_won = true where line = contender.line;
      else
        update import_contender set has_beaten = true where line = beating and not has_beaten;
      end if;
    end loop;
  end $$`;

const markLost = `-- contenders that a settled one stands in the way of
  update import_contender s
  set state = 'LOST'
  where s.state in ('OPEN', 'ASIDE')
    and exists (
      select from import_claim c
      join import_claim o on o.key = c.key and o.validity && c.validity and o.line <> c.line
      join import_contender h on h.line = o.line and h.state = 'SETTLED'
      where c.line = s.line
    )`;

const changed = async (session: BulkSession, statement: string): Promise<boolean> => {
  const [row] = await session.query<{ count: number }>(
    `with changed as (
       ${statement}
       returning 1
     )
     select count(*)::integer as count
     from changed`,
  );
  return (row?.count ?? 0) > 0;
};

/**
 * Fills `import_placed (line)` with the rows that can load beside each other in the tree they are in, of those that are not
 * rejected and are no contenders, or contenders that play.
 */
export type Place = (session: BulkSession) => Promise<void>;

/** What holds a staged row `r` to those that take part in a round of a contest. */
export const takesPart = `not r.rejected
    and not exists (select from import_contender s where s.line = r.line and not s.plays)`;

const placeAll =
  (file: ImportFileName): Place =>
  (session) =>
    session.execute(`drop table if exists import_placed;
      create temporary table import_placed as
      select s.line
      from import_contender s
      join ${stagingTables[file].table} r on r.line = s.line
      where ${takesPart};
      create index on import_placed (line)`);

const isPlaced = 'exists (select from import_placed p where p.line = s.line)';

/**
 * Decides which contenders load: of those that can be placed, the first line of what cannot stand together, so that no row is left
 * out for one that does not load. A winner that cannot be placed after all, for want of what it beat, steps aside until more is
 * settled.
 */
const decide = async (session: BulkSession, place: Place): Promise<void> => {
  for (;;) {
    await session.execute(markLost);
    await session.execute(
      `update import_contender set plays = state in ('OPEN', 'SETTLED'), has_won = false, has_beaten = false`,
    );
    await place(session);
    const isOpen = await changed(
      session,
      `update import_contender s set plays = true where s.state = 'OPEN' and ${isPlaced}`,
    );
    if (!isOpen) return;
    await session.execute(`update import_contender s set plays = false where s.state = 'OPEN' and not ${isPlaced}`);
    await session.execute(decideRound);
    await session.execute(`update import_contender set plays = state = 'SETTLED' or has_won`);
    await place(session);
    const isSettled = await changed(
      session,
      `update import_contender s set state = 'SETTLED' where s.has_won and ${isPlaced}`,
    );
    await session.execute(
      isSettled
        ? `update import_contender set state = 'OPEN' where state = 'ASIDE'`
        : `update import_contender set state = 'ASIDE' where has_beaten`,
    );
  }
};

// A row is named the one that keeps it out, else an earlier one; where that does not load, it is told only where nothing does.
const tellLost = (file: ImportFileName): string => `-- rows that claim what another has
  insert into import_problem (file, line, column_name, value, problem, remedy, kind)
  select '${file}', c.line, c.column_name, c.value, format(c.problem, other.holder), c.remedy,
    case when r.rejected or s.state = 'LOST' then 'PROBLEM' else 'COLLISION' end
  from import_claim c
  join ${stagingTables[file].table} r on r.line = c.line
  left join import_contender s on s.line = c.line
  cross join lateral (
    select coalesce(
      (
        select o.holder
        from import_claim o
        join import_contender h on h.line = o.line and h.state = 'SETTLED'
        where s.state = 'LOST' and o.kind = c.kind and o.key = c.key and o.validity && c.validity and o.line <> c.line
        order by o.line
        limit 1
      ),
      (
        select o.holder
        from import_claim o
        where o.kind = c.kind and o.key = c.key and o.validity && c.validity and o.line < c.line
        limit 1
      )
    ) as holder
  ) as other
  where other.holder is not null`;

/**
 * Finds the rows of a file that claim what another row claims on the same day, and rejects those that must yield.
 *
 * Of two rows the later one yields; a row that does not load, for whatever reason, takes nothing from another. What collides is
 * told in any case; as `COLLISION` where the row loads all the same, because the other one does not.
 *
 * @param place which rows can stand in the tree together; all where left out
 */
export const settleClaims = async (
  session: BulkSession,
  file: ImportFileName,
  claims: readonly Claim[],
  place: Place = placeAll(file),
): Promise<void> => {
  await session.execute(claimTables);
  for (const [kind, claim] of claims.entries()) await session.execute(insertContested(file, claim, kind));
  await session.execute(startContest(file));
  const [contest] = await session.query<{ isThere: boolean }>('select exists (select from import_claim) as "isThere"');
  if (!contest?.isThere) return;
  await decide(session, place);
  await session.execute(tellLost(file));
  await markRejected(session, file);
};
