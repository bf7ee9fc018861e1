import { findLowerBound } from '../lower-bound.ts';

/** A list of integers that only grows, in less memory than an array. */
export class GrowingList {
  #values = new Int32Array(2);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get last(): number | undefined {
    return this.#length === 0 ? undefined : this.#values[this.#length - 1];
  }

  at(index: number): number {
    return this.#values[index] as number;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(Math.ceil(this.#length * GROWTH));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  indexesOf(value: number): number[] {
    const values = this.#values.subarray(0, this.#length);
    const indexes: number[] = [];
    for (let index = values.indexOf(value); index >= 0; index = values.indexOf(value, index + 1)) indexes.push(index);
    return indexes;
  }

  /** Returns the values from a bound on; the list must be in ascending order. */
  from(bound: number): Int32Array {
    const start = bound <= 0 ? 0 : findLowerBound(this.#length, (index) => this.at(index) < bound);
    return this.#values.subarray(start, this.#length);
  }
}

const GROWTH = 1.5;
