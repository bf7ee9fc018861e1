import type { Json } from '../text/canonical-json.ts';
import { FIRST_DAY, type Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';
import { factFields, factNames, type FactField, type UnitChangeKind } from './facts.ts';
import { emptyDatedUnit, type DatedAddress, type DatedCode, type DatedUnit } from './state.ts';

const listKinds = {
  codes: 'RECODED',
  identifiers: 'CHANGED',
  internationalNames: 'CHANGED',
  addresses: 'CHANGED',
  contactPoints: 'CHANGED',
} as const satisfies Record<string, UnitChangeKind>;

/** Name of a fact or list in the API. */
export type UnitField = FactField | keyof typeof listKinds;

/** The kind of change that a new value of each field is. */
export const changeKindByField = {
  ...Object.fromEntries(Object.values(factFields).map(({ field, kind }) => [field, kind])),
  ...listKinds,
} as Readonly<Record<UnitField, UnitChangeKind>>;
export const unitFields = Object.keys(changeKindByField) as readonly UnitField[];

/** A field before and after, as text; null if the unit is not valid or the field not set. */
export interface FieldChange {
  readonly field: UnitField;
  readonly old: string | null;
  readonly new: string | null;
}

/** A field on a day; `key` differs for values with the same text. */
interface FieldValue {
  readonly key: string;
  readonly text: string | null;
}

const emptyValue: FieldValue = { key: '', text: null };

/** Each field of a unit on a day, and whether the unit is valid then. */
export interface FieldValues {
  readonly isValid: boolean;
  readonly values: Readonly<Record<UnitField, FieldValue>>;
}

/** Both states of a unit on a day. */
export interface FieldComparison {
  readonly day: Day;
  readonly before: FieldValues;
  readonly after: FieldValues;
}

export const emptyFieldValues: FieldValues = readFieldValues(emptyDatedUnit, FIRST_DAY);

/** Returns every field of a unit on a day. */
export function readFieldValues(unit: DatedUnit, day: Day): FieldValues {
  const version = unit.versions.find((each) => covers(each, day));
  const factValues = Object.fromEntries(
    factNames.map((name) => [factFields[name].field, buildScalarValue(version?.[name] ?? null)]),
  ) as Record<FactField, FieldValue>;
  return {
    isValid: version !== undefined,
    values: {
      ...factValues,
      codes: buildListValue(
        unit.codes,
        day,
        ({ codeSet, code, attributes }) => [codeSet, code, attributes],
        formatUnitCode,
      ),
      identifiers: buildListValue(
        unit.identifiers,
        day,
        ({ system, value }) => [system, value],
        ({ system, value }) => `${system} ${value}`,
      ),
      internationalNames: buildListValue(
        unit.names,
        day,
        ({ language, name }) => [language, name],
        ({ language, name }) => `${language}: ${name}`,
      ),
      addresses: buildListValue(
        unit.addresses,
        day,
        ({ type, lines, postalCode, city, country }) => [type, lines, postalCode, city, country],
        formatAddress,
      ),
      contactPoints: buildListValue(
        unit.contactPoints,
        day,
        ({ type, value }) => [type, value],
        ({ type, value }) => `${type}: ${value}`,
      ),
    },
  };
}

function buildScalarValue(value: string | number | null): FieldValue {
  return value === null ? emptyValue : { key: JSON.stringify(value), text: String(value) };
}

/** Returns the entries of a list on a day, sorted: `8451:010; 8451:020`. */
function buildListValue<Item extends Period>(
  items: readonly Item[],
  day: Day,
  selectKey: (item: Item) => Json,
  formatItem: (item: Item) => string,
): FieldValue {
  const textByKey = new Map(
    items.filter((item) => covers(item, day)).map((item) => [JSON.stringify(selectKey(item)), formatItem(item)]),
  );
  if (textByKey.size === 0) return emptyValue;
  const sorted = [...textByKey].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    key: sorted.map(([key]) => key).join(),
    text: sorted.map(([, text]) => text).join('; '),
  };
}

function formatUnitCode({ codeSet, code, attributes }: DatedCode): string {
  const codeText = `${codeSet}:${code}`;
  return attributes.length === 0 ? codeText : `${codeText} (${attributes.join(', ')})`;
}

function formatAddress({ type, lines, postalCode, city, country }: DatedAddress): string {
  const town = [postalCode, city].filter(isPresent).join(' ');
  return `${type}: ${[...lines, town, country].filter(isPresent).join(', ')}`;
}

function isPresent(text: string | null): text is string {
  return text !== null && text !== '';
}

/** Returns the fields with other values after than before. */
export function findDifferentFields({ before, after }: FieldComparison): UnitField[] {
  return unitFields.filter((field) => before.values[field].key !== after.values[field].key);
}

/** Returns a field of both states as text. */
export function toFieldChange({ before, after }: FieldComparison, field: UnitField): FieldChange {
  return { field, old: before.values[field].text, new: after.values[field].text };
}

/** Returns every day on which a row of a unit begins or ends, in order. */
export function listBoundaries(...units: readonly DatedUnit[]): Day[] {
  const periods = units.flatMap((unit): readonly Period[] => [
    ...unit.versions,
    ...unit.codes,
    ...unit.identifiers,
    ...unit.names,
    ...unit.addresses,
    ...unit.contactPoints,
  ]);
  return [...new Set(periods.flatMap(({ from, to }) => (to === null ? [from] : [from, to])))].sort();
}
