const INITIAL_SIZE = 16_384;
/** Text that is written at once: many short pieces cost more to encode one by one than to join. */
const PENDING_LIMIT = 8_192;

/** Collects the bytes of a response. */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;
  #pending = '';

  constructor(expectedSize = INITIAL_SIZE) {
    this.#buffer = Buffer.allocUnsafe(expectedSize);
  }

  get length(): number {
    this.#flush();
    return this.#length;
  }

  /** Adds bytes from a position of a source up to another, exclusive. */
  copy(source: Buffer, start: number, end: number): void {
    this.#flush();
    this.#reserve(end - start);
    source.copy(this.#buffer, this.#length, start, end);
    this.#length += end - start;
  }

  /** Adds text. */
  text(text: string): void {
    this.#pending += text;
    if (this.#pending.length > PENDING_LIMIT) this.#flush();
  }

  /** Adds a comma between two items: none before the first. */
  comma(isFirst: boolean): void {
    if (!isFirst) this.#pending += ',';
  }

  toBuffer(): Buffer {
    this.#flush();
    return this.#buffer.subarray(0, this.#length);
  }

  #flush(): void {
    if (this.#pending === '') return;
    this.#reserve(this.#pending.length * 3);
    this.#length += this.#buffer.write(this.#pending, this.#length, 'utf8');
    this.#pending = '';
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
