/** Most characters of documents in a cache. Parsed or compiled, a character takes 50 to 350 bytes. */
export const DOCUMENT_CHARACTER_LIMIT = 250_000;

interface Entry<Value> {
  readonly value: Value;
  readonly size: number;
}

/** Values by key. Beyond a total size, those that have not been used for longest are dropped. */
export class BoundedCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  #newest: Entry<Value> | undefined;
  #size = 0;

  /** @param sizeLimit greatest sum of the sizes of all values */
  constructor(private readonly sizeLimit: number) {}

  /** Returns the value of a key; undefined if there is none. */
  find(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (entry === this.#newest) return entry.value;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#newest = entry;
    return entry.value;
  }

  /** Sets the value of a key, unless it is larger than the limit by itself. */
  store(key: string, value: Value, size: number): void {
    this.#drop(key);
    if (size > this.sizeLimit) return;
    this.#newest = { value, size };
    this.#entries.set(key, this.#newest);
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.sizeLimit) return;
      this.#drop(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#newest = undefined;
    this.#size = 0;
  }

  /** Returns the value of a key, which is made and stored if there is none. */
  findOrMake(key: string, size: number, make: () => Value): Value {
    const known = this.find(key);
    if (known !== undefined) return known;
    const value = make();
    this.store(key, value, size);
    return value;
  }

  #drop(key: string): void {
    this.#size -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }
}
