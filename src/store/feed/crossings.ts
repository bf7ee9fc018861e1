import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { SqlClient } from '../database/sql-client.ts';
import { matchesRevision } from '../sql/fact-tables.ts';
import { groupByKey } from '../sql/temporal-conditions.ts';
import type { ReshIdPage } from '../sql/unit-row.ts';

/** How a change crossed the border of a subtree: a unit came under its top, or is no longer under it. */
export type CrossingKind = 'ENTERED' | 'LEFT';

/** The units that crossed the border of a subtree with a change. */
export interface CrossingsKey {
  readonly revision: number;
  /** RESH-id of the unit at the top */
  readonly within: number;
  readonly kind: CrossingKind;
}

/** A unit that crossed the border. */
export interface Crossing {
  readonly reshId: number;
  /** First day on which it was on the other side before the change */
  readonly day: Day;
}

// A unit crosses on days on which it is valid before and after the change. Those days are in a row that the change
// superseded and in one that it recorded.
const crossingsSql = `
      select resh_id, min(greatest(was.valid_from, became.valid_from)) as day
      from (
        select resh_id, valid_from, valid_to, path
        from unit_version
        where ${matchesRevision('key.revision')('superseded_rev')}
      ) as was
      join (
        select resh_id, valid_from, valid_to, path
        from unit_version
        where ${matchesRevision('key.revision')('recorded_rev')}
      ) as became using (resh_id)
      where key.within = any(became.path) = (key.kind = 'ENTERED')
        and key.within = any(was.path) = (key.kind = 'LEFT')
        and (became.valid_to is null or was.valid_from < became.valid_to)
        and (was.valid_to is null or became.valid_from < was.valid_to)
      group by resh_id`;

const pageStatement = `-- units that entered or left a subtree
  select key.n, page.resh_id as "reshId", page.day::text as day
  from jsonb_to_recordset($1::text::jsonb)
    as key (n integer, revision integer, within integer, kind text, first integer, after integer)
  cross join lateral (
    select resh_id, day
    from (${crossingsSql}
    ) as crossing
    where resh_id > key.after
    order by resh_id
    limit key.first
  ) as page
  order by key.n, page.resh_id`;

const countStatement = `-- number of units that entered or left a subtree
  select key.n, (
    select count(*)::integer
    from (${crossingsSql}
    ) as crossing
  ) as count
  from jsonb_to_recordset($1::text::jsonb) as key (n integer, revision integer, within integer, kind text)`;

const kindStatement = `-- how changed units entered or left a subtree
  select key.n, crossing.kind
  from jsonb_to_recordset($1::text::jsonb) as changed (n integer, "reshId" integer, revision integer, within integer)
  cross join (values ('ENTERED'), ('LEFT')) as crossing (kind)
  cross join lateral (select changed.*, crossing.kind) as key
  where exists (
    select from (${crossingsSql}
    ) as crossed
    where resh_id = key."reshId"
  )`;

const crossingRows = z.array(z.object({ n: z.number(), reshId: z.number(), day: z.string() }));
const kindRows = z.array(z.object({ n: z.number(), kind: z.enum(['ENTERED', 'LEFT']) }));
const countRows = z.array(z.object({ n: z.number(), count: z.number() }));

/**
 * Returns pages of the units that changes brought under a unit or took away from it, themselves or with a unit above
 * them, each in RESH-id order. One statement.
 */
export async function readCrossings(
  client: SqlClient,
  pages: readonly (CrossingsKey & ReshIdPage)[],
): Promise<Crossing[][]> {
  const keys = pages.map(({ after = 0, ...page }, n) => ({ n, after, ...page }));
  const rows = crossingRows.parse(await client.query(pageStatement, [JSON.stringify(keys)]));
  return groupByKey(rows, pages.length).map((page) => page.map(({ reshId, day }) => ({ reshId, day })));
}

/** Counts the units that changes brought under a unit or took away from it. One statement. */
export async function countCrossings(client: SqlClient, keys: readonly CrossingsKey[]): Promise<number[]> {
  const rows = countRows.parse(
    await client.query(countStatement, [JSON.stringify(keys.map((key, n) => ({ n, ...key })))]),
  );
  return groupByKey(rows, keys.length).map(([row]) => row?.count ?? 0);
}

/** A changed unit, and the unit at the top of a subtree. */
export interface ChangedUnitWithin {
  readonly reshId: number;
  readonly revision: number;
  readonly within: number;
}

/** Returns how changed units themselves crossed the border of a subtree; none for most. One statement. */
export async function readCrossingKinds(
  client: SqlClient,
  units: readonly ChangedUnitWithin[],
): Promise<CrossingKind[][]> {
  const rows = kindRows.parse(
    await client.query(kindStatement, [JSON.stringify(units.map((unit, n) => ({ n, ...unit })))]),
  );
  return groupByKey(rows, units.length).map((found) => found.map(({ kind }) => kind));
}
