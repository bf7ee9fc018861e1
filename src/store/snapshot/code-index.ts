import { formatCodeReference } from '../../domain/unit/code-sets.ts';
import type { CodeCountRow } from '../read/codes.ts';
import { compareBytes } from './compare-bytes.ts';
import { findLowerBound } from './lower-bound.ts';
import type { SnapshotUnit } from './snapshot-unit.ts';

/** A code, and the number of units that have it. */
export interface CodeCount extends Omit<CodeCountRow, 'n'> {
  /** Key of the code in a snapshot */
  readonly reference: string;
}

interface CodeEntry extends Omit<CodeCount, 'count'> {
  /** Positions of the units that have the code, in order */
  readonly positions: Int32Array;
}

/** The units that have each code, so that the codes of a subtree are counted without visiting its units. */
export class CodeIndex {
  readonly #entries: readonly CodeEntry[];

  /** @param units in tree order */
  constructor(units: Iterable<Pick<SnapshotUnit, 'codes'>>) {
    const entries = new Map<string, Omit<CodeEntry, 'positions'> & { readonly positions: number[] }>();
    let position = 0;
    for (const { codes } of units) {
      for (const { codeSet, code } of codes) {
        const reference = formatCodeReference({ codeSet, code });
        const entry = entries.get(reference);
        if (entry) entry.positions.push(position);
        else entries.set(reference, { codeSet, code, reference, positions: [position] });
      }
      position += 1;
    }
    this.#entries = [...entries.values()]
      .map(({ positions, ...entry }) => ({ ...entry, positions: Int32Array.from(positions) }))
      .sort(compareCodes);
  }

  /**
   * Counts the units in a range of positions that have each code of the given sets: most frequent first, then by set
   * and code.
   */
  count(start: number, end: number, codeSets: readonly number[]): CodeCount[] {
    const counts: CodeCount[] = [];
    for (const { codeSet, code, reference, positions } of this.#entries) {
      if (!codeSets.includes(codeSet)) continue;
      const count = countBetween(positions, start, end);
      if (count > 0) counts.push({ codeSet, code, reference, count });
    }
    // Codes with the same count stay in their order.
    return counts.sort((one, other) => other.count - one.count);
  }
}

function compareCodes(one: CodeEntry, other: CodeEntry): number {
  return one.codeSet - other.codeSet || compareBytes(one.code, other.code);
}

function countBetween(positions: Int32Array, start: number, end: number): number {
  const countBefore = (bound: number): number =>
    findLowerBound(positions.length, (index) => (positions[index] as number) < bound);
  return countBefore(end) - countBefore(start);
}
