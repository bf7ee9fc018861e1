import type { Period } from '../../domain/time/period.ts';
import { formatCodeReference } from '../../domain/unit/code-sets.ts';
import type { UnitCodeRow } from '../read/codes.ts';

/** Values that many units have: each different one is kept once, and has a number. */
export class UnitValues {
  readonly #texts = new NumberedValues<string | null>();
  readonly #periods = new NumberedValues<Period>();
  readonly #codes = new NumberedValues<UnitCodeRow>();
  readonly #codeLists = new NumberedValues<readonly UnitCodeRow[]>();

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

  addCodes(codes: readonly UnitCodeRow[]): number {
    const numbers = codes.map((code) => this.#addCode(code));
    return this.#codeLists.add(
      numbers.join(' '),
      numbers.map((number) => this.#codes.at(number)),
    );
  }

  #addCode(code: UnitCodeRow): number {
    const { validFrom, validTo, attributes } = code;
    return this.#codes.add([formatCodeReference(code), validFrom, validTo, ...attributes].join(' '), code);
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

  at(number: number): Value {
    return this.#values[number] as Value;
  }
}
