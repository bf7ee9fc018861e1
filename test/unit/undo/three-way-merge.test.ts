import { describe, expect, it } from 'vitest';
import type { Day } from '../../../src/domain/time/day.ts';
import { mergeThreeWay, type DayFacts } from '../../../src/domain/plan/undo/three-way-merge.ts';

type Facts = Readonly<Record<string, string>> | undefined;

const boundaries: readonly Day[] = ['2020-01-01', '2021-01-01', '2022-01-01'];

/**
 * Takes revision 2 of a record back, whose facts stand for each revision from 1 on, each with its periods between the
 * boundaries.
 */
function takeRevision2Back(states: readonly (readonly Facts[])[], from: Day = '0001-01-01') {
  const readFacts = (revision: number, day: Day): DayFacts => {
    const facts = states[revision - 1]?.[boundaries.findLastIndex((boundary) => boundary <= day)];
    return facts && new Map(Object.entries(facts));
  };
  const revisions = states.map((_state, index) => index + 1);
  return mergeThreeWay({ readFacts, boundaries, revisions }, { revision: 2, newest: states.length, from });
}

const whole = { from: '2020-01-01', to: '2021-01-01' };
const second = { from: '2021-01-01', to: '2022-01-01' };

describe('mergeThreeWay', () => {
  it('restores a field that nobody changed since, on the days of the change', () => {
    expect(
      takeRevision2Back([
        [{ name: 'a' }, { name: 'a' }],
        [{ name: 'a' }, { name: 'b' }],
      ]),
    ).toEqual({ restorations: [{ period: second, fields: ['name'] }], conflicts: [] });
  });

  it('leaves what the change did not alter, and fields that have their former value again', () => {
    expect(
      takeRevision2Back([
        [{ name: 'a', site: '1', code: 'x' }],
        [{ name: 'b', site: '2', code: 'x' }],
        [{ name: 'a', site: '2', code: 'y' }],
      ]),
    ).toEqual({ restorations: [{ period: whole, fields: ['site'] }], conflicts: [] });
  });

  it('reports each field with a later value once, with its first day and all later revisions', () => {
    expect(
      takeRevision2Back([
        [{ name: 'a' }, { name: 'a' }],
        [{ name: 'b' }, { name: 'b' }],
        [{ name: 'c' }, { name: 'b' }],
        [{ name: 'c' }, { name: 'b' }],
        [{ name: 'd' }, { name: 'e' }],
      ]),
    ).toEqual({
      restorations: [
        { period: whole, fields: ['name'] },
        { period: second, fields: ['name'] },
      ],
      conflicts: [{ field: 'name', day: '2020-01-01', revisions: [3, 5] }],
    });
  });

  it('treats a field that the change added or removed like any other', () => {
    expect(
      takeRevision2Back([
        [{ name: 'a', first: '1' }],
        [{ name: 'a', other: '2' }],
        [{ name: 'a', first: '3', other: '2' }],
      ]),
    ).toEqual({
      restorations: [{ period: whole, fields: ['first', 'other'] }],
      conflicts: [{ field: 'first', day: '2020-01-01', revisions: [3] }],
    });
  });

  it('removes the days of a record that the change created', () => {
    expect(takeRevision2Back([[undefined], [{ name: 'a' }]])).toEqual({
      restorations: [{ period: whole, fields: undefined }],
      conflicts: [],
    });
  });

  it('reports any fact that was changed on days which the change created', () => {
    expect(takeRevision2Back([[undefined], [{ name: 'a' }], [{ name: 'a', site: '1' }]])).toEqual({
      restorations: [{ period: whole, fields: undefined }],
      conflicts: [{ field: 'site', day: '2020-01-01', revisions: [3] }],
    });
  });

  it('gives the days back that the change removed, unless they are back with other facts', () => {
    expect(
      takeRevision2Back([
        [{ name: 'a' }, { name: 'a' }, { name: 'a' }],
        [undefined, undefined, undefined],
        [undefined, { name: 'a' }, { name: 'b' }],
      ]),
    ).toEqual({
      restorations: [
        { period: whole, fields: undefined },
        { period: { from: '2022-01-01', to: null }, fields: undefined },
      ],
      conflicts: [{ field: 'validity', day: '2022-01-01', revisions: [3] }],
    });
  });

  it('leaves days that a later change removed', () => {
    expect(takeRevision2Back([[{ name: 'a' }], [{ name: 'b' }], [undefined]])).toEqual({
      restorations: [],
      conflicts: [],
    });
  });

  it('begins on a day between two boundaries', () => {
    expect(takeRevision2Back([[{ name: 'a' }], [{ name: 'b' }]], '2020-06-01').restorations).toEqual([
      { period: { from: '2020-06-01', to: '2021-01-01' }, fields: ['name'] },
    ]);
  });
});
