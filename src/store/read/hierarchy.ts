import { z } from 'zod';
import type { Day } from '../../domain/time/day.ts';
import type { UnitFilter, UnitOrder } from '../../domain/unit/filter.ts';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { groupByKey, keyRows, knownAtKeyRevision, validOnKeyDay } from '../sql/temporal-conditions.ts';
import { filterCodesJoinSql, filterConditionsSql } from '../sql/unit-filter.ts';
import { unitColumns, unitRow, type UnitRow } from '../sql/unit-row.ts';
import { toUnitKeyRow, unitKeyRows, type UnitSnapshotKey } from './units.ts';

const numberedUnit = unitRow.extend({ n: z.number() });

/** A page of the children of a unit; `after` is the last child of the previous page. */
export interface ChildrenPageKey extends UnitSnapshotKey {
  /** Rows to read */
  readonly first: number;
  readonly after?: { readonly nameSortKey: string; readonly reshId: number } | undefined;
}

// The order by name follows the index of parents, forward or backward. The column compares text byte by byte. The order
// by RESH-id is that of an expression, since PostgreSQL would read the index of all units until a key has its children.
const orders = {
  NAME_ASC: [
    '(v.name_sort_key, v.resh_id) > (key.after_name, key.after_id)',
    'v.parent_resh_id, v.name_sort_key, v.resh_id',
  ],
  NAME_DESC: [
    '(v.name_sort_key, v.resh_id) < (key.after_name, key.after_id)',
    'v.parent_resh_id desc, v.name_sort_key desc, v.resh_id desc',
  ],
  RESH_ID_ASC: ['v.resh_id > key.after_id', 'v.resh_id + 0'],
  RESH_ID_DESC: ['v.resh_id < key.after_id', 'v.resh_id + 0 desc'],
} as const;

// A range of one value, for which PostgreSQL always expects few rows. By the statistics of a tree whose units have few
// parents, it would expect thousands of children of each key, and scan the table for each.
const isChildOfKeySql = Prisma.sql`v.parent_resh_id between key.resh_id and key.resh_id`;

/** Returns pages of the children of units. One statement. */
export async function readChildren(
  prisma: PrismaClient,
  keys: readonly ChildrenPageKey[],
  filter: UnitFilter | undefined,
  order: UnitOrder,
): Promise<UnitRow[][]> {
  const [afterCondition, orderBy] = orders[`${order.field}_${order.direction}`];
  const rows = await prisma.$queryRaw`
    -- children
    select key.n, page.*
    from ${keyRows(
      keys.map((key) => ({
        ...toUnitKeyRow(key),
        first: key.first,
        after_name: key.after?.nameSortKey ?? null,
        after_id: key.after?.reshId ?? null,
      })),
      'resh_id integer, revision integer, day date, first integer, after_name text, after_id integer',
    )}
    ${filterCodesJoinSql(filter)}
    cross join lateral (
      select ${unitColumns('v')}
      from unit_version v
      where ${isChildOfKeySql}
        and ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
        and (key.after_id is null or ${Prisma.raw(afterCondition)})
        ${filterConditionsSql(filter)}
      order by ${Prisma.raw(orderBy)}
      limit key.first
    ) page`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length);
}

/** Counts the children of units. One statement. */
export async function countChildren(
  prisma: PrismaClient,
  keys: readonly UnitSnapshotKey[],
  filter?: UnitFilter,
): Promise<number[]> {
  const rows = await prisma.$queryRaw`
    -- number of children
    select key.n, counted.count
    from ${unitKeyRows(keys)}
    ${filterCodesJoinSql(filter)}
    cross join lateral (
      select count(*)::integer as count
      from unit_version v
      where ${isChildOfKeySql}
        and ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}
        ${filterConditionsSql(filter)}
    ) counted`;
  return parseCounts(rows, keys.length);
}

function parseCounts(rows: unknown, keyCount: number): number[] {
  return groupByKey(countRows.parse(rows), keyCount).map(([row]) => row?.count ?? 0);
}

/** The subtree of a unit, by its path; `maxDepth` is the number of levels under the unit. */
export interface SubtreeKey {
  readonly pathText: string;
  readonly depth: number;
  readonly revision: number;
  readonly day: Day;
  readonly maxDepth?: number | undefined;
}

/** A page of the descendants of a unit; `after` is the path of the last unit of the previous page. */
export interface DescendantsPageKey extends SubtreeKey {
  readonly first: number;
  readonly after?: string | undefined;
}

const subtreeKeyColumns = 'path_text text, max_level integer, revision integer, day date';

