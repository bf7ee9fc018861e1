import { factColumns, type SnapshotUnit } from './snapshot-unit.ts';
import { noDetails, type UnitDetails } from './unit-details.ts';
import type { UnitValues } from './unit-values.ts';

/** A property that is kept as a number. */
interface NumberColumn<Value> {
  readonly toNumber: (value: Value, values: UnitValues) => number;
  readonly toValue: (number: number, values: UnitValues) => Value;
}

/** RESH-id of no unit. */
const NO_UNIT = 0;

const textColumn: NumberColumn<string | null> = {
  toNumber: (text, values) => values.addText(text),
  toValue: (number, values) => values.textAt(number),
};
const periodColumn: NumberColumn<SnapshotUnit['validity']> = {
  toNumber: (period, values) => values.addPeriod(period),
  toValue: (number, values) => values.periodAt(number),
};

type NumberName =
  | ('reshId' | 'parentReshId')
  | ('type' | 'designationCode' | 'designationText' | 'treatmentSiteNumber')
  | ('codes' | 'validity' | 'placed');

const numberColumns: { readonly [Name in NumberName]: NumberColumn<SnapshotUnit[Name]> } = {
  reshId: { toNumber: (reshId) => reshId, toValue: (number) => number },
  parentReshId: {
    toNumber: (reshId) => reshId ?? NO_UNIT,
    toValue: (number) => (number === NO_UNIT ? null : number),
  },
  type: textColumn as NumberColumn<SnapshotUnit['type']>,
  designationCode: textColumn,
  designationText: textColumn,
  treatmentSiteNumber: textColumn,
  codes: {
    toNumber: (codes, values) => values.addCodes(codes),
    toValue: (number, values) => values.codesAt(number),
  },
  validity: periodColumn,
  placed: periodColumn,
};

type TextName = Exclude<keyof typeof factColumns, NumberName>;

const numberNames = Object.keys(numberColumns) as NumberName[];
const textNames = Object.keys(factColumns).filter((name) => !(name in numberColumns)) as TextName[];

/** Place after the numbers of a unit, for a bit for each of its texts: 1 if it is null. */
const NULL_TEXTS = numberNames.length;
const NUMBERS_PER_UNIT = NULL_TEXTS + 1;
/** Between the texts of a unit, the last of which is its details; PostgreSQL does not store it in texts. */
const SEPARATOR = '\0';

const outsideLatin1 = /[^\0-\xff]/;

/** Units of a block from one up to another, exclusive. */
export interface UnitRange {
  readonly block: UnitBlock;
  readonly start: number;
  readonly end: number;
}

/** Returns all units of a block. */
export function wholeBlock(block: UnitBlock): UnitRange {
  return { block, start: 0, end: block.length };
}

/** Units that follow each other, in few objects and little memory: their texts are bytes, all else is numbers. */
export class UnitBlock {
  readonly length: number;
  readonly #numbers: Int32Array;
  readonly #texts: Buffer;
  readonly #encoding: 'latin1' | 'utf16le';
  /** Start of the texts of each unit, in bytes, and the end of the last one */
  readonly #offsets: Uint32Array;

  private constructor(
    readonly values: UnitValues,
    numbers: Int32Array,
    texts: readonly string[],
  ) {
    this.length = texts.length;
    this.#numbers = numbers;
    const joined = texts.join('');
    this.#encoding = outsideLatin1.test(joined) ? 'utf16le' : 'latin1';
    this.#texts = Buffer.from(joined, this.#encoding);
    const bytesPerCodeUnit = this.#encoding === 'latin1' ? 1 : 2;
    this.#offsets = new Uint32Array(texts.length + 1);
    let offset = 0;
    for (const [index, text] of texts.entries()) {
      offset += text.length * bytesPerCodeUnit;
      this.#offsets[index + 1] = offset;
    }
  }

  /** @param values receives the values that units share */
  static create(units: readonly SnapshotUnit[], values: UnitValues): UnitBlock {
    const numbers = new Int32Array(units.length * NUMBERS_PER_UNIT);
    for (const [index, unit] of units.entries()) numbers.set(toNumbers(unit, values), index * NUMBERS_PER_UNIT);
    return new UnitBlock(values, numbers, units.map(joinTexts));
  }

  /** Returns a block with the units of ranges, one after the other; their blocks have the same values. */
  static join(ranges: readonly UnitRange[], values: UnitValues): UnitBlock {
    const length = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
    const numbers = new Int32Array(length * NUMBERS_PER_UNIT);
    const texts: string[] = [];
    for (const { block, start, end } of ranges) {
      const numbersOfRange = block.#numbers.subarray(start * NUMBERS_PER_UNIT, end * NUMBERS_PER_UNIT);
      numbers.set(numbersOfRange, texts.length * NUMBERS_PER_UNIT);
      for (let index = start; index < end; index += 1) texts.push(block.textsAt(index));
    }
    return new UnitBlock(values, numbers, texts);
  }

  unitAt(index: number): SnapshotUnit {
    return new BlockUnit(this, index) as unknown as SnapshotUnit;
  }

  numberAt(index: number, column: number): number {
    return this.#numbers[index * NUMBERS_PER_UNIT + column] as number;
  }

  textsAt(index: number): string {
    return this.#texts.toString(this.#encoding, this.#offsets[index], this.#offsets[index + 1]);
  }
}

function toNumbers(unit: SnapshotUnit, values: UnitValues): number[] {
  const numbers = numberNames.map((name) => toNumber(unit, name, values));
  numbers.push(textNames.reduce((bits, name, bit) => (unit[name] === null ? bits | (1 << bit) : bits), 0));
  return numbers;
}

function toNumber<Name extends NumberName>(unit: SnapshotUnit, name: Name, values: UnitValues): number {
  return numberColumns[name].toNumber(unit[name], values);
}

function joinTexts(unit: SnapshotUnit): string {
  const texts = textNames.map((name) => unit[name] ?? '');
  texts.push(unit.details === noDetails ? '' : JSON.stringify(unit.details));
  return texts.join(SEPARATOR);
}

/** A unit whose properties are read from its block, each when it is used. */
class BlockUnit {
  readonly #block: UnitBlock;
  readonly #index: number;
  #texts: readonly string[] | undefined;

  static {
    for (const [column, name] of numberNames.entries()) {
      const { toValue } = numberColumns[name];
      BlockUnit.#define(name, (unit) => toValue(unit.#block.numberAt(unit.#index, column), unit.#block.values));
    }
    for (const [place, name] of textNames.entries()) BlockUnit.#define(name, (unit) => unit.#textAt(place));
    BlockUnit.#define('details', (unit) => unit.#readDetails());
  }

  static #define(name: keyof SnapshotUnit, read: (unit: BlockUnit) => unknown): void {
    Object.defineProperty(this.prototype, name, {
      get(this: BlockUnit) {
        return read(this);
      },
    });
  }

  constructor(block: UnitBlock, index: number) {
    this.#block = block;
    this.#index = index;
  }

  #textAt(place: number): string | null {
    const text = this.#listTexts()[place] as string;
    const isNull = text === '' && (this.#block.numberAt(this.#index, NULL_TEXTS) & (1 << place)) !== 0;
    return isNull ? null : text;
  }

  #readDetails(): UnitDetails {
    const details = this.#listTexts()[textNames.length] as string;
    return details === '' ? noDetails : (JSON.parse(details) as UnitDetails);
  }

  #listTexts(): readonly string[] {
    return (this.#texts ??= this.#block.textsAt(this.#index).split(SEPARATOR));
  }
}
