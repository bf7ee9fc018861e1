import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers } from '../../src/domain/time/period.ts';
import { judgedOn } from '../../src/domain/time/reference-version.ts';
import { someDay, timelines } from '../support/model/timelines.ts';

const ward = { from: '2010-01-01', to: '2015-01-01', name: 'Ward' };
const again = { from: '2020-01-01', to: '2022-01-01', name: 'Ward again' };
const timeline = [ward, again];

describe('the row that scope is judged on', () => {
  it.each([
    ['the day before its first', '2009-12-31', ward],
    ['its first day', '2010-01-01', ward],
    ['its last day before a gap', '2014-12-31', ward],
    ['the first day of the gap', '2015-01-01', again],
    ['the last day of all', '2021-12-31', again],
    ['any day after it has closed', '2030-01-01', again],
  ])('on %s', (_day, today, expected) => {
    expect(judgedOn(timeline, today)).toBe(expected);
  });

  it('is none where the unit never was', () => {
    expect(judgedOn([], '2020-01-01')).toBeUndefined();
  });

  it("is today's, else the nearest to come, else the nearest before", () => {
    fc.assert(
      fc.property(timelines(fc.record({ name: fc.string() })), someDay, (versions, today) => {
        const judged = judgedOn(versions, today);
        if (!judged) {
          expect(versions).toEqual([]);
          return;
        }
        const current = versions.filter((version) => covers(version, today));
        const coming = versions.filter(({ from }) => from > today).map(({ from }) => from);
        const before = versions.map(({ from }) => from);
        expect(judged.from).toBe(current[0]?.from ?? coming.sort()[0] ?? before.sort().at(-1));
      }),
    );
  });
});
