import type { Context } from '../../context.ts';
import type { Day } from '../../domain/time/day.ts';
import { lookUpVersion } from '../../domain/unit/lookup.ts';
import { classifyTranslation, type TranslationOutcome as Outcome } from '../../domain/unit/translation.ts';
import { builder } from '../kit/builder.ts';
import { assertItemLimit, itemsDescription } from '../kit/item-limit.ts';
import { Succession, type SuccessionAtRevision, Unit } from '../kit/refs.ts';
import type { UnitAtSnapshot, View } from '../kit/view.ts';
import { loadSuccessionTraces, findValidUnits } from './succession-trace.ts';

/** A unit as of a day. */
interface UnitOnDay {
  readonly reshId: number;
  readonly at: Day;
}

interface UnitTranslationShape extends UnitOnDay {
  readonly outcome: Outcome;
  readonly units: readonly UnitAtSnapshot[];
  readonly steps: readonly SuccessionAtRevision[];
}

const UnitAtInput = builder.inputType('UnitAtInput', {
  description: 'Unit as of a day',
  fields: (t) => ({
    reshId: t.field({ type: 'ReshId', required: true, description: 'RESH-id of the unit' }),
    at: t.field({
      type: 'Date',
      required: true,
      description: 'Day as of which the unit is meant; one that had closed is taken as on its last day before',
    }),
  }),
});

const TranslationOutcome = builder.enumType('TranslationOutcome', {
  description:
    'What became of a unit between two days: the first that holds of SPLIT, MERGED, CLOSED, MOVED, RENAMED and UNCHANGED',
  values: {
    SPLIT: { description: 'It became several units, or looking back, was a part of one that was split' },
    MERGED: { description: 'It became part of another unit, or looking back, others became part of it' },
    CLOSED: { description: 'It is no longer valid on the day, or not again; units has what replaced it' },
    MOVED: { description: 'Its own parent is another' },
    RENAMED: { description: 'Its name or short name is another' },
    UNCHANGED: { description: 'It is the same unit under the same parent, with the same names' },
    NOT_YET_VALID: {
      description:
        'It begins after the day as of which it is meant, or looking back, after the day asked about; units has what it replaced',
    },
    UNKNOWN: { description: 'The RESH-id was never given, or was withdrawn' },
  } satisfies Record<Outcome, { description: string }>,
});

const UnitTranslation = builder.objectRef<UnitTranslationShape>('UnitTranslation').implement({
  description: 'What a unit as of one day is on another',
  fields: (t) => ({
    reshId: t.expose('reshId', { type: 'ReshId', description: 'RESH-id as asked' }),
    at: t.expose('at', { type: 'Date', description: 'Day as asked' }),
    outcome: t.expose('outcome', { type: TranslationOutcome, description: 'What became of it' }),
    units: t.field({
      type: [Unit],
      description:
        'Units that it is on the other day and that are valid then, by RESH-id; itself where it is still there',
      resolve: ({ units }) => [...units],
    }),
    steps: t.field({
      type: [Succession],
      description: 'Successions that lie between, by day, then RESH-ids',
      resolve: ({ steps }) => [...steps],
    }),
  }),
});

builder.queryField('translateUnits', (t) =>
  t.field({
    type: [UnitTranslation],
    description:
      'What units, each as of its own day, are on another day, as known now: in the order asked, one for each',
    args: {
      items: t.arg({ type: [UnitAtInput], required: true, description: itemsDescription('Units and their days') }),
      to: t.arg({ type: 'Date', description: 'Day to translate to, later or earlier; today when left out' }),
    },
    complexity: ({ items }) => ({ field: 1, multiplier: items.length }),
    resolve: async (_root, { items, to }, context) => {
      assertItemLimit(items);
      const { revision, day: today } = await context.currentSnapshot();
      const day = to ?? today;
      const view = { revision, day, pinned: day !== today };
      return translateUnits(context, items, view);
    },
  }),
);

/** What units, each as of its day, are on the view's day, in the order asked; one that had closed is taken as on its last day. */
async function translateUnits(
  context: Context,
  items: readonly UnitOnDay[],
  view: View,
): Promise<UnitTranslationShape[]> {
  const { revision, day: to } = view;
  const timelines = await Promise.all(
    items.map(({ reshId }) => context.loaders.timelineByReshId.load({ reshId, revision })),
  );
  const startLookups = items.map(({ at }, index) => lookUpVersion(timelines[index] ?? [], true, at));
  const traceQueries = items.map(({ reshId, at }, index) => ({
    reshId,
    since: startLookups[index]?.found?.seenOn ?? at,
    to,
  }));
  const traces = await loadSuccessionTraces(context, traceQueries, revision);
  return items.map(({ reshId, at }, index) => {
    const [start, trace] = [startLookups[index], traces[index]];
    const emptyTranslation = { ...{ reshId, at }, units: [], steps: [] };
    if (!start?.found || !trace) return { ...emptyTranslation, outcome: 'UNKNOWN' };
    if (start.outcome === 'NOT_YET_VALID') return { ...emptyTranslation, outcome: 'NOT_YET_VALID' };
    const { version: startVersion, seenOn: since } = start.found;
    const targetLookup = lookUpVersion(timelines[index] ?? [], true, to);
    return {
      ...{ reshId, at },
      outcome: classifyTranslation({
        since,
        originVersion: startVersion,
        to,
        lookupAtTarget: targetLookup,
        steps: trace.steps,
      }),
      units: findValidUnits(trace, view),
      steps: trace.steps.map((row) => ({ row, revision })),
    };
  });
}
