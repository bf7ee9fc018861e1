import { z } from 'zod';
import type { Context } from '../../context.ts';
import { MAX_INTEGER } from '../../domain/text/max-integer.ts';
import { clientError } from '../../errors/client-error.ts';
import { isDay } from '../../domain/time/day.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type * as domain from '../../domain/unit/difference.ts';
import { differenceKinds, type DifferenceKind as Kind } from '../../domain/unit/facts.ts';
import { createSqlClient } from '../../store/database/prisma-sql-client.ts';
import {
  countDifferences,
  countDifferencesByKind,
  readDifferences,
  type DifferenceKindCount,
} from '../../store/read/differences.ts';
import { builder } from '../kit/builder.ts';
import { declareConnection, type EdgeShape, type Page } from '../kit/connection.ts';
import { connectionKey, decodeCursor } from '../kit/cursor.ts';
import { DifferenceKind } from '../kit/enums.ts';
import { heavyCost, pageLimit } from '../kit/limits.ts';
import { showFieldChanges } from '../kit/load.ts';
import { afterDescription, firstDescription, heavyPageCost, readPage, type PageArguments } from '../kit/page.ts';
import { FieldChange, Unit } from '../kit/refs.ts';
import { atSnapshot, type UnitAtSnapshot, type View } from '../kit/view.ts';
import { findRegister } from './register-view.ts';

/** A difference, and the views from which its unit is shown. */
interface UnitDifferenceShape {
  readonly difference: domain.UnitDifference;
  readonly from: View;
  readonly to: View;
}

const UnitDifference = builder.objectRef<UnitDifferenceShape>('UnitDifference').implement({
  description:
    'Difference of a unit between two points of valid time and knowledge. Units under a unit that moved do not ' +
    'differ, unless they entered or left the unit given as `withinReshId`',
  fields: (t) => ({
    unit: t.field({
      type: Unit,
      description: 'Unit at the second point; at the first if it is not valid at the second',
      resolve: ({ difference: { reshId, isValidAfter }, from, to }, _args, context) =>
        loadUnitAt(context, reshId, isValidAfter ? to : from),
    }),
    kinds: t.field({
      type: [DifferenceKind],
      description:
        'Kinds of difference: OPENED, REOPENED, CLOSED (with MERGED or SPLIT if the unit has successors) or ' +
        'WITHDRAWN; otherwise the fields that differ',
      resolve: ({ difference }) => [...difference.kinds],
    }),
    before: t.field({
      type: Unit,
      nullable: true,
      description: 'Unit at the first point; null if not valid there',
      resolve: ({ difference: { reshId, isValidBefore }, from }, _args, context) =>
        isValidBefore ? loadUnitAt(context, reshId, from) : null,
    }),
    after: t.field({
      type: Unit,
      nullable: true,
      description: 'Unit at the second point; null if not valid there',
      resolve: ({ difference: { reshId, isValidAfter }, to }, _args, context) =>
        isValidAfter ? loadUnitAt(context, reshId, to) : null,
    }),
    fields: t.field({
      type: [FieldChange],
      description: 'Fields that differ, each with its values at both points',
      resolve: ({ difference, from, to }) =>
        showFieldChanges(difference.fields, () => ({
          before: { view: from, planned: null },
          after: { view: to, planned: null },
        })),
    }),
  }),
});

async function loadUnitAt(context: Context, reshId: number, view: View): Promise<UnitAtSnapshot> {
  context.countObjects(1);
  const row = await context.loaders.unitByReshId.load({ reshId, revision: view.revision, day: view.day });
  if (!row)
    throw new Error(`Unit ${reshId} is not valid on ${view.day} at revision ${view.revision}, and differs there.`);
  return atSnapshot(row, view);
}

const UnitDifferenceCount = builder.objectRef<DifferenceKindCount>('UnitDifferenceCount').implement({
  description: 'Number of units that differ in one way',
  fields: (t) => ({
    kind: t.expose('kind', { type: DifferenceKind, description: 'Kind of difference' }),
    count: t.exposeInt('count', { description: 'Number of units with a difference of the kind' }),
  }),
});

type DifferenceEdge = EdgeShape<UnitDifferenceShape>;
interface DifferencePage extends Page<DifferenceEdge> {
  readonly counts: () => Promise<DifferenceKindCount[]>;
}
const UnitDifferenceConnection = declareConnection<UnitDifferenceShape, DifferenceEdge, DifferencePage>(
  'UnitDifferenceConnection',
  'Page of units that differ between two points, by RESH-id',
  UnitDifference,
);
builder.objectField(UnitDifferenceConnection, 'counts', (t) =>
  t.field({
    type: [UnitDifferenceCount],
    complexity: { field: heavyCost, multiplier: differenceKinds.length },
    description:
      'Number of units of each kind of difference, on all pages, whatever `kinds` selects; a unit with several kinds ' +
      'counts for each. Counted only when requested',
    resolve: ({ counts }) => counts(),
  }),
);

