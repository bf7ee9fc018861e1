import { z } from 'zod';
import type { ChangeTransaction } from '../change/ledger.ts';
import { grouped } from '../sql/temporal-conditions.ts';
import { changedIn, changingTables } from '../sql/fact-tables.ts';
import type { UnitKnownAt } from '../read/units.ts';

/** Which page of the changes of a unit: `before` is the last revision of the page before. */
export interface ChangesOfUnit extends UnitKnownAt {
  readonly first: number;
  readonly before?: number | undefined;
}

const changesUpTo = (revision: string): string =>
  changingTables
    .map(
      (table) =>
        `select rev from (${changedIn(table, (rev) => `resh_id = key.resh_id and ${rev} <= ${revision}`)}) as changed`,
    )
    .join('\n      union\n      ');

const pageStatement = `-- changes of units
  select key.n, page.rev as revision
  from jsonb_to_recordset($1::text::jsonb) as key (n integer, resh_id integer, up_to integer, first integer)
  cross join lateral (
    select rev
    from (
      ${changesUpTo('key.up_to')}
    ) as changed
    order by rev desc
    limit key.first
  ) as page
  order by key.n, page.rev desc`;

const countStatement = `-- number of changes of units
  select key.n, (
    select count(*)::integer
    from (
      ${changesUpTo('key.up_to')}
    ) as changed
  ) as count
  from jsonb_to_recordset($1::text::jsonb) as key (n integer, resh_id integer, up_to integer)`;

const numbered = z.array(z.object({ n: z.number(), revision: z.number() }));
const counted = z.array(z.object({ n: z.number(), count: z.number() }));

/**
 * Pages of the revisions that changed units themselves, newest first, as known at a revision; those that changed only the path
 * are left out. One statement.
 */
export const readChangesOfUnits = async (
  tx: ChangeTransaction,
  keys: readonly ChangesOfUnit[],
): Promise<number[][]> => {
  const pages = keys.map(({ reshId, revision, first, before }, n) => ({
    n,
    resh_id: reshId,
    up_to: before === undefined ? revision : Math.min(revision, before - 1),
    first,
  }));
  const rows = numbered.parse(await tx.query(pageStatement, [JSON.stringify(pages)]));
  return grouped(rows, keys.length).map((page) => page.map(({ revision }) => revision));
};

/** Number of revisions that changed units themselves, as known at a revision. One statement. */
export const countChangesOfUnits = async (tx: ChangeTransaction, keys: readonly UnitKnownAt[]): Promise<number[]> => {
  const rows = counted.parse(
    await tx.query(countStatement, [
      JSON.stringify(keys.map(({ reshId, revision }, n) => ({ n, resh_id: reshId, up_to: revision }))),
    ]),
  );
  return grouped(rows, keys.length).map(([row]) => row?.count ?? 0);
};
