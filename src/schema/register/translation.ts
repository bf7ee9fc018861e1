import type { Context } from '../../context.ts';
import type { Day } from '../../domain/time/day.ts';
import { lookUpVersion } from '../../domain/unit/lookup.ts';
import { classifyTranslation, type TranslationOutcome as Outcome } from '../../domain/unit/translation.ts';
import { builder } from '../kit/builder.ts';
import { assertItemLimit, itemsDescription } from '../kit/item-limit.ts';
import { Succession, type SuccessionAtSnapshot, Unit } from '../kit/refs.ts';
import type { UnitAtSnapshot, View } from '../kit/view.ts';
import { addRegisterFields } from './register-fields.ts';
import { loadSuccessionTraces, findValidUnits } from './succession-trace.ts';

/** A unit as of a day. */
interface UnitOnDay {
  readonly reshId: number;
  readonly validAt: Day;
}

interface UnitTranslationShape extends UnitOnDay {
  readonly outcome: Outcome;
  readonly units: readonly UnitAtSnapshot[];
  readonly steps: readonly SuccessionAtSnapshot[];
}

const UnitAtInput = builder.inputType('UnitAtInput', {
  description: 'RESH-id of a unit, as of a day',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit' }),
    validAt: t.field({
      type: 'Date',
      required: true,
      description: 'Day to translate from; a unit that has closed by then is read as of its last day',
    }),
  }),
});

const TranslationOutcome = builder.enumType('TranslationOutcome', {
  description:
    'Outcome for a unit between two days: the first that applies of SPLIT, MERGED, CLOSED, MOVED, RENAMED and ' +
    'UNCHANGED',
  values: {
    SPLIT: {
      description:
        'The unit was split into several, or another that had been merged into it is valid again; going back in ' +
        'time, it was part of such a unit',
    },
    MERGED: { description: 'The unit was merged into another; going back in time, others were merged into it' },
    CLOSED: { description: 'The unit is not valid on the other day, but was before; `units` has its successors' },
    MOVED: { description: 'The parent of the unit differs' },
    RENAMED: { description: 'The name or short name of the unit differs' },
    UNCHANGED: { description: 'The unit has the same parent and the same names' },
    NOT_YET_VALID: {
      description:
        'The unit becomes valid after the day to translate from; going back in time, after the other day, and ' +
        '`units` has its predecessors',
    },
    UNKNOWN: { description: 'The RESH-id was never assigned, or was withdrawn' },
  } satisfies Record<Outcome, { description: string }>,
});

const UnitTranslation = builder.objectRef<UnitTranslationShape>('UnitTranslation').implement({
  description: 'Translation of a unit from one day to another',
  fields: (t) => ({
    reshId: t.expose('reshId', { type: 'ReshId', description: 'RESH-id as requested' }),
    validAt: t.expose('validAt', { type: 'Date', description: 'Day to translate from, as requested' }),
    outcome: t.expose('outcome', { type: TranslationOutcome, description: 'Outcome for the unit' }),
    units: t.field({
      type: [Unit],
      description:
        'Units that correspond to it and are valid on the other day, by RESH-id; the unit itself if it is still valid',
      resolve: ({ units }) => [...units],
    }),
    steps: t.field({
      type: [Succession],
      description:
        'Successions between the two days that lead to the units, by day, then RESH-ids. Where a unit is valid ' +
        'again and no succession records its return, those by which it had become another unit, on or before the ' +
        'earlier day',
      resolve: ({ steps }) => [...steps],
    }),
  }),
});

addRegisterFields((t, findRegister) => ({
  translateUnits: t.field({
    type: [UnitTranslation],
    description:
      'Translations of units, each as of its own day, to the day of the register, later or earlier: one for each ' +
      'item, in the order requested. A unit that was merged or replaced and is valid again counts as itself from ' +
      'that day on',
    args: {
      items: t.arg({ type: [UnitAtInput], required: true, description: itemsDescription('Units and their days') }),
    },
    complexity: ({ items }) => ({ field: 1, multiplier: items.length }),
    resolve: async (parent, { items }, context) => {
      assertItemLimit(items);
      return translateUnits(context, items, (await findRegister(parent, context)).view);
    },
  }),
}));

/** Translates units, each as of its own day, to the view's day, in order; a closed unit is taken as on its last day. */
async function translateUnits(
  context: Context,
  items: readonly UnitOnDay[],
  view: View,
): Promise<UnitTranslationShape[]> {
  const { revision, day: to } = view;
  const timelines = await Promise.all(
    items.map(({ reshId }) => context.loaders.timelineByReshId.load({ reshId, revision })),
  );
  const startLookups = items.map(({ validAt }, index) => lookUpVersion(timelines[index] ?? [], true, validAt));
  const traceQueries = items.map(({ reshId, validAt }, index) => ({
    reshId,
    since: startLookups[index]?.found?.seenOn ?? validAt,
    to,
  }));
  const traces = await loadSuccessionTraces(context, traceQueries, revision);
  return items.map(({ reshId, validAt }, index) => {
    const [start, trace] = [startLookups[index], traces[index]];
    const emptyTranslation = { reshId, validAt, units: [], steps: [] };
    if (!start?.found || !trace) return { ...emptyTranslation, outcome: 'UNKNOWN' };
    if (start.outcome === 'NOT_YET_VALID') return { ...emptyTranslation, outcome: 'NOT_YET_VALID' };
    const { version: startVersion, seenOn: since } = start.found;
    const targetLookup = lookUpVersion(timelines[index] ?? [], true, to);
    return {
      reshId,
      validAt,
      outcome: classifyTranslation({
        since,
        originVersion: startVersion,
        to,
        lookupAtTarget: targetLookup,
        steps: trace.steps,
        hasUndoneSteps: trace.undone.size > 0,
      }),
      units: findValidUnits(trace, view),
      steps: trace.steps.map((row) => ({ row, view })),
    };
  });
}
