import type * as domain from '../../domain/unit/change.ts';
import { builder } from '../kit/builder.ts';
import { declareConnection, type EdgeShape } from '../kit/connection.ts';
import { unitsOfChangeKey } from '../kit/cursor.ts';
import { UnitChangeKind } from '../kit/enums.ts';
import { pageLimit } from '../kit/limits.ts';
import { loadUnitSeenOn, showFieldChanges } from '../kit/load.ts';
import { afterDescription, firstDescription, pageCost, readPage } from '../kit/page.ts';
import { reshIdPositionSchema } from '../kit/positions.ts';
import { FieldChange, Unit, UnitChange } from '../kit/refs.ts';
import { type UnitChangeAtRevision, atRevision, atSnapshot, liveView, pinnedView } from '../kit/view.ts';

UnitChange.implement({
  description:
    'Effect of a change on a unit itself or on its successions. Units under a unit that moved do not count as changed',
  fields: (t) => ({
    reshId: t.expose('reshId', { type: 'ReshId', description: 'RESH-id of the unit' }),
    unit: t.field({
      type: Unit,
      nullable: true,
      description:
        'Unit on the day, as the change left it; if closed, as on its last day; if withdrawn, as known before; ' +
        'null if no state can be shown',
      resolve: async ({ reshId, effectiveOn, seenOn, revision }, _args, context) => {
        if (seenOn === null) return null;
        return loadUnitSeenOn(context, reshId, pinnedView(revision, effectiveOn), seenOn);
      },
    }),
    current: t.field({
      type: Unit,
      nullable: true,
      description:
        'Live unit: today, as known now. It has the id that the unit has without coordinates, so a client that ' +
        'reads it refreshes what it shows; null if the unit is not valid today',
      resolve: async ({ reshId }, _args, context) => {
        context.countObjects(1);
        const view = await liveView(context);
        const row = await context.loaders.unitByReshId.load({ reshId, revision: view.revision, day: view.day });
        return row ? atSnapshot(row, view) : null;
      },
    }),
    kinds: t.field({ type: [UnitChangeKind], description: 'Effects on the unit', resolve: ({ kinds }) => [...kinds] }),
    effectiveOn: t.expose('effectiveOn', {
      type: 'Date',
      description: 'First day on which the unit differs from what was known before (virkningsdato)',
    }),
    fields: t.field({
      type: [FieldChange],
      description: 'Fields that differ, each as on the first day on which it differs',
      resolve: ({ fields, changedIn }) =>
        showFieldChanges(fields, ({ day }) => ({
          before: { view: pinnedView(changedIn - 1, day), planned: null },
          after: { view: pinnedView(changedIn, day), planned: null },
        })),
    }),
  }),
});

const UnitChangeConnection = declareConnection<UnitChangeAtRevision, EdgeShape<UnitChangeAtRevision>>(
  'UnitChangeConnection',
  'Page of the effects of a change on units, by RESH-id',
  UnitChange,
);

builder.prismaObjectField('Change', 'units', (t) =>
  t.field({
    type: UnitChangeConnection,
    description: 'Units whose own fields or successions changed, by RESH-id; units with only a new path are excluded',
    args: {
      withinReshId: t.arg({
        type: 'ReshId',
        description:
          'RESH-id of a unit: includes only the unit and units that are under it on any day, before or after the ' +
          'change; their `kinds` then say which of them ENTERED or LEFT',
      }),
      first: t.arg.int({ description: firstDescription(pageLimit) }),
      after: t.arg.string({ description: afterDescription }),
    },
    complexity: pageCost(pageLimit),
    resolve: ({ revision }, args, context) => {
      const within = args.withinReshId ?? undefined;
      return readPage(
        context,
        args,
        {
          key: unitsOfChangeKey(revision, within),
          view: pinnedView(revision, context.today),
          limit: pageLimit,
          positionSchema: reshIdPositionSchema,
          toPosition: ({ reshId }: domain.UnitChange): [number] => [reshId],
          read: (_view, first, after) =>
            context.loaders.unitChangesByRevision.load({ revision, within, first, after: after?.[0] }),
          count: () => context.loaders.unitChangeCountByRevision.load({ revision, within }),
        },
        (change) => ({ node: atRevision(change, revision) }),
      );
    },
  }),
);