// ':' follows '9' in byte order, so the paths of all descendants sort before the path of the unit followed by ':'.
const descendantConditions = Prisma.sql`v.path_text > key.path_text
        and v.path_text < key.path_text || ':'
        and (key.max_level is null or cardinality(v.path) <= key.max_level)
        and ${knownAtKeyRevision('v')}
        and ${validOnKeyDay('v')}`;

/** Returns pages of descendants in tree order. One statement. */
export async function readDescendants(
  prisma: PrismaClient,
  keys: readonly DescendantsPageKey[],
  filter: UnitFilter | undefined,
): Promise<UnitRow[][]> {
  const rows = await prisma.$queryRaw`
    -- descendants
    select key.n, page.*
    from ${keyRows(
      keys.map((key) => ({ ...toSubtreeKeyRow(key), first: key.first, after: key.after ?? null })),
      `${subtreeKeyColumns}, first integer, after text`,
    )}
    ${filterCodesJoinSql(filter)}
    cross join lateral (
      select ${unitColumns('v')}
      from unit_version v
      where ${descendantConditions}
        and v.path_text > coalesce(key.after, key.path_text)
        ${filterConditionsSql(filter)}
      order by v.path_text
      limit key.first
    ) page`;
  return groupByKey(z.array(numberedUnit).parse(rows), keys.length);
}

function toSubtreeKeyRow({ pathText, depth, maxDepth, revision, day }: SubtreeKey) {
  return {
    path_text: pathText,
    max_level: maxDepth === undefined ? null : depth + 1 + maxDepth,
    revision,
    day,
  };
}

/** Counts the descendants of units. One statement. */
export async function countDescendants(
  prisma: PrismaClient,
  keys: readonly SubtreeKey[],
  filter: UnitFilter | undefined,
): Promise<number[]> {
  const rows = await prisma.$queryRaw`
    -- number of descendants
    select key.n, counted.count
    from ${keyRows(keys.map(toSubtreeKeyRow), subtreeKeyColumns)}
    ${filterCodesJoinSql(filter)}
    cross join lateral (
      select count(*)::integer as count
      from unit_version v
      where ${descendantConditions}
        ${filterConditionsSql(filter)}
    ) counted`;
  return parseCounts(rows, keys.length);
}

const countRows = z.array(z.object({ n: z.number(), count: z.number() }));

/** A page of the former children of a unit; `after` is the last unit of the previous page. */
export interface FormerChildrenPageKey extends UnitSnapshotKey {
  readonly first: number;
  readonly after?: { readonly until: Day; readonly reshId: number } | undefined;
}

const formerChildRow = numberedUnit.extend({ until: z.string(), moved: z.boolean() });
/** A former child on its last day under the parent; `moved` is true if the unit continued under another parent. */
export type FormerChildRow = z.infer<typeof formerChildRow>;

/** Returns pages of former children, the latest to leave first. One statement. */
export async function readFormerChildren(
  prisma: PrismaClient,
  keys: readonly FormerChildrenPageKey[],
): Promise<FormerChildRow[][]> {
  const rows = await prisma.$queryRaw`
    -- former children
    select key.n, page.*
    from ${keyRows(
      keys.map((key) => ({
        ...toUnitKeyRow(key),
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
            and ${knownAtKeyRevision('next')}
        ) as moved
      from (${formerChildrenSql}) v
      where key.after_id is null
        or v.valid_to < key.after_until
        or (v.valid_to = key.after_until and v.resh_id > key.after_id)
      order by v.valid_to desc, v.resh_id
      limit key.first
    ) page`;
  return groupByKey(z.array(formerChildRow).parse(rows), keys.length);
}

// The latest row in which each unit left the parent, without units that are children on the day.
const formerChildrenSql = Prisma.sql`
        select distinct on (left_row.resh_id) left_row.*
        from unit_version left_row
        where left_row.parent_resh_id = key.resh_id
          and left_row.valid_to <= key.day
          and ${knownAtKeyRevision('left_row')}
          and not exists (
            select 1
            from unit_version present
            where present.resh_id = left_row.resh_id
              and present.parent_resh_id = key.resh_id
              and ${knownAtKeyRevision('present')}
              and ${validOnKeyDay('present')}
          )
        order by left_row.resh_id, left_row.valid_to desc`;

/** Counts the former children of units. One statement. */
export async function countFormerChildren(prisma: PrismaClient, keys: readonly UnitSnapshotKey[]): Promise<number[]> {
  const rows = await prisma.$queryRaw`
    -- number of former children
    select key.n, counted.count
    from ${unitKeyRows(keys)}
    cross join lateral (
      select count(*)::integer as count
      from (${formerChildrenSql}) v
    ) counted`;
  return parseCounts(rows, keys.length);
}
