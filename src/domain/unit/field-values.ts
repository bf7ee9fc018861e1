import { FIRST_DAY, type Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';
import { factFields, factNames, type FactField, type FactName, type UnitChangeKind, type UnitFacts } from './facts.ts';
import { emptyDatedUnit, type DatedUnit, type UnitListValues } from './state.ts';

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

type FactTypes = {
  readonly [Fact in FactName as (typeof factFields)[Fact]['field']]: NonNullable<UnitFacts[Fact]>;
};

/** The type of each field: of a fact, or of the entries of a list. */
interface FieldTypes extends FactTypes {
  readonly codes: readonly UnitListValues['codes'][];
  readonly identifiers: readonly UnitListValues['identifiers'][];
  readonly internationalNames: readonly UnitListValues['names'][];
  readonly addresses: readonly UnitListValues['addresses'][];
  readonly contactPoints: readonly UnitListValues['contactPoints'][];
}

/** The value of a field: the parent by its RESH-id, the designation by its code, the treatment site by its number. */
export type FieldValue = {
  readonly [Field in UnitField]: { readonly field: Field; readonly value: FieldTypes[Field] };
}[UnitField];

/** A field before and after; null if the unit is not valid or the field not set. */
export interface FieldChange {
  readonly field: UnitField;
  readonly before: FieldValue | null;
  readonly after: FieldValue | null;
}

/** A value, with a text that differs for different values. */
interface ComparableValue {
  readonly key: string;
  readonly value: FieldValue | null;
}

const emptyValue: ComparableValue = { key: '', value: null };

/** Each field of a unit on a day, and whether the unit is valid then. */
export interface FieldValues {
  readonly isValid: boolean;
  readonly values: Readonly<Record<UnitField, ComparableValue>>;
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
    factNames.map((name) => [factFields[name].field, buildFactValue(factFields[name].field, version?.[name] ?? null)]),
  ) as Record<FactField, ComparableValue>;
  return {
    isValid: version !== undefined,
    values: {
      ...factValues,
      codes: buildListValue('codes', unit.codes, day, ({ codeSet, code, attributes }) => ({
        codeSet,
        code,
        attributes,
      })),
      identifiers: buildListValue('identifiers', unit.identifiers, day, ({ system, value }) => ({ system, value })),
      internationalNames: buildListValue('internationalNames', unit.names, day, ({ language, name }) => ({
        language,
        name,
      })),
      addresses: buildListValue('addresses', unit.addresses, day, ({ type, lines, postalCode, city, country }) => ({
        type,
        lines,
        postalCode,
        city,
        country,
      })),
      contactPoints: buildListValue('contactPoints', unit.contactPoints, day, ({ type, value }) => ({ type, value })),
    },
  };
}

function buildFactValue(field: FactField, value: UnitFacts[FactName]): ComparableValue {
  return value === null ? emptyValue : { key: JSON.stringify(value), value: { field, value } as FieldValue };
}

/** Returns the entries of a list on a day, sorted by their values. */
function buildListValue<Item extends Period>(
  field: keyof typeof listKinds,
  items: readonly Item[],
  day: Day,
  selectValue: (item: Item) => object,
): ComparableValue {
  const valueByKey = new Map(
    items
      .filter((item) => covers(item, day))
      .map(selectValue)
      .map((value) => [JSON.stringify(Object.values(value)), value]),
  );
  if (valueByKey.size === 0) return emptyValue;
  const sorted = [...valueByKey].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    key: sorted.map(([key]) => key).join(),
    value: { field, value: sorted.map(([, value]) => value) } as FieldValue,
  };
}

/** Returns the fields with other values after than before. */
export function findDifferentFields({ before, after }: FieldComparison): UnitField[] {
  return unitFields.filter((field) => before.values[field].key !== after.values[field].key);
}

/** Returns a field of both states. */
export function toFieldChange({ before, after }: FieldComparison, field: UnitField): FieldChange {
  return { field, before: before.values[field].value, after: after.values[field].value };
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
