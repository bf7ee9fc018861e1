import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { UnitFilter, UnitOrder } from '../../domain/unit/filter.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { grouped, keyRows, known, valid } from '../sql/temporal-conditions.ts';
import { filterSource, filterSql } from '../sql/unit-filter.ts';
import { unitColumns, unitRow, type UnitRow } from '../sql/unit-row.ts';
import { keyOf, type UnitAt } from './units.ts';

const numberedUnit = unitRow.extend({ n: z.number() });

/** Which page of a unit's children: `after` is the last one of the page before. */
export interface ChildrenAt extends UnitAt {
  /** Rows to read */
  readonly first: number;
  readonly after?: { readonly nameSortKey: string; readonly reshId: number } | undefined;
}

// Each order is an index's own, or its reverse; text is compared as the column is, byte by byte.
const orders = {
  NAME_ASC: ['(v.name_sort_key, v.resh_id) > (key.after_name, key.after_id)', 'v.name_sort_key, v.resh_id'],
  NAME_DESC: ['(v.name_sort_key, v.resh_id) < (key.after_name, key.after_id)', 'v.name_sort_key desc, v.resh_id desc'],
  RESH_ID_ASC: ['v.resh_id > key.after_id', 'v.resh_id'],
  RESH_ID_DESC: ['v.resh_id < key.after_id', 'v.resh_id desc'],
} as const;

/** Pages of children. One statement, whatever the number of parents. */
export const readChildren = async (
  prisma: PrismaClient,
  keys: readonly ChildrenAt[],
  filter: UnitFilter | undefined,
  order: UnitOrder,
): Promise<UnitRow[][]> => {
  const [beyond, sorted] = orders[`${order.field}_${order.direction}`];
  const rows = await prisma.$queryRaw`
    -- children
    select key.n, page.*
    from ${keyRows(
      keys.map((key) => ({
        ...keyOf(key),
        first: key.first,
        after_name: key.after?.nameSortKey ?? null,
        after_id: key.after?.reshId ?? null,
      })),
      'resh_id integer, revision integer, day date, first integer, after_name text, after_id integer',
    )}
    ${filterSource(filter)}
    cross join lateral (
      select ${unitColumns('v')}
      from unit_version v
      where v.parent_resh_id = key.resh_id
        and ${known('v')}
        and ${valid('v')}
        and (key.after_id is null or ${Prisma.raw(beyond)})
        ${filterSql(filter)}
      order by ${Prisma.raw(sorted)}
      limit key.first
    ) page`;
  return grouped(z.array(numberedUnit).parse(rows), keys.length);
};

/** Number of children of each unit. One statement. */
export const countChildren = async (
  prisma: PrismaClient,
  keys: readonly UnitAt[],
  filter?: UnitFilter,
): Promise<number[]> => {
  const rows = await prisma.$queryRaw`
    -- number of children
    select key.n, counted.count
    from ${keyRows(keys.map(keyOf), 'resh_id integer, revision integer, day date')}
    ${filterSource(filter)}
    cross join lateral (
      select count(*)::integer as count
      from unit_version v
      where v.parent_resh_id = key.resh_id
        and ${known('v')}
        and ${valid('v')}
        ${filterSql(filter)}
    ) counted`;
  return counts(rows, keys.length);
};

/** A unit's subtree, by its path; `maxDepth` counts levels beneath the unit. */
export interface SubtreeAt {
  readonly pathText: string;
  readonly depth: number;
  readonly revision: number;
  readonly day: Day;
  readonly maxDepth?: number | undefined;
}

/** Which page of a unit's descendants: `after` is the path of the last one of the page before. */
export interface DescendantsAt extends SubtreeAt {
  readonly first: number;
  readonly after?: string | undefined;
}

const subtreeColumns = 'path_text text, deepest integer, revision integer, day date';
const subtreeKey = ({ pathText, depth, maxDepth, revision, day }: SubtreeAt) => ({
  path_text: pathText,
  deepest: maxDepth === undefined ? null : depth + 1 + maxDepth,
  revision,
  day,
});

// ':' is the character after '9': every path beneath lies between the unit's own path and it.
const beneath = Prisma.sql`v.path_text > key.path_text
        and v.path_text < key.path_text || ':'
        and (key.deepest is null or cardinality(v.path) <= key.deepest)
        and ${known('v')}
        and ${valid('v')}`;

