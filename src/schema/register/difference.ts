import { z } from 'zod';
import type { Context } from '../../context.ts';
import { isDay } from '../../domain/time/day.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type * as domain from '../../domain/unit/difference.ts';
import { createSqlClient } from '../../store/database/prisma-sql-client.ts';
import { countDifferences, readDifferences } from '../../store/read/differences.ts';
import { builder } from '../kit/builder.ts';
import { declareConnection, type EdgeShape } from '../kit/connection.ts';
import { connectionKey, decodeCursor } from '../kit/cursor.ts';
import { UnitChangeKind } from '../kit/enums.ts';
import { pageLimit } from '../kit/limits.ts';
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
    'How a unit itself differs between two points of time and knowledge; units beneath one that moved do not differ by that, but where they entered or left the unit asked about',
  fields: (t) => ({
    unit: t.field({
      type: Unit,
      description: 'The unit as at the second point, or where it is not valid there, as at the first',
      resolve: ({ difference: { reshId, isValidAfter }, from, to }, _args, context) =>
        loadUnitAt(context, reshId, isValidAfter ? to : from),
    }),
    kinds: t.field({
      type: [UnitChangeKind],
      description:
        'What became of it: OPENED where it was not there before, REOPENED where it had closed; CLOSED, with MERGED or SPLIT for what it became, WITHDRAWN where it never was; else what of it is another',
      resolve: ({ difference }) => [...difference.kinds],
    }),
    before: t.field({
      type: Unit,
      nullable: true,
      description: 'The unit as at the first point; null where it is not valid there',
      resolve: ({ difference: { reshId, isValidBefore }, from }, _args, context) =>
        isValidBefore ? loadUnitAt(context, reshId, from) : null,
    }),
    after: t.field({
      type: Unit,
      nullable: true,
      description: 'The unit as at the second point; null where it is not valid there',
      resolve: ({ difference: { reshId, isValidAfter }, to }, _args, context) =>
        isValidAfter ? loadUnitAt(context, reshId, to) : null,
    }),
    fields: t.field({
      type: [FieldChange],
      description: 'Fields that differ, each at the first point and at the second',
      resolve: ({ difference }) => [...difference.fields],
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

const UnitDifferenceConnection = declareConnection<UnitDifferenceShape, EdgeShape<UnitDifferenceShape>>(
  'UnitDifferenceConnection',
  'Page of the units that differ between two points, by RESH-id',
  UnitDifference,
);

const RegisterPointInput = builder.inputType('RegisterPointInput', {
  description: 'A state of the register: a day, and what was known',
  fields: (t) => ({
    validAt: t.field({
      type: 'Date',
      description: 'Day on which units are seen, past or planned; today when left out',
    }),
    knownAt: t.field({
      type: 'DateTime',
      description:
        'Instant whose knowledge is used, not ahead; what is known now when left out; not together with revision',
    }),
    revision: t.field({
      type: 'Revision',
      description: 'Revision whose knowledge is used; the newest when left out; not together with knownAt',
    }),
  }),
});

type RegisterPoint = typeof RegisterPointInput.$inferInput;

interface DiffArguments extends PageArguments {
  readonly from: RegisterPoint;
  readonly to: RegisterPoint;
  readonly within?: number | null | undefined;
}

builder.queryField('diff', (t) =>
  t.field({
    type: UnitDifferenceConnection,
    description:
      'Units that differ between two points, each a day and what was known: two days, or one day before and after a correction',
    args: {
      from: t.arg({ type: RegisterPointInput, required: true, description: 'First point: what was before' }),
      to: t.arg({ type: RegisterPointInput, required: true, description: 'Second point: what is after' }),
      within: t.arg({
        type: 'ReshId',
        description:
          'RESH-id of a unit: only it and what is beneath it at either point; units that came to lie there or no longer do are ENTERED or LEFT',
      }),
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: heavyPageCost(pageLimit),
    resolve: (_root, args, context) => readDiffPage(context, args),
  }),
);

/**
 * A page of the units that differ between two points; a cursor carries both.
 *
 * @throws BAD_INPUT, LIMIT_EXCEEDED, BAD_CURSOR
 */
async function readDiffPage(context: Context, args: DiffArguments) {
  const query = createSqlClient(context.database.prisma);
  const within = args.within ?? undefined;
  const key = connectionKey('diff', pointKey(args.from), pointKey(args.to), within ?? null);
  const positionSchema = buildPositionSchema((await context.newestRevision()).revision);
  const requestedViews = {
    from: (await findRegister(context, args.from)).view,
    to: (await findRegister(context, args.to)).view,
  };
  const cursorPosition =
    typeof args.after === 'string' ? decodeCursor(key, args.after, positionSchema).positionSchema : undefined;
  const from: View = cursorPosition
    ? { revision: cursorPosition[1], day: cursorPosition[2], pinned: true }
    : requestedViews.from;
  const toDiffQuery = (to: Snapshot) => ({ from, to, within });
  return readPage(
    context,
    args,
    {
      ...{ key, positionSchema, limit: pageLimit, view: requestedViews.to },
      toPosition: ({ reshId }: domain.UnitDifference): [number, number, string] => [reshId, from.revision, from.day],
      read: (to, first, after) => readDifferences(query, { ...toDiffQuery(to), first, after: after?.[0] }),
      count: (to) => countDifferences(query, toDiffQuery(to)),
    },
    (difference, to) => ({ node: { difference, from, to } }),
  );
}

function pointKey({ validAt, knownAt, revision }: RegisterPoint) {
  return [validAt ?? null, knownAt ?? null, revision ?? null];
}

/** RESH-id, then revision and day of the first point: the second is the cursor's own snapshot. */
function buildPositionSchema(newest: number) {
  return z.tuple([
    z.number().int().min(0).max(2_147_483_647),
    z.number().int().min(0).max(newest),
    z.string().refine(isDay),
  ]);
}
