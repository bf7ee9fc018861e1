import type { Context } from '../../context.ts';
import type { Crossing, CrossingKind } from '../../store/feed/crossings.ts';
import { builder } from '../kit/builder.ts';
import { connectionKey } from '../kit/cursor.ts';
import { pageLimit } from '../kit/limits.ts';
import { loadUnitSeenOn } from '../kit/load.ts';
import { afterDescription, firstDescription, pageCost, readPage, type PageArguments } from '../kit/page.ts';
import { reshIdPositionSchema } from '../kit/positions.ts';
import { UnitConnection } from '../kit/refs.ts';
import { pinnedView } from '../kit/view.ts';

declareCrossings(
  'enteredUnits',
  'ENTERED',
  'Units that the change brought under a unit, themselves or with a unit above them, by RESH-id. Each is shown as ' +
    'the change left it, on the first day on which it was elsewhere before',
);
declareCrossings(
  'leftUnits',
  'LEFT',
  'Units that the change took away from under a unit, themselves or with a unit above them, by RESH-id. Each is ' +
    'shown as the change left it, on the first day on which it was under the unit before. Units that closed did not ' +
    'leave',
);

function declareCrossings(name: string, kind: CrossingKind, description: string) {
  builder.prismaObjectField('Change', name, (t) =>
    t.field({
      type: UnitConnection,
      description,
      args: {
        withinReshId: t.arg({ type: 'ReshId', required: true, description: 'RESH-id of the unit' }),
        first: t.arg.int({ description: firstDescription(pageLimit) }),
        after: t.arg.string({ description: afterDescription }),
      },
      complexity: pageCost(pageLimit),
      resolve: ({ revision }, { withinReshId, ...args }, context) =>
        readCrossingPage(context, { revision, within: withinReshId, kind }, args),
    }),
  );
}

function readCrossingPage(
  context: Context,
  crossings: { readonly revision: number; readonly within: number; readonly kind: CrossingKind },
  args: PageArguments,
) {
  const { revision, within, kind } = crossings;
  return readPage(
    context,
    args,
    {
      key: connectionKey(kind, revision, within),
      view: pinnedView(revision, context.today),
      limit: pageLimit,
      positionSchema: reshIdPositionSchema,
      toPosition: ({ reshId }: Crossing): [number] => [reshId],
      read: (_view, first, after) =>
        context.loaders.crossingsByRevision.load({ ...crossings, first, after: after?.[0] }),
      count: () => context.loaders.crossingCountByRevision.load(crossings),
    },
    async ({ reshId, day }) => {
      const unit = await loadUnitSeenOn(context, reshId, pinnedView(revision, day), day);
      if (!unit) throw new Error(`Unit ${reshId} is not valid on ${day} at revision ${revision}.`);
      return { node: unit };
    },
  );
}