/** Pages of descendants in tree order. One statement, whatever the number of subtrees. */
export const readDescendants = async (
  prisma: PrismaClient,
  keys: readonly DescendantsAt[],
  filter: UnitFilter | undefined,
): Promise<UnitRow[][]> => {
  const rows = await prisma.$queryRaw`
    -- descendants
    select key.n, page.*
    from ${keyRows(
      keys.map((key) => ({ ...subtreeKey(key), first: key.first, after: key.after ?? null })),
      `${subtreeColumns}, first integer, after text`,
    )}
    ${filterSource(filter)}
    cross join lateral (
      select ${unitColumns('v')}
      from unit_version v
      where ${beneath}
        and v.path_text > coalesce(key.after, key.path_text)
        ${filterSql(filter)}
      order by v.path_text
      limit key.first
    ) page`;
  return grouped(z.array(numberedUnit).parse(rows), keys.length);
};

/** Number of units beneath each unit. One statement. */
export const countDescendants = async (
  prisma: PrismaClient,
  keys: readonly SubtreeAt[],
  filter: UnitFilter | undefined,
): Promise<number[]> => {
  const rows = await prisma.$queryRaw`
    -- number of descendants
    select key.n, counted.count
    from ${keyRows(keys.map(subtreeKey), subtreeColumns)}
    ${filterSource(filter)}
    cross join lateral (
      select count(*)::integer as count
      from unit_version v
      where ${beneath}
        ${filterSql(filter)}
    ) counted`;
  return counts(rows, keys.length);
};

const counted = z.array(z.object({ n: z.number(), count: z.number() }));
const counts = (rows: unknown, keys: number): number[] =>
  grouped(counted.parse(rows), keys).map(([row]) => row?.count ?? 0);

/** Which page of the units that were children before: `after` is the last one of the page before. */
export interface FormerChildrenAt extends UnitAt {
  readonly first: number;
  readonly after?: { readonly until: Day; readonly reshId: number } | undefined;
}

const formerChild = numberedUnit.extend({ until: z.string(), moved: z.boolean() });
/** A unit as last seen under a parent it has left; `moved` where it went on elsewhere. */
export type FormerChildRow = z.infer<typeof formerChild>;

/** Pages of former children, last to leave first. One statement, whatever the number of parents. */
export const readFormerChildren = async (
  prisma: PrismaClient,
  keys: readonly FormerChildrenAt[],
): Promise<FormerChildRow[][]> => {
  const rows = await prisma.$queryRaw`
    -- former children
    select key.n, page.*
    from ${keyRows(
      keys.map((key) => ({
        ...keyOf(key),
        first: key.first,
        after_until: key.after?.until ?? null,
        after_id: key.after?.reshId ?? null,
      })),
      'resh_id integer, revision integer, day date, first integer, after_until date, after_id integer',
    )}
    cross join lateral (
      select
        ${unitColumns('v')},
        v.valid_to::text as until,
        exists (
          select 1
          from unit_version next
          where next.resh_id = v.resh_id
            and next.valid_from = v.valid_to
            and ${known('next')}
        ) as moved
      from (${lastLeft}) v
      where key.after_id is null
        or v.valid_to < key.after_until
        or (v.valid_to = key.after_until and v.resh_id > key.after_id)
      order by v.valid_to desc, v.resh_id
      limit key.first
    ) page`;
  return grouped(z.array(formerChild).parse(rows), keys.length);
};

// The last time each unit left the parent, unless it is there on the day.
const lastLeft = Prisma.sql`
        select distinct on (left_row.resh_id) left_row.*
        from unit_version left_row
        where left_row.parent_resh_id = key.resh_id
          and left_row.valid_to <= key.day
          and ${known('left_row')}
          and not exists (
            select 1
            from unit_version present
            where present.resh_id = left_row.resh_id
              and present.parent_resh_id = key.resh_id
              and ${known('present')}
              and ${valid('present')}
          )
        order by left_row.resh_id, left_row.valid_to desc`;

/** Number of former children of each unit. One statement. */
export const countFormerChildren = async (prisma: PrismaClient, keys: readonly UnitAt[]): Promise<number[]> => {
  const rows = await prisma.$queryRaw`
    -- number of former children
    select key.n, counted.count
    from ${keyRows(keys.map(keyOf), 'resh_id integer, revision integer, day date')}
    cross join lateral (
      select count(*)::integer as count
      from (${lastLeft}) v
    ) counted`;
  return counts(rows, keys.length);
};
