import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../src/domain/time/day.ts';
import { covers, type Period } from '../../src/domain/time/period.ts';
import { SuccessionGraph } from '../../src/domain/unit/succession-graph.ts';
import type { Succession } from '../../src/domain/unit/succession.ts';
import { ParcelModel } from '../support/model/parcels.ts';
import { removeCircles } from '../support/model/successions.ts';

const unitCount = 5;
const lastDay = 9;
const unit = fc.integer({ min: 1, max: unitCount });

/** Days on which a unit closes or is valid again, in turn. */
const lives = fc.uniqueArray(fc.integer({ min: 1, max: lastDay }), { maxLength: 4 });

/** Draws of successions: those of a unit that closes, if it closes, or on any day. */
const draws = fc.array(
  fc.record({ from: unit, to: unit, day: fc.nat(lastDay), atBoundary: fc.nat(5), isPartial: fc.boolean() }),
  { maxLength: 8 },
);

const histories = fc
  .record({ boundaries: fc.tuple(lives, lives, lives, lives, lives), draws })
  .map(({ boundaries, draws: successionDraws }) => {
    const days = boundaries.map((each) => each.toSorted((one, other) => one - other));
    const timelines = new Map(days.map((each, index): [number, Period[]] => [index + 1, buildTimeline(each)]));
    const successions = successionDraws.flatMap(({ from, to, day, atBoundary, isPartial }): Succession[] => {
      const boundary = atBoundary === 0 ? undefined : days[from - 1]?.[(atBoundary - 1) % 4];
      if (from === to) return [];
      return [
        {
          fromReshId: from,
          toReshId: to,
          kind: isPartial ? 'SPLIT' : 'MERGE',
          extent: isPartial ? 'PARTIAL' : 'FULL',
          effectiveOn: toDay(boundary ?? day),
        },
      ];
    });
    return { timelines, successions: removeCircles(successions) };
  });

/** Builds the versions of a unit that is valid from the first day and closes and reopens on days in turn. */
function buildTimeline(boundaries: readonly number[]): Period[] {
  const days = [0, ...boundaries];
  return days.flatMap((from, index) => {
    const to = days[index + 1];
    return index % 2 === 0 ? [{ from: toDay(from), to: to === undefined ? null : toDay(to) }] : [];
  });
}

function toDay(day: number): Day {
  return addDays('2020-01-01', day);
}

function formatSteps(steps: Iterable<Succession>): string[] {
  return [...steps].map(({ fromReshId, toReshId, effectiveOn }) => `${effectiveOn} ${fromReshId} > ${toReshId}`).sort();
}

describe('traces of units that close and come back', () => {
  it('equal those of a model that moves what each unit was from day to day', () => {
    fc.assert(
      fc.property(histories, fc.nat(lastDay), fc.nat(lastDay), ({ timelines, successions }, one, other) => {
        const graph = new SuccessionGraph(successions, timelines);
        const model = new ParcelModel(successions, timelines);
        for (let reshId = 1; reshId <= unitCount; reshId += 1) {
          // A closed unit is traced as of its last day.
          if (!timelines.get(reshId)?.some((period) => covers(period, toDay(one)))) continue;
          const trace = graph.trace({ reshId, since: toDay(one), to: toDay(other) });
          const expected = model.trace(reshId, toDay(one), toDay(other));
          expect([trace.reached, formatSteps(trace.steps), formatSteps(trace.undone)]).toEqual([
            expected.reached,
            formatSteps(expected.steps),
            formatSteps(expected.undone),
          ]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('lead back to exactly the units from which they lead forward', () => {
    fc.assert(
      fc.property(histories, fc.nat(lastDay), fc.nat(lastDay), ({ timelines, successions }, one, other) => {
        const graph = new SuccessionGraph(successions, timelines);
        const [since, to] = [toDay(Math.min(one, other)), toDay(Math.max(one, other))];
        for (let from = 1; from <= unitCount; from += 1)
          for (let target = 1; target <= unitCount; target += 1)
            expect(graph.trace({ reshId: from, since, to }).reached.includes(target)).toBe(
              graph.trace({ reshId: target, since: to, to: since }).reached.includes(from),
            );
      }),
      { numRuns: 500 },
    );
  });
});
