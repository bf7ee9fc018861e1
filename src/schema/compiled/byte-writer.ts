const INITIAL_SIZE = 16_384;

/** Collects the bytes of a response. */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(expectedSize = INITIAL_SIZE) {
    this.#buffer = Buffer.allocUnsafe(expectedSize);
  }

  get length(): number {
    return this.#length;
  }

  /** Adds bytes from a position of a source up to another, exclusive. */
  copy(source: Buffer, start: number, end: number): void {
    this.#reserve(end - start);
    source.copy(this.#buffer, this.#length, start, end);
    this.#length += end - start;
  }

  /** Adds text. */
  text(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#buffer.write(text, this.#length, 'utf8');
  }

  /** Adds a comma between two items: none before the first. */
  comma(isFirst: boolean): void {
    if (isFirst) return;
    this.#reserve(1);
    this.#buffer[this.#length] = COMMA;
    this.#length += 1;
  }

  toBuffer(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

const COMMA = 0x2c;
