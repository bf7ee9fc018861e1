import { dayBefore } from '../../domain/time/day.ts';
import { clientError } from '../../errors/client-error.ts';
import type { FormerChildRow } from '../../store/read/hierarchy.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';
import { builder } from '../kit/builder.ts';
import { declareConnection, declareEdge, type EdgeShape } from '../kit/connection.ts';
import { connectionKey } from '../kit/cursor.ts';
import { FormerChildReason } from '../kit/enums.ts';
import { childrenCostCap, childrenPageLimit, descendantsPageLimit, pageLimit } from '../kit/limits.ts';
import { loadAncestors, loadUnits } from '../kit/load.ts';
import { afterDescription, firstDescription, pageCost, readPage } from '../kit/page.ts';
import { formerChildPositionSchema, namePositionSchema, pathPositionSchema } from '../kit/positions.ts';
import { Unit, UnitConnection } from '../kit/refs.ts';
import { assertFilterValues, toFilter, toOrder, UnitFilter, UnitOrder } from '../kit/unit-filter-input.ts';
import { unitKey, depthOf, atSnapshot, onDay, subtreeKey, relatedView, type UnitAtSnapshot } from '../kit/view.ts';

interface DescendantEdge extends EdgeShape<UnitAtSnapshot> {
  readonly depth: number;
}
/** More levels than any tree has: this depth means the whole subtree. */
const MAX_TREE_DEPTH = 1_000;

const UnitDescendantEdge = declareEdge<UnitAtSnapshot, DescendantEdge>('UnitDescendantEdge', Unit);
builder.objectField(UnitDescendantEdge, 'depth', (t) =>
  t.exposeInt('depth', { description: 'Number of levels below the starting unit: 1 for a child' }),
);
const UnitDescendantConnection = declareConnection(
  'UnitDescendantConnection',
  'Page of a subtree, depth first, siblings by RESH-id',
  Unit,
  UnitDescendantEdge,
);

interface FormerChildEdge extends EdgeShape<UnitAtSnapshot> {
  readonly effectiveOn: string;
  readonly reason: 'MOVED' | 'CLOSED';
}
const FormerChildEdge = declareEdge<UnitAtSnapshot, FormerChildEdge>('FormerChildEdge', Unit);
builder.objectFields(FormerChildEdge, (t) => ({
  effectiveOn: t.expose('effectiveOn', {
    type: 'Date',
    description: 'Day from which the unit was no longer a child (virkningsdato)',
  }),
  reason: t.expose('reason', { type: FormerChildReason, description: 'Reason that the unit is no longer a child' }),
}));
const FormerChildConnection = declareConnection(
  'FormerChildConnection',
  'Page of former children, most recent first, each as on its last day as a child',
  Unit,
  FormerChildEdge,
);

