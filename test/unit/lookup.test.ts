import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../src/domain/time/day.ts';
import { covers } from '../../src/domain/time/period.ts';
import { lookUpVersion } from '../../src/domain/unit/lookup.ts';
import { arbitraryDay, arbitraryTimeline } from '../support/model/timelines.ts';

const ward = { from: '2010-01-01', to: '2015-01-01', name: 'Ward' };
const reopenedVersion = { from: '2020-01-01', to: null, name: 'Ward again' };

describe('look-up of a RESH-id', () => {
  it('finds the version of the day', () => {
    expect(lookUpVersion([ward, reopenedVersion], true, '2014-12-31')).toEqual({
      outcome: 'FOUND',
      found: { version: ward, seenOn: '2014-12-31' },
    });
  });

  it('shows a closed unit as on its last day, in a gap too', () => {
    const closed = { outcome: 'CLOSED', found: { version: ward, seenOn: '2014-12-31' } };
    expect(lookUpVersion([ward], true, '2015-01-01')).toEqual(closed);
    expect(lookUpVersion([ward, reopenedVersion], true, '2019-12-31')).toEqual(closed);
  });

  it('shows a future unit as on its first day', () => {
    expect(lookUpVersion([ward, reopenedVersion], true, '2009-12-31')).toEqual({
      outcome: 'NOT_YET_VALID',
      found: { version: ward, seenOn: '2010-01-01' },
    });
  });

  it('distinguishes a withdrawn unit from an unused RESH-id', () => {
    expect(lookUpVersion([], true, '2020-01-01')).toEqual({ outcome: 'WITHDRAWN' });
    expect(lookUpVersion([], false, '2020-01-01')).toEqual({ outcome: 'UNKNOWN' });
  });

  it('shows a version covering its day, preferably the nearest earlier one', () => {
    fc.assert(
      fc.property(arbitraryTimeline(fc.record({ name: fc.string() })), arbitraryDay, (timeline, day) => {
        const isValid = (on: Day): boolean => timeline.some((version) => covers(version, on));
        const { outcome, found } = lookUpVersion(timeline, true, day);
        if (!found) {
          expect([timeline.length, outcome]).toEqual([0, 'WITHDRAWN']);
          return;
        }
        expect(covers(found.version, found.seenOn)).toBe(true);
        expect(outcome).toBe(found.seenOn === day ? 'FOUND' : found.seenOn < day ? 'CLOSED' : 'NOT_YET_VALID');
        for (let on = addDays(found.seenOn, 1); outcome === 'CLOSED' && on <= day; on = addDays(on, 1))
          expect(isValid(on), on).toBe(false);
        if (outcome === 'NOT_YET_VALID') expect(found.seenOn).toBe(timeline[0]?.from);
      }),
    );
  });
});
