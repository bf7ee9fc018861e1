import { PackedTexts } from './packed-texts.ts';
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

/** Read more often than other texts, to compare units. */
const SORT_KEY = 'nameSortKey';
type TextName = Exclude<keyof typeof factColumns, NumberName | typeof SORT_KEY>;

const numberNames = Object.keys(numberColumns) as NumberName[];
const textNames = Object.keys(factColumns).filter(
  (name) => !(name in numberColumns) && name !== SORT_KEY,
) as TextName[];

const numberIndexes = indexByName(numberNames);
const textIndexes = indexByName(textNames);

function indexByName<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, index) => [name, index])) as Record<Name, number>;
}

/** Place after the numbers of a unit, for a bit for each of its texts: 1 if it is null. */
const NULL_TEXTS = numberNames.length;
const NUMBERS_PER_UNIT = NULL_TEXTS + 1;
/** Between the texts of a unit, and before its details; PostgreSQL does not store it in texts. */
const SEPARATOR = '\0';

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
  private constructor(
    readonly values: UnitValues,
    private readonly numbers: Int32Array,
    private readonly sortKeys: PackedTexts,
    /** Of each unit, joined */
    private readonly texts: PackedTexts,
  ) {}

  /** @param values receives the values that units share */
  static create(units: readonly SnapshotUnit[], values: UnitValues): UnitBlock {
    const numbers = new Int32Array(units.length * NUMBERS_PER_UNIT);
    for (const [index, unit] of units.entries()) numbers.set(toNumbers(unit, values), index * NUMBERS_PER_UNIT);
    const sortKeys = new PackedTexts(units.map(({ nameSortKey }) => nameSortKey));
    return new UnitBlock(values, numbers, sortKeys, new PackedTexts(units.map(joinTexts)));
  }

  /** Returns a block with the units of ranges, one after the other; their blocks have the same values. */
  static join(ranges: readonly UnitRange[], values: UnitValues): UnitBlock {
    const count = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
    const numbers = new Int32Array(count * NUMBERS_PER_UNIT);
    let next = 0;
    for (const { block, start, end } of ranges) {
      numbers.set(block.numbers.subarray(start * NUMBERS_PER_UNIT, end * NUMBERS_PER_UNIT), next);
      next += (end - start) * NUMBERS_PER_UNIT;
    }
    const sortKeys = ranges.flatMap(({ block, start, end }) => block.sortKeys.slice(start, end));
    const texts = ranges.flatMap(({ block, start, end }) => block.texts.slice(start, end));
    return new UnitBlock(values, numbers, new PackedTexts(sortKeys), new PackedTexts(texts));
  }

  get length(): number {
    return this.texts.length;
  }

  unitAt(index: number): SnapshotUnit {
    return new BlockUnit(this, index);
  }

  numberAt(index: number, column: number): number {
    return this.numbers[index * NUMBERS_PER_UNIT + column] as number;
  }

  sortKeyAt(index: number): string {
    return this.sortKeys.at(index);
  }

  textsAt(index: number): readonly string[] {
    return this.texts.at(index).split(SEPARATOR);
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
class BlockUnit implements SnapshotUnit {
  readonly #block: UnitBlock;
  readonly #index: number;
  #texts: readonly string[] | undefined;

  constructor(block: UnitBlock, index: number) {
    this.#block = block;
    this.#index = index;
  }

  // Written out: getters that look up their column by name make an extract a tenth slower.
  get reshId() {
    return numberColumns.reshId.toValue(this.#numberAt(numberIndexes.reshId), this.#block.values);
  }
  get parentReshId() {
    return numberColumns.parentReshId.toValue(this.#numberAt(numberIndexes.parentReshId), this.#block.values);
  }
  get type() {
    return numberColumns.type.toValue(this.#numberAt(numberIndexes.type), this.#block.values);
  }
  get designationCode() {
    return numberColumns.designationCode.toValue(this.#numberAt(numberIndexes.designationCode), this.#block.values);
  }
  get designationText() {
    return numberColumns.designationText.toValue(this.#numberAt(numberIndexes.designationText), this.#block.values);
  }
  get treatmentSiteNumber() {
    const number = this.#numberAt(numberIndexes.treatmentSiteNumber);
    return numberColumns.treatmentSiteNumber.toValue(number, this.#block.values);
  }
  get codes() {
    return numberColumns.codes.toValue(this.#numberAt(numberIndexes.codes), this.#block.values);
  }
  get validity() {
    return numberColumns.validity.toValue(this.#numberAt(numberIndexes.validity), this.#block.values);
  }
  get placed() {
    return numberColumns.placed.toValue(this.#numberAt(numberIndexes.placed), this.#block.values);
  }

  get nameSortKey() {
    return this.#block.sortKeyAt(this.#index);
  }
  get name() {
    return this.#textAt(textIndexes.name) ?? '';
  }
  get shortName() {
    return this.#textAt(textIndexes.shortName);
  }
  get organizationNumber() {
    return this.#textAt(textIndexes.organizationNumber);
  }
  get responsiblePerson() {
    return this.#textAt(textIndexes.responsiblePerson);
  }
  get details(): UnitDetails {
    const details = this.#listTexts()[textNames.length] as string;
    return details === '' ? noDetails : (JSON.parse(details) as UnitDetails);
  }

  #numberAt(column: number): number {
    return this.#block.numberAt(this.#index, column);
  }

  #textAt(index: number): string | null {
    const text = this.#listTexts()[index] as string;
    const isNull = text === '' && (this.#numberAt(NULL_TEXTS) & (1 << index)) !== 0;
    return isNull ? null : text;
  }

  #listTexts(): readonly string[] {
    return (this.#texts ??= this.#block.textsAt(this.#index));
  }
}