builder.objectFields(Unit, (t) => ({
  parent: t.field({
    type: Unit,
    nullable: true,
    description: 'Parent of the unit; null at a root',
    resolve: async (unit, _args, context) => {
      if (unit.row.parentReshId === null) return null;
      context.countObjects(1);
      return (await loadUnits(context, [unit.row.parentReshId], relatedView(unit)))[0];
    },
  }),
  ancestors: t.field({
    type: [Unit],
    complexity: { field: 1, multiplier: 8 },
    description: 'Ancestors of the unit, root first; the unit itself is excluded',
    resolve: (unit, _args, context) => {
      context.countObjects(unit.row.path.length - 1);
      return loadAncestors(unit, context);
    },
  }),
  depth: t.int({ description: 'Number of levels below the root of the tree: 0 at a root', resolve: depthOf }),
  isWithin: t.boolean({
    description: 'Indicates whether the unit is the given unit or lies under it',
    args: { reshId: t.arg({ type: 'ReshId', required: true, description: 'RESH-id of the given unit' }) },
    resolve: ({ row }, { reshId }) => row.path.includes(reshId),
  }),
  children: t.field({
    type: UnitConnection,
    description: 'Children of the unit, by name in Norwegian order, then RESH-id',
    args: {
      first: t.arg.int({ description: firstDescription(childrenPageLimit) }),
      after: t.arg.string({ description: afterDescription }),
      filter: t.arg({ type: UnitFilter, description: 'Conditions that the children must meet' }),
      orderBy: t.arg({ type: UnitOrder, description: 'Order of the children; by name if omitted' }),
    },
    complexity: (args) => ({
      field: 1,
      multiplier: Math.min(pageCost(childrenPageLimit)(args).multiplier, childrenCostCap),
    }),
    resolve: async (unit, args, context) => {
      const filter = toFilter(args.filter);
      await assertFilterValues(context, filter, unit.view);
      const orderBy = toOrder(args.orderBy);
      return readPage(
        context,
        args,
        {
          key: connectionKey('children', unit.row.reshId, filter, orderBy),
          view: relatedView(unit),
          limit: childrenPageLimit,
          positionSchema: namePositionSchema,
          toPosition: ({ nameSortKey, reshId }: UnitRow): [string, number] => [nameSortKey, reshId],
          read: ({ revision, day }, size, after) =>
            context.loaders.childrenByReshId.load({
              reshId: unit.row.reshId,
              revision,
              day,
              first: size,
              after: after && { nameSortKey: after[0], reshId: after[1] },
              filter,
              orderBy,
            }),
          count: ({ revision, day }) =>
            context.loaders.childCountByReshId.load({ reshId: unit.row.reshId, revision, day, filter }),
        },
        (row, view) => ({ node: atSnapshot(row, view) }),
      );
    },
  }),
  descendants: t.field({
    type: UnitDescendantConnection,
    description: 'Descendants of the unit, depth first, siblings by RESH-id',
    args: {
      first: t.arg.int({ description: firstDescription(descendantsPageLimit) }),
      after: t.arg.string({ description: afterDescription }),
      maxDepth: t.arg.int({ description: 'Greatest number of levels below the unit: 1 for the children only' }),
      filter: t.arg({
        type: UnitFilter,
        description: 'Conditions that the descendants must meet; the units between need not meet them',
      }),
    },
    complexity: pageCost(descendantsPageLimit),
    resolve: async (unit, args, context) => {
      const filter = toFilter(args.filter);
      await assertFilterValues(context, filter, unit.view);
      const maxDepth = args.maxDepth ?? undefined;
      if (maxDepth !== undefined && maxDepth < 1)
        throw clientError('BAD_INPUT', `\`maxDepth\` is ${maxDepth}; ask for 1 (the children) or more, or omit it.`);
      const subtree = { ...subtreeKey(unit), maxDepth: maxDepth && Math.min(maxDepth, MAX_TREE_DEPTH), filter };
      return readPage(
        context,
        args,
        {
          key: connectionKey('descendants', unit.row.reshId, filter, maxDepth),
          view: relatedView(unit),
          limit: descendantsPageLimit,
          positionSchema: pathPositionSchema,
          // With the path of the subtree's root: at the snapshot of the cursor the unit may be elsewhere in the tree.
          toPosition: ({ pathText, path }: UnitRow): [string, string] => [
            pathText,
            pathText.slice(0, (path.indexOf(unit.row.reshId) + 1) * 11),
          ],
          read: ({ revision, day }, size, after) =>
            context.loaders.descendantsByPath.load({
              ...subtree,
              ...(after && { pathText: after[1], depth: after[1].length / 11 - 1 }),
              revision,
              day,
              first: size,
              after: after?.[0],
            }),
          count: async ({ revision, day }) => {
            const row = await context.loaders.unitByReshId.load({ reshId: unit.row.reshId, revision, day });
            if (!row) return 0;
            return context.loaders.descendantCountByPath.load({
              ...subtree,
              pathText: row.pathText,
              depth: row.path.length - 1,
              revision,
              day,
            });
          },
        },
        (row, view) => ({
          node: atSnapshot(row, view),
          depth: row.path.length - 1 - row.path.indexOf(unit.row.reshId),
        }),
      );
    },
  }),
  formerChildren: t.field({
    type: FormerChildConnection,
    description:
      'Former children that were moved or closed before the day, most recent first, each as on its last day as a child',
    args: {
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: pageCost(pageLimit),
    resolve: (unit, args, context) =>
      readPage(
        context,
        args,
        {
          key: connectionKey('formerChildren', unit.row.reshId),
          view: relatedView(unit),
          limit: pageLimit,
          positionSchema: formerChildPositionSchema,
          toPosition: ({ until, reshId }: FormerChildRow): [string, number] => [until, reshId],
          read: ({ revision, day }, size, after) =>
            context.loaders.formerChildrenByReshId.load({
              reshId: unit.row.reshId,
              revision,
              day,
              first: size,
              after: after && { until: after[0], reshId: after[1] },
            }),
          count: ({ revision, day }) =>
            context.loaders.formerChildCountByReshId.load({ reshId: unit.row.reshId, revision, day }),
        },
        (row, view) => ({
          node: atSnapshot(row, onDay(view, dayBefore(row.until))),
          effectiveOn: row.until,
          reason: row.moved ? ('MOVED' as const) : ('CLOSED' as const),
        }),
      ),
  }),
  hasChildren: t.boolean({
    description: 'Indicates whether the unit has children',
    resolve: async (unit, _args, { loaders }) => (await loaders.childCountByReshId.load(unitKey(unit))) > 0,
  }),
  childCount: t.int({
    description: 'Number of children of the unit',
    resolve: (unit, _args, { loaders }) => loaders.childCountByReshId.load(unitKey(unit)),
  }),
  descendantCount: t.int({
    description: 'Number of descendants of the unit',
    args: {
      filter: t.arg({ type: UnitFilter, description: 'Conditions that the descendants must meet to be counted' }),
    },
    resolve: async (unit, args, context) => {
      const filter = toFilter(args.filter);
      await assertFilterValues(context, filter, unit.view);
      return context.loaders.descendantCountByPath.load({ ...subtreeKey(unit), filter });
    },
  }),
  enterprise: t.field({
    type: Unit,
    nullable: true,
    description: 'Enterprise (foretak) of the unit: the nearest unit of type ORGANIZATION, the unit itself included',
    resolve: async (unit, _args, context) =>
      unit.row.type === 'ORGANIZATION'
        ? unit
        : ((await loadAncestors(unit, context)).findLast(({ row }) => row.type === 'ORGANIZATION') ?? null),
  }),
  region: t.field({
    type: Unit,
    description:
      'Root of the tree of the unit: a regional health authority (regionalt helseforetak) or a private organization',
    resolve: async (unit, _args, context) => (await loadAncestors(unit, context))[0] ?? unit,
  }),
}));
