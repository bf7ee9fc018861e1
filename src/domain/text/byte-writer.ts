import { MAX_INTEGER } from './max-integer.ts';

const INITIAL_SIZE = 16_384;
/** Text that is encoded at once: many short pieces cost more to encode one by one than to join. */
const PENDING_LIMIT = 8_192;
/** Longest source that is copied byte by byte: a call of a built-in function takes longer. */
const SHORT_LENGTH = 24;
const ASCII_LIMIT = 0x80;
const MAX_CODE_UNIT_BYTES = 3;
const DIGIT_ZERO = 0x30;

/** Writes a value. */
export type WriteValue<Value> = (value: Value, writer: ByteWriter) => void;

/** A set of ASCII characters: 1 at the code of each. */
export type CharacterSet = Uint8Array;

/** Returns a set of ASCII characters, which may include all control characters. */
export function characterSet(characters: string, includesControls = false): CharacterSet {
  const set = new Uint8Array(ASCII_LIMIT);
  if (includesControls) set.fill(1, 0, 0x20);
  for (const character of characters) set[character.charCodeAt(0)] = 1;
  return set;
}

/** Collects text in UTF-8. */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;
  #pending = '';

  constructor(private readonly expectedSize = INITIAL_SIZE) {
    this.#buffer = Buffer.allocUnsafe(expectedSize);
  }

  get length(): number {
    this.#flush();
    return this.#length;
  }

  /** Adds a byte. */
  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }

  /** Adds all bytes of a source. */
  bytes(source: Uint8Array): void {
    const { length } = source;
    this.#reserve(length);
    if (length > SHORT_LENGTH) this.#buffer.set(source, this.#length);
    else for (let index = 0; index < length; index += 1) this.#buffer[this.#length + index] = source[index] as number;
    this.#length += length;
  }

  /** Adds bytes from a position of a source up to another, exclusive. */
  copy(source: Buffer, start: number, end: number): void {
    this.#reserve(end - start);
    source.copy(this.#buffer, this.#length, start, end);
    this.#length += end - start;
  }

  /** Adds text. */
  text(text: string): void {
    this.#pending += text;
    if (this.#pending.length > PENDING_LIMIT) this.#flush();
  }

  /** Adds a comma, but none before the first item of a list. */
  comma(isFirst = false): void {
    if (!isFirst) this.#pending += ',';
  }

  /**
   * Adds text unless it has an excluded character, or one that is two code units of UTF-16. Otherwise returns false and
   * adds nothing.
   */
  tryText(text: string, excluded: CharacterSet): boolean {
    const { length } = text;
    this.#reserve(length * MAX_CODE_UNIT_BYTES);
    const buffer = this.#buffer;
    let end = this.#length;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code < ASCII_LIMIT) {
        if (excluded[code] === 1) return false;
        buffer[end++] = code;
      } else if (code < 0x800) {
        buffer[end++] = 0xc0 | (code >> 6);
        buffer[end++] = 0x80 | (code & 0x3f);
      } else {
        if (code >= 0xd800 && code < 0xe000) return false;
        buffer[end++] = 0xe0 | (code >> 12);
        buffer[end++] = 0x80 | ((code >> 6) & 0x3f);
        buffer[end++] = 0x80 | (code & 0x3f);
      }
    }
    this.#length = end;
    return true;
  }

  /** Adds a number in decimal. */
  number(value: number): void {
    if (value < 0 || value > MAX_INTEGER || !Number.isInteger(value)) return this.text(String(value));
    let digitCount = 1;
    for (let power = 10; power <= value; power *= 10) digitCount += 1;
    this.#reserve(digitCount);
    let rest = value;
    for (let index = this.#length + digitCount - 1; index >= this.#length; index -= 1) {
      const quotient = Math.floor(rest / 10);
      this.#buffer[index] = DIGIT_ZERO + rest - quotient * 10;
      rest = quotient;
    }
    this.#length += digitCount;
  }

  /** Replaces a byte that has been added. */
  replaceByte(index: number, value: number): void {
    this.#flush();
    this.#buffer[index] = value;
  }

  /** Removes everything after a length. */
  truncate(length: number): void {
    this.#flush();
    this.#length = length;
  }

  /** Returns what has been added. */
  toBuffer(): Buffer {
    this.#flush();
    return this.#buffer.subarray(0, this.#length);
  }

  /** Returns what has been added, and begins again. */
  take(): Buffer {
    const taken = this.toBuffer();
    this.#buffer = Buffer.allocUnsafe(this.expectedSize);
    this.#length = 0;
    return taken;
  }

  /** Makes room for bytes after all that has been added. */
  #reserve(bytes: number): void {
    this.#flush();
    this.#grow(bytes);
  }

  #flush(): void {
    if (this.#pending === '') return;
    this.#grow(this.#pending.length * MAX_CODE_UNIT_BYTES);
    this.#length += this.#buffer.write(this.#pending, this.#length, 'utf8');
    this.#pending = '';
  }

  #grow(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
