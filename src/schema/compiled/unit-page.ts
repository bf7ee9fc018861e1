import { connectionKey, encodeCursor, type Position } from '../kit/cursor.ts';
import { childrenPageLimit, descendantsPageLimit } from '../kit/limits.ts';
import { resolvePageSize } from '../kit/page.ts';
import { toFilter, toOrder } from '../kit/unit-filter-input.ts';
import { leaf, listPositions, object, type CompiledFields, type FieldArguments, type UnitList } from './field.ts';
import type { SnapshotView } from './output.ts';
import type { PageInfo } from './page-info.ts';
import type { Tally } from './tally.ts';

/** The first page of a connection of units. */
interface UnitPage {
  readonly units: UnitList;
  readonly totalCount: number;
  /** First and last unit of the page; -1 on an empty page */
  readonly first: number;
  readonly last: number;
  readonly hasNextPage: boolean;
  /** Levels above the unit whose children or descendants these are */
  readonly depth: number;
  readonly formatCursor: (position: number) => string;
}

/** Reads the first page of the children of a unit, by name. */
export function readChildrenPage(
  parent: number,
  { snapshot, named }: SnapshotView,
  tally: Tally,
  args: FieldArguments,
): UnitPage {
  const size = readPageSize(args, childrenPageLimit);
  const children = snapshot.childrenOf(parent);
  const units = children.length > size ? children.slice(0, size) : children;
  tally.objects += units.length;
  return {
    units,
    totalCount: children.length,
    first: units[0] ?? -1,
    last: units.at(-1) ?? -1,
    hasNextPage: children.length > size,
    depth: snapshot.tree.depthOf(parent),
    formatCursor: (position) => {
      const { nameSortKey, reshId } = snapshot.unitAt(position);
      const key = connectionKey('children', snapshot.unitAt(parent).reshId, toFilter(undefined), toOrder(undefined));
      return encodeCursor(key, { ...snapshot.at, ...named }, [nameSortKey, reshId]);
    },
  };
}

/** Reads the first page of the descendants of a unit, in tree order. */
export function readDescendantsPage(
  top: number,
  { snapshot, named }: SnapshotView,
  tally: Tally,
  args: FieldArguments,
): UnitPage {
  const size = readPageSize(args, descendantsPageLimit);
  const start = top + 1;
  const totalCount = snapshot.tree.endOf(top) - start;
  const end = start + Math.min(size, totalCount);
  tally.objects += end - start;
  return {
    units: { start, end },
    totalCount,
    first: end > start ? start : -1,
    last: end > start ? end - 1 : -1,
    hasNextPage: totalCount > size,
    depth: snapshot.tree.depthOf(top),
    formatCursor: (position) => {
      const cursorPosition: Position = [snapshot.tree.pathTextOf(position), snapshot.tree.pathTextOf(top)];
      const key = connectionKey('descendants', snapshot.unitAt(top).reshId, toFilter(undefined), undefined);
      return encodeCursor(key, { ...snapshot.at, ...named }, cursorPosition);
    },
  };
}

function readPageSize({ first }: FieldArguments, limit: number): number {
  return resolvePageSize(first as number | null | undefined, limit);
}

/** A unit of a page. */
interface UnitEdge {
  readonly position: number;
  readonly page: UnitPage;
}

/** Fields of a page of units. */
export const unitConnectionFields: CompiledFields<UnitPage> = {
  edges: {
    kind: 'list',
    isLong: true,
    read: (page): UnitEdge[] => [...listPositions(page.units)].map((position) => ({ position, page })),
  },
  nodes: { kind: 'units', read: ({ units }) => units },
  totalCount: leaf(({ totalCount }) => totalCount),
  pageInfo: object(({ hasNextPage, first, last, formatCursor }): PageInfo => ({
    hasNextPage,
    formatStartCursor: () => (first < 0 ? null : formatCursor(first)),
    formatEndCursor: () => (last < 0 ? null : formatCursor(last)),
  })),
};

export const unitEdgeFields: CompiledFields<UnitEdge> = {
  cursor: leaf(({ position, page }) => page.formatCursor(position)),
  node: object(({ position }) => position),
  depth: leaf(({ position, page }, { snapshot }) => snapshot.tree.depthOf(position) - page.depth),
};
