import { ByteWriter } from '../../domain/text/byte-writer.ts';
import type { Emit, Output, SnapshotView } from './output.ts';
import { assertWithinLimits } from './tally.ts';

/** Units of a block, where fragments are short: they are made a block at a time, when one of them is needed. */
export const BLOCK_SIZE = 32;
/** Bytes of an empty block, about. */
const BLOCK_OVERHEAD_BYTES = 400;

interface Block {
  readonly bytes: Buffer;
  /** Start of each unit's fragment, and the end of the last one */
  readonly offsets: Uint32Array;
  /** Values and objects counted before each unit of the block, and in all */
  readonly values: Uint32Array;
  readonly objects: Uint32Array;
}

/**
 * The JSON of one selection for the units of a snapshot, as bytes, each with a comma in front. A subtree is a range of
 * positions, so its list is copied in few pieces.
 */
export class Fragments {
  readonly #blocks: (Block | undefined)[] = [];

  /**
   * @param emit writes the fragment of the unit at a position
   * @param onGrow receives the number of bytes of each new block
   * @param blockSize units whose fragments are made together
   */
  constructor(
    private readonly view: SnapshotView,
    private readonly emit: Emit<number>,
    private readonly onGrow: (bytes: number) => void,
    private readonly blockSize: number,
  ) {}

  /** Writes the fragment of one unit. */
  write(position: number, output: Output): void {
    this.writeRange(position, position + 1, output);
  }

  /** Writes the fragments of the units from a position up to another, exclusive, with commas between them. */
  writeRange(start: number, end: number, output: Output): void {
    let position = start;
    while (position < end) {
      const block = this.#blockOf(position);
      const first = position % this.blockSize;
      const last = Math.min(first + end - position, this.blockSize);
      const skippedComma = position === start ? 1 : 0;
      output.writer.copy(block.bytes, at(block.offsets, first) + skippedComma, at(block.offsets, last));
      output.tally.values += at(block.values, last) - at(block.values, first);
      output.tally.objects += at(block.objects, last) - at(block.objects, first);
      assertWithinLimits(output.tally);
      position += last - first;
    }
  }

  #blockOf(position: number): Block {
    const index = Math.floor(position / this.blockSize);
    return (this.#blocks[index] ??= this.#makeBlock(index * this.blockSize));
  }

  #makeBlock(start: number): Block {
    const [offsets, values, objects] = [this.#createCounts(), this.#createCounts(), this.#createCounts()];
    const output: Output = { writer: new ByteWriter(), tally: { values: 0, objects: 0 }, isStored: true };
    const unitCount = this.view.snapshot.units.length;
    for (let index = 0; index < this.blockSize && start + index < unitCount; index += 1) {
      output.writer.comma(false);
      this.emit(start + index, this.view, output);
      offsets[index + 1] = output.writer.length;
      values[index + 1] = output.tally.values;
      objects[index + 1] = output.tally.objects;
    }
    const bytes = Buffer.from(output.writer.toBuffer());
    this.onGrow(bytes.length + BLOCK_OVERHEAD_BYTES);
    return { bytes, offsets, values, objects };
  }

  #createCounts(): Uint32Array {
    return new Uint32Array(this.blockSize + 1);
  }
}

function at(numbers: Uint32Array, index: number): number {
  return numbers[index] as number;
}
