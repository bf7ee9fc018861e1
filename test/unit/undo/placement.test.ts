import { describe, expect, it } from 'vitest';
import { findMisplaced, type PlacedRow } from '../../../src/domain/plan/undo/placement.ts';

type Rows = Readonly<Record<string, readonly PlacedRow<string>[]>>;

function place(parent: string | null, from = '2020-01-01', to: string | null = null): PlacedRow<string> {
  return { parent, from, to, type: 'DEPARTMENT' };
}

function findIn(rows: Rows, changed: readonly string[]) {
  return findMisplaced(changed, (key) => rows[key] ?? []);
}

describe('findMisplaced', () => {
  it('accepts records under parents that are valid on all of their days', () => {
    const rows = { top: [place(null)], one: [place('top')], two: [place('one', '2021-01-01', '2022-01-01')] };
    expect(findIn(rows, ['one', 'two', 'top'])).toEqual([]);
  });

  it('reports each parent once that is unknown or not valid, with the first day', () => {
    const rows = {
      top: [place(null, '2020-01-01', '2021-01-01')],
      one: [place('top', '2020-01-01', '2022-01-01'), place('top', '2022-01-01')],
      two: [place('gone')],
    };
    expect(findIn(rows, ['one', 'two'])).toEqual([
      { key: 'one', parent: 'top', day: '2021-01-01', reason: 'PARENT_NOT_VALID' },
      { key: 'two', parent: 'gone', day: '2020-01-01', reason: 'PARENT_NOT_VALID' },
    ]);
  });

  it('reports an organization under a department', () => {
    const rows = {
      top: [place(null)],
      one: [{ ...place('top', '2021-01-01'), type: 'ORGANIZATION' as const }],
    };
    expect(findIn(rows, ['one'])).toEqual([
      { key: 'one', parent: 'top', day: '2021-01-01', reason: 'PARENT_IS_DEPARTMENT' },
    ]);
  });

  it('reports the members of a cycle with its first day, and not the records under it', () => {
    const rows = {
      top: [place(null)],
      one: [place('top', '2020-01-01', '2021-01-01'), place('two', '2021-01-01')],
      two: [place('three')],
      three: [place('top', '2020-01-01', '2020-06-01'), place('one', '2020-06-01')],
      four: [place('three')],
    };
    expect(findIn(rows, ['four', 'one', 'two', 'three'])).toEqual([
      { key: 'one', parent: 'two', day: '2021-01-01', reason: 'CYCLE' },
      { key: 'two', parent: 'three', day: '2021-01-01', reason: 'CYCLE' },
      { key: 'three', parent: 'one', day: '2021-01-01', reason: 'CYCLE' },
    ]);
  });
});
