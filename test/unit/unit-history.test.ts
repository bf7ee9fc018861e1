import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers } from '../../src/domain/time/period.ts';
import { coalesceByPath, coalesceByParent, chooseDisplayDay, buildStatements } from '../../src/domain/unit/history.ts';
import { arbitraryDay, arbitraryTimeline } from '../support/model/timelines.ts';

const arbitraryPlacements = arbitraryTimeline(
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

function buildRow(
  from: string,
  to: string | null,
  recordedRev: number,
  supersededRev: number | null,
  name: string,
  path = '',
): Row {
  return {
    from,
    to,
    recordedRev,
    supersededRev,
    name,
    path,
  };
}

function listStatements(rows: readonly Row[]) {
  return buildStatements(rows, ({ name }) => name).map(({ version, recordedRev, supersededRev }) => [
    version.from,
    version.to,
    version.name,
    recordedRev,
    supersededRev,
  ]);
}

describe('placement history of a unit', () => {
  it('has periods of one parent, and shorter ones of one path', () => {
    const timeline = [
      { from: '2010-01-01', to: '2012-01-01', parentReshId: 2, path: [1, 2, 9] },
      { from: '2012-01-01', to: '2014-01-01', parentReshId: 2, path: [3, 2, 9] },
      { from: '2014-01-01', to: null, parentReshId: 1, path: [1, 9] },
    ];
    expect(coalesceByParent(timeline).map(({ from, to, parentReshId }) => [from, to, parentReshId])).toEqual([
      ['2010-01-01', '2014-01-01', 2],
      ['2014-01-01', null, 1],
    ]);
    expect(coalesceByPath(timeline)).toEqual(timeline);
  });

  it('keeps a gap and a return apart', () => {
    const timeline = [
      { from: '2010-01-01', to: '2012-01-01', parentReshId: 2, path: [2, 9] },
      { from: '2013-01-01', to: '2014-01-01', parentReshId: 2, path: [2, 9] },
      { from: '2014-01-01', to: '2015-01-01', parentReshId: 1, path: [1, 9] },
      { from: '2015-01-01', to: null, parentReshId: 2, path: [2, 9] },
    ];
    expect(coalesceByParent(timeline)).toEqual(timeline);
  });

  it('matches parent and path of every day, and shows the parent within its period', () => {
    fc.assert(
      fc.property(arbitraryPlacements, arbitraryDay, arbitraryDay, (timeline, day, snapshotDay) => {
        const now = timeline.find((version) => covers(version, day));
        expect(coalesceByParent(timeline).find((period) => covers(period, day))?.parentReshId).toBe(now?.parentReshId);
        const ancestry = coalesceByPath(timeline).find((period) => covers(period, day));
        expect(ancestry?.path).toEqual(now?.path);
        if (ancestry) expect(covers(ancestry, chooseDisplayDay(ancestry, snapshotDay))).toBe(true);
      }),
    );
  });

  it('shows the parent on the given day, else on the last, or on the first while open', () => {
    const closed = { from: '2010-01-01', to: '2012-01-01' };
    expect(chooseDisplayDay(closed, '2011-05-17')).toBe('2011-05-17');
    expect(chooseDisplayDay(closed, '2012-01-01')).toBe('2011-12-31');
    expect(chooseDisplayDay(closed, '2009-01-01')).toBe('2011-12-31');
    expect(chooseDisplayDay({ from: '2030-01-01', to: null }, '2026-11-23')).toBe('2030-01-01');
  });
});

describe('statements about a unit', () => {
  it('list recorded and superseded rows of each change', () => {
    expect(
      listStatements([
        buildRow('2010-01-01', null, 1, 2, 'Ward'),
        buildRow('2010-01-01', '2020-01-01', 2, null, 'Ward'),
        buildRow('2020-01-01', null, 2, null, 'Clinic'),
      ]),
    ).toEqual([
      ['2010-01-01', null, 'Ward', 1, 2],
      ['2010-01-01', '2020-01-01', 'Ward', 2, null],
      ['2020-01-01', null, 'Clinic', 2, null],
    ]);
  });

  it('ignore rows that differ only in the path', () => {
    expect(
      listStatements([
        buildRow('2010-01-01', null, 1, 2, 'Ward', 'a'),
        buildRow('2010-01-01', '2020-01-01', 2, 3, 'Ward', 'a'),
        buildRow('2020-01-01', null, 2, null, 'Ward', 'b'),
        buildRow('2010-01-01', '2020-01-01', 3, null, 'Ward', 'c'),
      ]),
    ).toEqual([['2010-01-01', null, 'Ward', 1, null]]);
  });

  it('end with a withdrawal and begin again when re-recorded', () => {
    expect(
      listStatements([buildRow('2010-01-01', null, 1, 2, 'Ward'), buildRow('2010-01-01', null, 4, null, 'Ward')]),
    ).toEqual([
      ['2010-01-01', null, 'Ward', 1, 2],
      ['2010-01-01', null, 'Ward', 4, null],
    ]);
  });

  it('are equal wherever paths split the rows', () => {
    const revisions = fc.array(arbitraryTimeline(fc.record({ name: fc.constantFrom('A', 'B') })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(revisions, arbitraryDay, fc.nat(3), (states, splitDay, splitFromRevision) => {
        const recordVersions = (isSplitAt: (revision: number) => boolean): Row[] => {
          const recorded: Row[] = [];
          states.forEach((timeline, index) => {
            const revision = index + 1;
            const parts = timeline.flatMap(({ from, to, name }) =>
              isSplitAt(index) && from < splitDay && (to === null || splitDay < to)
                ? [
                    buildRow(from, splitDay, revision, null, name, 'before'),
                    buildRow(splitDay, to, revision, null, name, 'after'),
                  ]
                : [buildRow(from, to, revision, null, name)],
            );
            const content = ({ from, to, name, path }: Row): string => JSON.stringify([from, to, name, path]);
            const wantedRows = new Map(parts.map((part) => [content(part), part]));
            recorded.forEach((each, at) => {
              if (each.supersededRev === null && !wantedRows.delete(content(each)))
                recorded[at] = { ...each, supersededRev: revision };
            });
            recorded.push(...wantedRows.values());
          });
          return recorded;
        };
        expect(listStatements(recordVersions((index) => index >= splitFromRevision))).toEqual(
          listStatements(recordVersions(() => false)),
        );
      }),
    );
  });
});
