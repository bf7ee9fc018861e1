const outsideLatin1 = /[^\0-\xff]/;

/** Texts as bytes, which take less memory than strings. They never change. */
export class PackedTexts {
  readonly #bytes: Buffer;
  readonly #encoding: 'latin1' | 'utf16le';
  /** Start of each text, in bytes, and the end of the last one */
  readonly #offsets: Uint32Array;

  constructor(texts: readonly string[]) {
    const joined = texts.join('');
    this.#encoding = outsideLatin1.test(joined) ? 'utf16le' : 'latin1';
    this.#bytes = Buffer.from(joined, this.#encoding);
    const bytesPerCodeUnit = this.#encoding === 'latin1' ? 1 : 2;
    this.#offsets = new Uint32Array(texts.length + 1);
    let offset = 0;
    for (const [index, text] of texts.entries()) {
      offset += text.length * bytesPerCodeUnit;
      this.#offsets[index + 1] = offset;
    }
  }

  get length(): number {
    return this.#offsets.length - 1;
  }

  at(index: number): string {
    return this.#bytes.toString(this.#encoding, this.#offsets[index], this.#offsets[index + 1]);
  }

  /** Returns the texts from one up to another, exclusive. */
  slice(start: number, end: number): string[] {
    return Array.from({ length: end - start }, (_each, index) => this.at(start + index));
  }
}
