import type { Period } from '../../domain/time/period.ts';
import { formatCodeReference } from '../../domain/unit/code-sets.ts';
import type { CodeRow, UnitCodeRow } from '../read/codes.ts';

/** Values by which those of a snapshot may grow, beside its own number. */
const GROWTH_LIMIT = 10_000;

/** Values that many units have: each different one is kept once, and has a number. */
export class UnitValues {
  readonly #texts = new NumberedValues<string | null>();
  readonly #periods = new NumberedValues<Period>();
  readonly #codes = new Map<string, UnitCodeRow>();
  readonly #codeNumbers = new Map<UnitCodeRow, number>();
  readonly #codeLists = new NumberedValues<readonly UnitCodeRow[]>();

  #sizeAfterReading = 0;

  /** Remembers how many values there are after all units have been read. */
  noteAllRead(): void {
    this.#sizeAfterReading = this.#size;
  }

  /** Whether many values have been added since all units were read: some are used by no unit any more. */
  get hasGrown(): boolean {
    return this.#size > 2 * this.#sizeAfterReading + GROWTH_LIMIT;
  }

  get #size(): number {
    return this.#texts.size + this.#periods.size + this.#codes.size + this.#codeLists.size;
  }

  addText(text: string | null): number {
    return this.#texts.add(text, text);
  }

  textAt(number: number): string | null {
    return this.#texts.at(number);
  }

  addPeriod(period: Period): number {
    return this.#periods.add(`${period.from} ${period.to}`, period);
  }

  periodAt(number: number): Period {
    return this.#periods.at(number);
  }

  /**
   * Returns a code that units have, the same object for the same attributes and days.
   *
   * @param row of the same code
   */
  shareCode(row: CodeRow, { attributes, from, to }: Period & Pick<UnitCodeRow, 'attributes'>): UnitCodeRow {
    const key = [formatCodeReference(row), from, to, ...attributes].join(' ');
    const known = this.#codes.get(key);
    if (known) return known;
    const code = { ...row, attributes, validFrom: from, validTo: to };
    this.#codes.set(key, code);
    this.#codeNumbers.set(code, this.#codeNumbers.size);
    return code;
  }

  /**
   * @param codes that are shared
   * @throws if one is not
   */
  addCodes(codes: readonly UnitCodeRow[]): number {
    const numbers = codes.map((code) => this.#codeNumbers.get(code));
    if (numbers.includes(undefined)) throw new Error('A code of a unit is not a shared one.');
    return this.#codeLists.add(numbers.join(' '), codes);
  }

  codesAt(number: number): readonly UnitCodeRow[] {
    return this.#codeLists.at(number);
  }
}

/** Different values, numbered. */
class NumberedValues<Value> {
  readonly #numbers = new Map<string | null, number>();
  readonly #values: Value[] = [];

  /**
   * Returns the number of a value, which is added if it is new.
   *
   * @param key the same for equal values only
   */
  add(key: string | null, value: Value): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#values.length);
    return this.#values.push(value) - 1;
  }

  get size(): number {
    return this.#values.length;
  }

  at(number: number): Value {
    return this.#values[number] as Value;
  }
}
