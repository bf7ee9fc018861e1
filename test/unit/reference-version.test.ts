import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers } from '../../src/domain/time/period.ts';
import { findReferenceVersion } from '../../src/domain/time/reference-version.ts';
import { arbitraryDay, arbitraryTimeline } from '../support/model/timelines.ts';

const ward = { from: '2010-01-01', to: '2015-01-01', name: 'Ward' };
const reopenedVersion = { from: '2020-01-01', to: '2022-01-01', name: 'Ward again' };
const timeline = [ward, reopenedVersion];

describe('version for scope', () => {
  it.each([
    ['the day before its first', '2009-12-31', ward],
    ['its first day', '2010-01-01', ward],
    ['its last day before a gap', '2014-12-31', ward],
    ['the first day of the gap', '2015-01-01', reopenedVersion],
    ['its last day', '2021-12-31', reopenedVersion],
    ['a day after the closing', '2030-01-01', reopenedVersion],
  ])('is the expected one on %s', (_day, today, expected) => {
    expect(findReferenceVersion(timeline, today)).toBe(expected);
  });

  it('is undefined for an unknown unit', () => {
    expect(findReferenceVersion([], '2020-01-01')).toBeUndefined();
  });

  it('is that of today, otherwise the nearest future one, otherwise the nearest past one', () => {
    fc.assert(
      fc.property(arbitraryTimeline(fc.record({ name: fc.string() })), arbitraryDay, (versions, today) => {
        const referenceVersion = findReferenceVersion(versions, today);
        if (!referenceVersion) {
          expect(versions).toEqual([]);
          return;
        }
        const current = versions.filter((version) => covers(version, today));
        const coming = versions.filter(({ from }) => from > today).map(({ from }) => from);
        const before = versions.map(({ from }) => from);
        expect(referenceVersion.from).toBe(current[0]?.from ?? coming.sort()[0] ?? before.sort().at(-1));
      }),
    );
  });
});
