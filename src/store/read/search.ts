import { z } from 'zod';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { UnitOrder } from '../../domain/unit/filter.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { unitColumns, unitRow } from '../sql/unit-row.ts';
import { listPartsSql, searchMatchesSql, type SearchQuery } from './search-matches.ts';

const matchKinds = [
  'NAME',
  'SHORT_NAME',
  'INTERNATIONAL_NAME',
  'TREATMENT_SITE',
  'FORMER_NAME',
  'RESH_ID',
  'ORGANIZATION_NUMBER',
  'IDENTIFIER',
  'FORMER_IDENTIFIER',
] as const;
/** Kind of value that matched a search. */
export type MatchKind = (typeof matchKinds)[number];

const hitRow = unitRow.extend({
  score: z.number(),
  isClosed: z.boolean(),
  matchKind: z.enum(matchKinds).nullable(),
  matchText: z.string().nullable(),
});
/** A unit that a search found, with its score and the value that matched. */
export type HitRow = z.infer<typeof hitRow>;

/** Last hit of the previous page. */
export interface SearchCursor {
  readonly score: number;
  readonly nameSortKey: string;
  readonly reshId: number;
}

interface HitOrder {
  readonly columns: readonly (keyof ReturnType<typeof toPosition>)[];
  readonly direction: 'asc' | 'desc';
}

// Closed units, whose scores are less than 0, come after all others in every order.
const ordersByField = {
  BEST: { columns: ['-score', 'name_sort_key', 'resh_id'], direction: 'asc' },
  NAME_ASC: { columns: ['is_closed::integer', 'name_sort_key', 'resh_id'], direction: 'asc' },
  NAME_DESC: { columns: ['-is_closed::integer', 'name_sort_key', 'resh_id'], direction: 'desc' },
  RESH_ID_ASC: { columns: ['is_closed::integer', 'resh_id'], direction: 'asc' },
  RESH_ID_DESC: { columns: ['-is_closed::integer', 'resh_id'], direction: 'desc' },
} as const satisfies Record<string, HitOrder>;

/**
 * Returns a page of the hits of a search: best first, then by name in Norwegian order and RESH-id, or in another order.
 * One statement.
 */
export async function readSearchHits(
  prisma: PrismaClient,
  search: SearchQuery,
  snapshot: Snapshot,
  { first, after, order }: { first: number; after?: SearchCursor | undefined; order?: UnitOrder | undefined },
): Promise<HitRow[]> {
  const { columns, direction }: HitOrder =
    ordersByField[order ? (`${order.field}_${order.direction}` as const) : 'BEST'];
  const orderBy = orderBySql(columns, direction);
  const position = after && toPosition(after);
  const afterCondition = position
    ? Prisma.sql`
        and (${Prisma.raw(columns.join(', '))}) ${Prisma.raw(direction === 'asc' ? '>' : '<')} (${Prisma.join(
          columns.map((column) => position[column]),
        )})`
    : Prisma.sql``;
  // Each part can be read in the order of an index, since all its units are closed, or none.
  const partOrderBy = orderBySql(
    columns.filter((column) => !column.includes('is_closed')),
    direction,
  );
  const pageOfSql = (part: Prisma.Sql): Prisma.Sql => Prisma.sql`
      (
        select *
        from ${part}
        ${afterCondition}
        order by ${partOrderBy}
        limit ${first}::integer
      )`;
  const searchAtSnapshot = { ...search, ...snapshot };
  const rows = await prisma.$queryRaw`
    -- search
    with ${searchMatchesSql(searchAtSnapshot)},
    page as materialized (
      select *
      from (${Prisma.join(listPartsSql(searchAtSnapshot).map(pageOfSql), ' union all ')}) as part
      order by ${orderBy}
      limit ${first}::integer
    )
    select
      ${unitColumns('v')},
      page.score,
      page.is_closed as "isClosed",
      page.kind as "matchKind",
      page.matched_text as "matchText"
    from (select *, row_number() over (order by ${orderBy}) as place from page) page
    cross join lateral (
      select *
      from unit_version
      where unit_version.id = page.version_id
      offset 0
    ) v
    order by page.place`;
  return z.array(hitRow).parse(rows);
}

function orderBySql(columns: readonly string[], direction: HitOrder['direction']): Prisma.Sql {
  return Prisma.raw(columns.map((column) => `${column} ${direction}`).join(', '));
}

function toPosition({ score, nameSortKey, reshId }: SearchCursor) {
  const closed = score < 0 ? 1 : 0;
  return {
    '-score': Prisma.sql`${-score}::integer`,
    'is_closed::integer': Prisma.sql`${closed}::integer`,
    '-is_closed::integer': Prisma.sql`${-closed}::integer`,
    name_sort_key: Prisma.sql`${nameSortKey}`,
    resh_id: Prisma.sql`${reshId}::integer`,
  };
}

/** Counts the hits of a search. One statement. */
export function countSearchHits(prisma: PrismaClient, search: SearchQuery, snapshot: Snapshot): Promise<number> {
  return countHits(
    prisma,
    Prisma.sql`
    -- number of hits of a search
    with ${searchMatchesSql({ ...search, ...snapshot })}
    select count(*)::integer as count
    from found`,
  );
}

/** Counts the closed units that a search finds if it includes them. One statement. */
export function countClosedHits(prisma: PrismaClient, search: SearchQuery, snapshot: Snapshot): Promise<number> {
  return countHits(
    prisma,
    Prisma.sql`
    -- number of closed hits of a search
    with ${searchMatchesSql({ ...search, ...snapshot, includeClosed: true })}
    select count(*)::integer as count
    from found
    where is_closed`,
  );
}

async function countHits(prisma: PrismaClient, sql: Prisma.Sql): Promise<number> {
  const rows = await prisma.$queryRaw(sql);
  return z.tuple([z.object({ count: z.number() })]).parse(rows)[0].count;
}
