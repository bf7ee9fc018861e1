import type { Context } from '../../context.ts';
import { dayBefore } from '../../domain/time/day.ts';
import type { SuccessionExtent as extents, SuccessionKind as kinds } from '../../generated/prisma/enums.js';
import { builder } from '../kit/builder.ts';
import { loadChange } from '../kit/load.ts';
import { lookUpUnit } from '../kit/lookup.ts';
import { Change, Unit, Succession } from '../kit/refs.ts';
import { onDay, type UnitAtSnapshot, type View } from '../kit/view.ts';

export const SuccessionKind = builder.enumType('SuccessionKind', {
  description: 'Kind of succession between units',
  values: {
    MERGE: { description: 'The unit was merged into its successor, alone or with others' },
    SPLIT: { description: 'The unit was split, and the successor is one of its parts' },
    REPLACEMENT: { description: 'The unit was closed, and the successor replaced it' },
  } satisfies Record<keyof typeof kinds, { description: string }>,
});

export const SuccessionExtent = builder.enumType('SuccessionExtent', {
  description: 'Extent of a succession',
  values: {
    FULL: { description: 'The whole unit' },
    PARTIAL: { description: 'A part of the unit' },
  } satisfies Record<keyof typeof extents, { description: string }>,
});

Succession.implement({
  description: 'Succession of a unit by another, in whole or in part',
  fields: (t) => ({
    from: t.field({
      type: Unit,
      description: 'Predecessor, as on the day before the succession',
      resolve: ({ row, view }, _args, context) =>
        loadSuccessionUnit(context, row.fromReshId, onDay(view, dayBefore(row.effectiveOn))),
    }),
    to: t.field({
      type: Unit,
      description: 'Successor, as on the day of the succession',
      resolve: ({ row, view }, _args, context) =>
        loadSuccessionUnit(context, row.toReshId, onDay(view, row.effectiveOn)),
    }),
    kind: t.field({ type: SuccessionKind, description: 'Kind of succession', resolve: ({ row }) => row.kind }),
    extent: t.field({
      type: SuccessionExtent,
      description: 'Extent of the succession: the whole unit, or a part',
      resolve: ({ row }) => row.extent,
    }),
    effectiveOn: t.field({
      type: 'Date',
      description: 'Day on which the succession takes effect (virkningsdato)',
      resolve: ({ row }) => row.effectiveOn,
    }),
    change: t.field({
      type: Change,
      description: 'Change that recorded the succession',
      resolve: ({ row }, _args, context) => loadChange(row.recordedRev, context),
    }),
  }),
});

/** A unit of a succession, as on its side of the day; every unit of a succession was valid at some time. */
async function loadSuccessionUnit(context: Context, reshId: number, view: View): Promise<UnitAtSnapshot> {
  context.countObjects(1);
  const { outcome, unit } = await lookUpUnit(context, reshId, view);
  if (!unit) throw new Error(`Unit ${reshId} has a succession at revision ${view.revision} but is ${outcome}.`);
  return unit;
}
