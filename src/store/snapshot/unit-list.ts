import { findLowerBound } from './lower-bound.ts';
import type { SnapshotUnit } from './snapshot-unit.ts';
import { UnitBlock, type UnitRange } from './unit-block.ts';
import type { UnitValues } from './unit-values.ts';

/** Most units of a block, and fewest of a block that is reused: otherwise lists would break up into small blocks. */
const GREATEST_BLOCK = 256;
const SMALLEST_BLOCK = 64;

/** A change of a list: units that are inserted before a position, and the number of those left out from it on. */
export interface UnitListChange {
  readonly position: number;
  readonly inserted: readonly UnitRange[];
  readonly removedCount: number;
}

/** The units of a snapshot, in blocks. A list that is made from another one shares the blocks that are the same. */
export class UnitList {
  readonly length: number;
  readonly #blocks: readonly UnitBlock[];
  /** Position of the first unit of each block */
  readonly #starts: Int32Array;
  /** The block that was read last */
  #last = 0;

  /** @param values those of all blocks of the ranges */
  constructor(
    readonly values: UnitValues,
    ranges: readonly UnitRange[],
  ) {
    this.#blocks = joinRanges(ranges, values);
    this.#starts = new Int32Array(this.#blocks.length);
    let position = 0;
    for (const [number, { length }] of this.#blocks.entries()) {
      this.#starts[number] = position;
      position += length;
    }
    this.length = position;
  }

  get blockCount(): number {
    return this.#blocks.length;
  }

  at(position: number): SnapshotUnit {
    const number = this.#findBlock(position);
    return (this.#blocks[number] as UnitBlock).unitAt(position - (this.#starts[number] as number));
  }

  // Units that are read one after the other are often of the same block.
  #findBlock(position: number): number {
    const isInLast =
      position >= (this.#starts[this.#last] as number) && position < (this.#starts[this.#last + 1] ?? this.length);
    if (!isInLast)
      this.#last = findLowerBound(this.#starts.length, (number) => (this.#starts[number] as number) <= position) - 1;
    return this.#last;
  }

  *[Symbol.iterator](): Generator<SnapshotUnit, void, undefined> {
    for (const block of this.#blocks) for (let index = 0; index < block.length; index += 1) yield block.unitAt(index);
  }

  /** @param changes in the order of their positions; none removes or inserts where another one removes */
  change(changes: readonly UnitListChange[]): UnitList {
    const ranges: UnitRange[] = [];
    let next = 0;
    for (const { position, inserted, removedCount } of changes) {
      this.#pushRanges(ranges, next, position);
      ranges.push(...inserted);
      next = position + removedCount;
    }
    this.#pushRanges(ranges, next, this.length);
    return new UnitList(this.values, ranges);
  }

  #pushRanges(ranges: UnitRange[], start: number, end: number): void {
    let position = start;
    while (position < end) {
      const number = this.#findBlock(position);
      const block = this.#blocks[number] as UnitBlock;
      const first = this.#starts[number] as number;
      const last = Math.min(end, first + block.length);
      ranges.push({ block, start: position - first, end: last - first });
      position = last;
    }
  }
}

/** Returns blocks with the units of ranges. Whole blocks are reused, except one that follows few other units. */
function joinRanges(ranges: readonly UnitRange[], values: UnitValues): UnitBlock[] {
  const blocks: UnitBlock[] = [];
  let waiting: UnitRange[] = [];
  let waitingCount = 0;
  const joinWaiting = (): void => {
    blocks.push(...joinEvenly(waiting, waitingCount, values));
    waiting = [];
    waitingCount = 0;
  };
  for (const range of ranges) {
    const count = range.end - range.start;
    const isWhole = count === range.block.length && count >= SMALLEST_BLOCK && count <= GREATEST_BLOCK;
    if (isWhole && (waitingCount === 0 || waitingCount >= SMALLEST_BLOCK)) {
      joinWaiting();
      blocks.push(range.block);
    } else {
      waiting.push(range);
      waitingCount += count;
      if (waitingCount >= GREATEST_BLOCK) joinWaiting();
    }
  }
  joinWaiting();
  return blocks;
}

function joinEvenly(ranges: readonly UnitRange[], count: number, values: UnitValues): UnitBlock[] {
  if (count === 0) return [];
  const block = UnitBlock.join(ranges, values);
  if (count <= GREATEST_BLOCK) return [block];
  const size = Math.ceil(count / Math.ceil(count / GREATEST_BLOCK));
  const blocks: UnitBlock[] = [];
  for (let start = 0; start < count; start += size)
    blocks.push(UnitBlock.join([{ block, start, end: Math.min(start + size, count) }], values));
  return blocks;
}