const RegisterPointInput = builder.inputType('RegisterPointInput', {
  description: 'Point of valid time and knowledge: a day, and a revision or an instant',
  fields: (t) => ({
    validAt: t.field({
      type: 'Date',
      description: 'Day on which units are shown (valid time), past or future; today if omitted',
    }),
    knownAt: t.field({
      type: 'DateTime',
      description: 'Instant at which the knowledge is taken, not in the future; now if omitted. Excludes `revision`',
    }),
    revision: t.field({
      type: 'Revision',
      description: 'Revision at which the knowledge is taken; the newest if omitted. Excludes `knownAt`',
    }),
  }),
});

type RegisterPoint = typeof RegisterPointInput.$inferInput;

interface DiffArguments extends PageArguments {
  readonly from: RegisterPoint;
  readonly to: RegisterPoint;
  readonly withinReshId?: number | null | undefined;
  readonly kinds?: readonly Kind[] | null | undefined;
}

builder.queryField('diff', (t) =>
  t.field({
    type: UnitDifferenceConnection,
    description:
      'Units that differ between two points, each a day and a state of knowledge: two days, or one day before ' +
      'and after a correction',
    args: {
      from: t.arg({ type: RegisterPointInput, required: true, description: 'First point, the state before' }),
      to: t.arg({ type: RegisterPointInput, required: true, description: 'Second point, the state after' }),
      withinReshId: t.arg({
        type: 'ReshId',
        description:
          'RESH-id of a unit: includes only the unit and the units under it at either point; units that came or ' +
          'went are ENTERED or LEFT',
      }),
      kinds: t.arg({
        type: [DifferenceKind],
        description: 'Kinds of difference: includes only units with one of them; all if omitted',
      }),
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: heavyPageCost(pageLimit),
    resolve: (_root, args, context) => readDiffPage(context, args),
  }),
);

/**
 * Reads a page of the units that differ between two points; its cursors carry both points.
 *
 * @throws BAD_INPUT, LIMIT_EXCEEDED, BAD_CURSOR
 */
async function readDiffPage(context: Context, args: DiffArguments) {
  const client = createSqlClient(context.database.prisma);
  const within = args.withinReshId ?? undefined;
  const kinds = selectKinds(args.kinds);
  const key = connectionKey('diff', pointKey(args.from), pointKey(args.to), within ?? null, ...(kinds ? [kinds] : []));
  const positionSchema = buildPositionSchema((await context.newestRevision()).revision);
  const requestedViews = {
    from: (await findRegister(context, args.from)).view,
    to: (await findRegister(context, args.to)).view,
  };
  const cursorPosition =
    typeof args.after === 'string' ? decodeCursor(key, args.after, positionSchema).position : undefined;
  const from: View = cursorPosition
    ? { ...requestedViews.from, revision: cursorPosition[1], day: cursorPosition[2] }
    : requestedViews.from;
  const toDiffQuery = (to: Snapshot) => ({ from, to, within, kinds });
  const page = await readPage(
    context,
    args,
    {
      key,
      positionSchema,
      limit: pageLimit,
      view: requestedViews.to,
      toPosition: ({ reshId }: domain.UnitDifference): [number, number, string] => [reshId, from.revision, from.day],
      read: (to, first, after) => readDifferences(client, { ...toDiffQuery(to), first, after: after?.[0] }),
      count: (to) => countDifferences(client, toDiffQuery(to)),
    },
    (difference, to) => ({ node: { difference, from, to } }),
  );
  return { ...page, counts: () => countDifferencesByKind(client, { from, to: page.view, within }) };
}

/** Returns the kinds to include, in the order of all kinds; undefined for all. */
function selectKinds(requested: readonly Kind[] | null | undefined): Kind[] | undefined {
  if (requested?.length === 0)
    throw clientError(
      'BAD_INPUT',
      '`kinds` is an empty list, and no difference has a kind of it. Give at least one kind, or omit `kinds`.',
    );
  return requested ? differenceKinds.filter((kind) => requested.includes(kind)) : undefined;
}

function pointKey({ validAt, knownAt, revision }: RegisterPoint) {
  return [validAt ?? null, knownAt ?? null, revision ?? null];
}

/** RESH-id, then revision and day of the first point: the second is the cursor's own snapshot. */
function buildPositionSchema(newest: number) {
  return z.tuple([
    z.number().int().min(0).max(MAX_INTEGER),
    z.number().int().min(0).max(newest),
    z.string().refine(isDay),
  ]);
}
