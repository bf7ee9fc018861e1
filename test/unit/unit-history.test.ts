import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers } from '../../src/domain/time/period.ts';
import { ancestryPeriods, parentPeriods, shownOn, statementsOf } from '../../src/domain/unit/history.ts';
import { someDay, timelines } from '../support/model/timelines.ts';

const placed = timelines(
  fc.constantFrom(
    { parentReshId: 1, path: [1, 9] },
    { parentReshId: 2, path: [1, 2, 9] },
    { parentReshId: 2, path: [3, 2, 9] },
  ),
);

interface Row {
  readonly from: string;
  readonly to: string | null;
  readonly recordedRev: number;
  readonly supersededRev: number | null;
  readonly name: string;
  readonly path: string;
}
const row = (
  from: string,
  to: string | null,
  recordedRev: number,
  supersededRev: number | null,
  name: string,
  path = '',
): Row => ({
  from,
  to,
  recordedRev,
  supersededRev,
  name,
  path,
});
const statements = (rows: readonly Row[]) =>
  statementsOf(rows, ({ name }) => name).map(({ version, recordedRev, supersededRev }) => [
    version.from,
    version.to,
    version.name,
    recordedRev,
    supersededRev,
  ]);

describe('where a unit has stood', () => {
  it('is told in periods of one parent, and in shorter ones of one path', () => {
    const timeline = [
      { from: '2010-01-01', to: '2012-01-01', parentReshId: 2, path: [1, 2, 9] },
      { from: '2012-01-01', to: '2014-01-01', parentReshId: 2, path: [3, 2, 9] },
      { from: '2014-01-01', to: null, parentReshId: 1, path: [1, 9] },
    ];
    expect(parentPeriods(timeline).map(({ from, to, parentReshId }) => [from, to, parentReshId])).toEqual([
      ['2010-01-01', '2014-01-01', 2],
      ['2014-01-01', null, 1],
    ]);
    expect(ancestryPeriods(timeline)).toEqual(timeline);
  });

  it('keeps a gap and a return apart', () => {
    const timeline = [
      { from: '2010-01-01', to: '2012-01-01', parentReshId: 2, path: [2, 9] },
      { from: '2013-01-01', to: '2014-01-01', parentReshId: 2, path: [2, 9] },
      { from: '2014-01-01', to: '2015-01-01', parentReshId: 1, path: [1, 9] },
      { from: '2015-01-01', to: null, parentReshId: 2, path: [2, 9] },
    ];
    expect(parentPeriods(timeline)).toEqual(timeline);
  });

  it('is the same parent and path on every day, and shown on a day of its period', () => {
    fc.assert(
      fc.property(placed, someDay, someDay, (timeline, day, snapshotDay) => {
        const now = timeline.find((version) => covers(version, day));
        expect(parentPeriods(timeline).find((period) => covers(period, day))?.parentReshId).toBe(now?.parentReshId);
        const ancestry = ancestryPeriods(timeline).find((period) => covers(period, day));
        expect(ancestry?.path).toEqual(now?.path);
        if (ancestry) expect(covers(ancestry, shownOn(ancestry, snapshotDay))).toBe(true);
      }),
    );
  });

  it('is shown on the day asked about where that lies within, else on the last day, and while open on the first', () => {
    const closed = { from: '2010-01-01', to: '2012-01-01' };
    expect(shownOn(closed, '2011-05-17')).toBe('2011-05-17');
    expect(shownOn(closed, '2012-01-01')).toBe('2011-12-31');
    expect(shownOn(closed, '2009-01-01')).toBe('2011-12-31');
    expect(shownOn({ from: '2030-01-01', to: null }, '2026-11-23')).toBe('2030-01-01');
  });
});

describe('the statements of a unit', () => {
  it('are what each change recorded and superseded', () => {
    expect(
      statements([
        row('2010-01-01', null, 1, 2, 'Ward'),
        row('2010-01-01', '2020-01-01', 2, null, 'Ward'),
        row('2020-01-01', null, 2, null, 'Clinic'),
      ]),
    ).toEqual([
      ['2010-01-01', null, 'Ward', 1, 2],
      ['2010-01-01', '2020-01-01', 'Ward', 2, null],
      ['2020-01-01', null, 'Clinic', 2, null],
    ]);
  });

  it('know nothing of rows that differ in the path only', () => {
    expect(
      statements([
        row('2010-01-01', null, 1, 2, 'Ward', 'a'),
        row('2010-01-01', '2020-01-01', 2, 3, 'Ward', 'a'),
        row('2020-01-01', null, 2, null, 'Ward', 'b'),
        row('2010-01-01', '2020-01-01', 3, null, 'Ward', 'c'),
      ]),
    ).toEqual([['2010-01-01', null, 'Ward', 1, null]]);
  });

  it('end with a withdrawal, and are made anew when the same is said again', () => {
    expect(statements([row('2010-01-01', null, 1, 2, 'Ward'), row('2010-01-01', null, 4, null, 'Ward')])).toEqual([
      ['2010-01-01', null, 'Ward', 1, 2],
      ['2010-01-01', null, 'Ward', 4, null],
    ]);
  });

  it('are the same wherever rows were cut for the path’s sake', () => {
    const revisions = fc.array(timelines(fc.record({ name: fc.constantFrom('A', 'B') })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(revisions, someDay, fc.nat(3), (states, cut, cutFrom) => {
        const rowsOf = (cutAt: (revision: number) => boolean): Row[] => {
          const recorded: Row[] = [];
          states.forEach((timeline, place) => {
            const revision = place + 1;
            const parts = timeline.flatMap(({ from, to, name }) =>
              cutAt(place) && from < cut && (to === null || cut < to)
                ? [row(from, cut, revision, null, name, 'before'), row(cut, to, revision, null, name, 'after')]
                : [row(from, to, revision, null, name)],
            );
            const content = ({ from, to, name, path }: Row): string => JSON.stringify([from, to, name, path]);
            const wanted = new Map(parts.map((part) => [content(part), part]));
            recorded.forEach((each, at) => {
              if (each.supersededRev === null && !wanted.delete(content(each)))
                recorded[at] = { ...each, supersededRev: revision };
            });
            recorded.push(...wanted.values());
          });
          return recorded;
        };
        expect(statements(rowsOf((place) => place >= cutFrom))).toEqual(statements(rowsOf(() => false)));
      }),
    );
  });
});
