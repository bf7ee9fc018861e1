import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../src/domain/time/day.ts';
import {
  covers,
  coalescePeriods,
  findUnbrokenPeriod,
  intersectPeriods,
  overlap,
  touches,
} from '../../src/domain/time/period.ts';
import { arbitraryDay, arbitraryPeriod, arbitraryTimeline } from '../support/model/timelines.ts';

const arbitraryPeriods = arbitraryTimeline(fc.record({ name: fc.constantFrom('A', 'B') }));

function hasSameName(one: { name: string }, other: { name: string }): boolean {
  return one.name === other.name;
}

function findName(periods: readonly { from: Day; to: Day | null; name: string }[], day: Day): string | undefined {
  return periods.find((period) => covers(period, day))?.name;
}

describe('periods', () => {
  it('include their first day and exclude their last', () => {
    expect(covers({ from: '2020-01-01', to: '2020-01-03' }, '2019-12-31')).toBe(false);
    expect(covers({ from: '2020-01-01', to: '2020-01-03' }, '2020-01-01')).toBe(true);
    expect(covers({ from: '2020-01-01', to: '2020-01-03' }, '2020-01-02')).toBe(true);
    expect(covers({ from: '2020-01-01', to: '2020-01-03' }, '2020-01-03')).toBe(false);
    expect(covers({ from: '2020-01-01', to: null }, '9999-12-31')).toBe(true);
  });

  it('cover the same days after coalescing', () => {
    fc.assert(
      fc.property(arbitraryPeriods, arbitraryDay, (periods, day) => {
        expect(findName(coalescePeriods(periods, hasSameName), day)).toBe(findName(periods, day));
      }),
    );
  });

  it('never touch an equal period after coalescing, which is idempotent', () => {
    fc.assert(
      fc.property(arbitraryPeriods, (periods) => {
        const coalesced = coalescePeriods(periods, hasSameName);
        coalesced.slice(1).forEach((later, index) => {
          const earlier = coalesced[index];
          expect(earlier && touches(earlier, later) && hasSameName(earlier, later)).toBe(false);
        });
        expect(coalescePeriods(coalesced, hasSameName)).toEqual(coalesced);
      }),
    );
  });

  it('coalesce to the same result wherever they were split', () => {
    fc.assert(
      fc.property(arbitraryPeriods, fc.array(arbitraryDay, { maxLength: 4 }), (periods, splitDays) => {
        const splitPeriods = splitDays.reduce(
          (parts, splitDay) =>
            parts.flatMap((part) =>
              part.from < splitDay && covers(part, splitDay)
                ? [
                    { ...part, to: splitDay },
                    { ...part, from: splitDay },
                  ]
                : [part],
            ),
          periods,
        );
        expect(coalescePeriods(splitPeriods, hasSameName)).toEqual(coalescePeriods(periods, hasSameName));
      }),
    );
  });
});

describe('unbroken period around a day', () => {
  it('extends in both directions until a gap', () => {
    fc.assert(
      fc.property(arbitraryPeriods, arbitraryDay, (periods, day) => {
        const isValid = (on: Day): boolean => periods.some((period) => covers(period, on));
        const unbroken = findUnbrokenPeriod(periods, day);
        expect(unbroken !== undefined).toBe(isValid(day));
        if (!unbroken) return;
        expect(covers(unbroken, day)).toBe(true);
        expect(isValid(addDays(unbroken.from, -1))).toBe(false);
        for (let on = unbroken.from; on < (unbroken.to ?? '2020-05-01'); on = addDays(on, 1))
          expect(isValid(on), on).toBe(true);
        if (unbroken.to) expect(isValid(unbroken.to)).toBe(false);
        else expect(isValid('9999-12-31')).toBe(true);
      }),
    );
  });
});

describe('two periods', () => {
  /** Days around all random periods, in order. */
  const days: readonly Day[] = Array.from({ length: 100 }, (_, index) => addDays('2020-02-10', index));

  it('overlap when they share a day', () => {
    fc.assert(
      fc.property(arbitraryPeriod, arbitraryPeriod, (one, other) => {
        expect(overlap(one, other)).toBe(days.some((day) => covers(one, day) && covers(other, day)));
      }),
    );
  });

  it('intersect in exactly the days that both cover', () => {
    fc.assert(
      fc.property(arbitraryPeriod, arbitraryPeriod, (one, other) => {
        const shared = intersectPeriods(one, other);
        expect(shared !== undefined).toBe(overlap(one, other));
        expect(shared).toEqual(intersectPeriods(other, one));
        for (const day of [...days, '9999-12-31'])
          expect(shared !== undefined && covers(shared, day), day).toBe(covers(one, day) && covers(other, day));
      }),
    );
  });
});
