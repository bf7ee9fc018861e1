import { formatCodeReference } from '../../domain/unit/code-sets.ts';
import type { CodeCountRow } from '../read/codes.ts';
import { compareBytes } from './compare-bytes.ts';
import { findLowerBound } from './lower-bound.ts';
import type { SnapshotUnit } from './snapshot-unit.ts';

/** A code, and the number of units that have it. */
export type CodeCount = Omit<CodeCountRow, 'n'>;

interface CodeEntry {
  readonly codeSet: number;
  readonly code: string;
  /** Positions of the units that have the code, in order */
  readonly positions: number[];
}

/** The units that have each code, so that the codes of a subtree are counted without visiting its units. */
export class CodeIndex {
  readonly #entries: readonly CodeEntry[];

  /** @param units in tree order */
  constructor(units: readonly SnapshotUnit[]) {
    const entries = new Map<string, CodeEntry>();
    units.forEach(({ codes }, position) => {
      for (const { codeSet, code } of codes) {
        const key = formatCodeReference({ codeSet, code });
        const entry = entries.get(key);
        if (entry) entry.positions.push(position);
        else entries.set(key, { codeSet, code, positions: [position] });
      }
    });
    this.#entries = [...entries.values()];
  }

  /**
   * Counts the units in a range of positions that have each code of the given sets: most frequent first, then by set
   * and code.
   */
  count(start: number, end: number, codeSets: readonly number[]): CodeCount[] {
    return this.#entries
      .filter(({ codeSet }) => codeSets.includes(codeSet))
      .map(({ codeSet, code, positions }) => ({ codeSet, code, count: countBetween(positions, start, end) }))
      .filter(({ count }) => count > 0)
      .sort(compareCounts);
  }
}

function compareCounts(one: CodeCount, other: CodeCount): number {
  return other.count - one.count || one.codeSet - other.codeSet || compareBytes(one.code, other.code);
}

function countBetween(positions: readonly number[], start: number, end: number): number {
  const countBefore = (bound: number): number =>
    findLowerBound(positions.length, (index) => (positions[index] as number) < bound);
  return countBefore(end) - countBefore(start);
}
