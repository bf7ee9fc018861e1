import type { Context } from '../../context.ts';
import { dayBefore, type Day } from '../../domain/time/day.ts';
import type { SuccessionExtent as extents, SuccessionKind as kinds } from '../../generated/prisma/enums.js';
import { builder } from '../kit/builder.ts';
import { loadChange } from '../kit/load.ts';
import { lookUpUnit } from '../kit/lookup.ts';
import { Change, Unit, Succession } from '../kit/refs.ts';
import type { UnitAtSnapshot } from '../kit/view.ts';

export const SuccessionKind = builder.enumType('SuccessionKind', {
  description: 'How one unit became another',
  values: {
    MERGE: { description: 'It was merged into the other, alone or with more units' },
    SPLIT: { description: 'It was split, and the other is one of its parts' },
    REPLACEMENT: { description: 'It was closed, and the other took its place' },
  } satisfies Record<keyof typeof kinds, { description: string }>,
});

export const SuccessionExtent = builder.enumType('SuccessionExtent', {
  description: 'How much of one unit became another',
  values: {
    FULL: { description: 'All of it' },
    PARTIAL: { description: 'A part of it' },
  } satisfies Record<keyof typeof extents, { description: string }>,
});

Succession.implement({
  description: 'What a unit became: one unit that went over to another, whole or in part',
  fields: (t) => ({
    from: t.field({
      type: Unit,
      description: 'Unit that went over, as on the day before',
      resolve: ({ row, revision }, _args, context) =>
        loadSuccessionUnit(context, row.fromReshId, revision, dayBefore(row.effectiveOn)),
    }),
    to: t.field({
      type: Unit,
      description: 'Unit that it became, as on the day',
      resolve: ({ row, revision }, _args, context) =>
        loadSuccessionUnit(context, row.toReshId, revision, row.effectiveOn),
    }),
    kind: t.field({ type: SuccessionKind, description: 'How it came about', resolve: ({ row }) => row.kind }),
    extent: t.field({
      type: SuccessionExtent,
      description: 'Whether all of the unit went over',
      resolve: ({ row }) => row.extent,
    }),
    effectiveOn: t.field({
      type: 'Date',
      description: 'Day on which it took effect (virkningsdato)',
      resolve: ({ row }) => row.effectiveOn,
    }),
    change: t.field({
      type: Change,
      description: 'Change that recorded it',
      resolve: ({ row }, _args, context) => loadChange(row.recordedRev, context),
    }),
  }),
});

/** A unit of a succession, on its side of the day; the register keeps no succession of a unit that never was. */
async function loadSuccessionUnit(
  context: Context,
  reshId: number,
  revision: number,
  day: Day,
): Promise<UnitAtSnapshot> {
  context.countObjects(1);
  const { outcome, unit } = await lookUpUnit(context, reshId, { revision, day, pinned: true });
  if (!unit) throw new Error(`Unit ${reshId} has a succession at revision ${revision} but is ${outcome}.`);
  return unit;
}
