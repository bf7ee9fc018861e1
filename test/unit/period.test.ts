import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../src/domain/time/day.ts';
import { covers, joinPeriods, touches, unbrokenPeriod } from '../../src/domain/time/period.ts';
import { someDay, timelines } from '../support/model/timelines.ts';

const timeline = timelines(fc.record({ name: fc.constantFrom('A', 'B') }));
const sameName = (one: { name: string }, other: { name: string }): boolean => one.name === other.name;
const nameOn = (periods: readonly { from: Day; to: Day | null; name: string }[], day: Day): string | undefined =>
  periods.find((period) => covers(period, day))?.name;

describe('periods', () => {
  it('hold their first day and not their last', () => {
    expect(covers({ from: '2020-01-01', to: '2020-01-03' }, '2019-12-31')).toBe(false);
    expect(covers({ from: '2020-01-01', to: '2020-01-03' }, '2020-01-01')).toBe(true);
    expect(covers({ from: '2020-01-01', to: '2020-01-03' }, '2020-01-02')).toBe(true);
    expect(covers({ from: '2020-01-01', to: '2020-01-03' }, '2020-01-03')).toBe(false);
    expect(covers({ from: '2020-01-01', to: null }, '9999-12-31')).toBe(true);
  });

  it('say the same on every day when they are joined', () => {
    fc.assert(
      fc.property(timeline, someDay, (periods, day) => {
        expect(nameOn(joinPeriods(periods, sameName), day)).toBe(nameOn(periods, day));
      }),
    );
  });

  it('have no two alike that touch once they are joined, and joining again changes nothing', () => {
    fc.assert(
      fc.property(timeline, (periods) => {
        const joined = joinPeriods(periods, sameName);
        joined.slice(1).forEach((later, place) => {
          const earlier = joined[place];
          expect(earlier && touches(earlier, later) && sameName(earlier, later)).toBe(false);
        });
        expect(joinPeriods(joined, sameName)).toEqual(joined);
      }),
    );
  });

  it('are the same joined, wherever they were cut', () => {
    fc.assert(
      fc.property(timeline, fc.array(someDay, { maxLength: 4 }), (periods, cuts) => {
        const parted = cuts.reduce(
          (parts, cut) =>
            parts.flatMap((part) =>
              part.from < cut && covers(part, cut)
                ? [
                    { ...part, to: cut },
                    { ...part, from: cut },
                  ]
                : [part],
            ),
          periods,
        );
        expect(joinPeriods(parted, sameName)).toEqual(joinPeriods(periods, sameName));
      }),
    );
  });
});

describe('the unbroken period around a day', () => {
  it('reaches as far as there are days without a gap, both ways', () => {
    fc.assert(
      fc.property(timeline, someDay, (periods, day) => {
        const isValid = (on: Day): boolean => periods.some((period) => covers(period, on));
        const unbroken = unbrokenPeriod(periods, day);
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
