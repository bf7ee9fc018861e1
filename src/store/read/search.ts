import { z } from 'zod';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { unitColumns, unitRow } from '../sql/unit-row.ts';
import { searchMatchesSql, type SearchQuery } from './search-matches.ts';

const matchKinds = ['NAME', 'SHORT_NAME', 'FORMER_NAME', 'RESH_ID', 'ORGANIZATION_NUMBER', 'IDENTIFIER'] as const;
/** Kind of value that matched a search. */
export type MatchKind = (typeof matchKinds)[number];

const hitRow = unitRow.extend({
  score: z.number(),
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

/** Returns a page of the hits of a search, best first, then by name in Norwegian order and RESH-id. One statement. */
export async function readSearchHits(
  prisma: PrismaClient,
  search: SearchQuery,
  snapshot: Snapshot,
  first: number,
  after: SearchCursor | undefined,
): Promise<HitRow[]> {
  const afterCondition = after
    ? Prisma.sql`
      where (-score, name_sort_key, resh_id)
        > (${-after.score}::integer, ${after.nameSortKey}, ${after.reshId}::integer)`
    : Prisma.sql``;
  const rows = await prisma.$queryRaw`
    -- search
    with ${searchMatchesSql({ ...search, ...snapshot })},
    page as materialized (
      select *
      from found
      ${afterCondition}
      order by score desc, name_sort_key, resh_id
      limit ${first}::integer
    )
    select
      ${unitColumns('v')},
      page.score,
      replace(page.kind, 'FORMER_SHORT_NAME', 'FORMER_NAME') as "matchKind",
      coalesce(page.matched_text, hit.matched_text) as "matchText"
    from page
    cross join lateral (
      select *
      from unit_version
      where unit_version.id = page.version_id
      offset 0
    ) v
    left join lateral (
      select
        case when page.kind like '%SHORT_NAME' then unit_version.short_name else unit_version.name end as matched_text
      from unit_version
      where unit_version.id = page.matched_id
      offset 0
    ) hit on true
    order by page.score desc, page.name_sort_key, page.resh_id`;
  return z.array(hitRow).parse(rows);
}

/** Counts the hits of a search. One statement. */
export async function countSearchHits(prisma: PrismaClient, search: SearchQuery, snapshot: Snapshot): Promise<number> {
  const rows = await prisma.$queryRaw`
    -- number of hits of a search
    with ${searchMatchesSql({ ...search, ...snapshot })}
    select count(*)::integer as count
    from found`;
  return z.tuple([z.object({ count: z.number() })]).parse(rows)[0].count;
}
