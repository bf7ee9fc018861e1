/** Values that many units have, each with a number: equal values are kept once. */
export class SharedValues<Key, Value> {
  readonly #numbers = new Map<Key, number>();
  readonly #values: Value[] = [];

  /**
   * Returns the number of a value, which is added if it is new.
   *
   * @param key the same for equal values only
   */
  add(key: Key, value: Value): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#values.length);
    return this.#values.push(value) - 1;
  }

  at(number: number): Value {
    return this.#values[number] as Value;
  }
}
