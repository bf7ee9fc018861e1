import type { Json } from '../text/canonical-json.ts';
import { dayBefore, type Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';
import { lookUpVersion } from './lookup.ts';
import type { Succession } from './succession.ts';

/** What a unit's versions say, its path left out: that is derived. */
export interface DatedVersion extends Period {
  readonly parentReshId: number | null;
  readonly type: 'ORGANIZATION' | 'DEPARTMENT';
  readonly name: string;
  readonly shortName: string | null;
  readonly designationCode: string | null;
  readonly designationText: string | null;
  readonly organizationNumber: string | null;
  readonly treatmentSiteNumber: string | null;
  readonly responsiblePerson: string | null;
}

/** A code on a unit; attributes are codes as '8451:010'. */
export interface DatedCode extends Period {
  readonly codeSet: number;
  readonly code: string;
  readonly attributes: readonly string[];
}

export interface DatedIdentifier extends Period {
  readonly system: string;
  readonly value: string;
}

export interface DatedName extends Period {
  readonly language: string;
  readonly name: string;
}

export interface DatedAddress extends Period {
  readonly type: string;
  readonly lines: readonly string[];
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly country: string | null;
}

export interface DatedContactPoint extends Period {
  readonly type: string;
  readonly value: string;
}

/** All that is known of a unit over all days, each list in any order. */
export interface DatedUnit {
  readonly versions: readonly DatedVersion[];
  readonly codes: readonly DatedCode[];
  readonly identifiers: readonly DatedIdentifier[];
  readonly names: readonly DatedName[];
  readonly addresses: readonly DatedAddress[];
  readonly contactPoints: readonly DatedContactPoint[];
}

/** What a unit becomes by one succession. */
export type UnitSuccession = Omit<Succession, 'fromReshId'>;

/** What became of a unit by one change, or between two states of the register. */
export const unitChangeKinds = [
  'OPENED',
  'CLOSED',
  'REOPENED',
  'WITHDRAWN',
  'RENAMED',
  'MOVED',
  'RECODED',
  'SITE_CHANGED',
  'MERGED',
  'SPLIT',
  'ENTERED',
  'LEFT',
  'CHANGED',
] as const;
export type UnitChangeKind = (typeof unitChangeKinds)[number];

// A change of a fact is told by this kind; fields are named as clients know them.
const changeKindByField = {
  name: 'RENAMED',
  shortName: 'RENAMED',
  parent: 'MOVED',
  type: 'CHANGED',
  designation: 'CHANGED',
  designationText: 'CHANGED',
  organizationNumber: 'CHANGED',
  treatmentSite: 'SITE_CHANGED',
  responsiblePerson: 'CHANGED',
  codes: 'RECODED',
  identifiers: 'CHANGED',
  internationalNames: 'CHANGED',
  addresses: 'CHANGED',
  contactPoints: 'CHANGED',
} as const satisfies Record<string, UnitChangeKind>;

/** Name of what can differ, as clients know it. */
export type UnitField = keyof typeof changeKindByField;
const unitFields = Object.keys(changeKindByField) as UnitField[];

/** A field before and after, as text; null where the unit is not valid or the field not set. */
export interface FieldChange {
  readonly field: UnitField;
  readonly old: string | null;
  readonly new: string | null;
}

/** What a change did to a unit itself. */
export interface UnitChange {
  readonly reshId: number;
  readonly kinds: readonly UnitChangeKind[];
  /** First day on which before and after differ, or on which it becomes others */
  readonly effectiveOn: Day;
  /** Each field that differs on some day, as on the first day on which it does */
  readonly fields: readonly FieldChange[];
  /**
   * Day on which the unit is shown: `effectiveOn`, or the nearest day on which it is valid, as known after the change, or
   * before it where no days remain; null where it never had any
   */
  readonly seenOn: Day | null;
}

/** A field on a day: `content` tells values apart that read alike. */
interface FieldValue {
  readonly key: string;
  readonly text: string | null;
}

const emptyValue: FieldValue = { key: '', text: null };

/** Each field of a unit on a day, and whether it is valid then. */
interface FieldValues {
  readonly isValid: boolean;
  readonly values: Readonly<Record<UnitField, FieldValue>>;
}

const emptyUnit: DatedUnit = {
  versions: [],
  codes: [],
  identifiers: [],
  names: [],
  addresses: [],
  contactPoints: [],
};
const emptyFieldValues = readFieldValues(emptyUnit, '0001-01-01');

/** Both states on a day. A side that alone is not valid says nothing then, whatever codes and the like its rows still have. */
interface FieldComparison {
  readonly day: Day;
  readonly before: FieldValues;
  readonly after: FieldValues;
}

/** What happens to a unit on a day that is yet to come, as it is known now. */
export interface PlannedChange {
  readonly day: Day;
  readonly isValidBefore: boolean;
  readonly isValid: boolean;
  readonly fields: readonly FieldChange[];
}

/** What is planned for a unit after a day, day by day: facts, codes and the like that change, closings and reopenings. */
export function findPlannedChanges(unit: DatedUnit, after: Day): PlannedChange[] {
  return [...new Set(listBoundaries(unit))]
    .filter((boundary) => boundary > after)
    .sort()
    .map((day) => ({ day, before: readFieldValues(unit, dayBefore(day)), after: readFieldValues(unit, day) }))
    .map((comparison) => ({
      day: comparison.day,
      isValidBefore: comparison.before.isValid,
      isValid: comparison.after.isValid,
      fields: unitFields
        .filter((field) => isDifferent(comparison, field))
        .map((field) => ({
          field,
          old: comparison.before.values[field].text,
          new: comparison.after.values[field].text,
        })),
    }))
    .filter(({ fields }) => fields.length > 0);
}

function listBoundaries(unit: DatedUnit): Day[] {
  return [unit.versions, unit.codes, unit.identifiers, unit.names, unit.addresses, unit.contactPoints].flatMap((list) =>
    list.flatMap(({ from, to }: Period) => (to === null ? [from] : [from, to])),
  );
}

function readFieldValues(unit: DatedUnit, day: Day): FieldValues {
  const version = unit.versions.find((each) => covers(each, day));
  return {
    isValid: version !== undefined,
    values: {
      name: buildScalarValue(version?.name ?? null),
      shortName: buildScalarValue(version?.shortName ?? null),
      parent: buildScalarValue(version?.parentReshId ?? null),
      type: buildScalarValue(version?.type ?? null),
      designation: buildScalarValue(version?.designationCode ?? null),
      designationText: buildScalarValue(version?.designationText ?? null),
      organizationNumber: buildScalarValue(version?.organizationNumber ?? null),
      treatmentSite: buildScalarValue(version?.treatmentSiteNumber ?? null),
      responsiblePerson: buildScalarValue(version?.responsiblePerson ?? null),
      codes: buildListValue(
        unit.codes,
        day,
        ({ codeSet, code, attributes }) => [codeSet, code, attributes],
        ({ codeSet, code, attributes }) =>
          `${codeSet}:${code}${attributes.length === 0 ? '' : ` (${attributes.join(', ')})`}`,
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

/** What of a list holds on a day, in one order, as `8451:010; 8451:020`. */
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
    key: sorted.map(([content]) => content).join(),
    text: sorted.map(([, text]) => text).join('; '),
  };
}

function formatAddress({ type, lines, postalCode, city, country }: DatedAddress): string {
  return `${type}: ${[...lines, [postalCode, city].filter(isPresent).join(' '), country].filter(isPresent).join(', ')}`;
}

function isPresent(text: string | null): text is string {
  return text !== null && text !== '';
}

function isDifferent({ before, after }: FieldComparison, field: UnitField): boolean {
  return before.values[field].key !== after.values[field].key;
}

const kindBySuccession = { MERGE: 'MERGED', SPLIT: 'SPLIT', REPLACEMENT: undefined } as const;

/** What a change superseded and recorded of a unit's successions, none by default. */
interface ChangedSuccessions {
  readonly before: readonly UnitSuccession[];
  readonly after: readonly UnitSuccession[];
}

/**
 * What one change did to one unit.
 *
 * A unit of which only the path changed, or of which rows were cut or joined without saying anything else, was not changed. What
 * became others by the change is MERGED or SPLIT, whether it closes or stays; where all that changes is what replaces a unit, or
 * what it was to become falls away, it is CHANGED.
 *
 * @param before all that was known of the unit before the change, over all days
 * @param after the same as known after it
 * @param successions successions of the unit that the change superseded, and those that it recorded
 * @returns undefined where nothing of the unit itself changed
 */
export function computeUnitChange(
  reshId: number,
  before: DatedUnit,
  after: DatedUnit,
  successions: ChangedSuccessions = { before: [], after: [] },
): UnitChange | undefined {
  const boundaries = [...new Set([...listBoundaries(before), ...listBoundaries(after)])].sort();
  // Between two borders nothing changes, so that each border stands for the days up to the next.
  const comparisons = boundaries.map((day) => compareOn(day, before, after));
  const firstDifferences = unitFields.flatMap((field) => {
    const first = comparisons.find((comparison) => isDifferent(comparison, field));
    return first ? [{ field, first }] : [];
  });
  const addedSuccessions = subtractSuccessions(successions.after, successions.before);
  const days = [
    ...firstDifferences.map(({ first }) => first.day),
    ...[...addedSuccessions, ...subtractSuccessions(successions.before, successions.after)].map(
      ({ effectiveOn }) => effectiveOn,
    ),
  ].sort();
  const [effectiveOn] = days;
  if (effectiveOn === undefined) return undefined;
  const kinds = new Set<UnitChangeKind | undefined>([
    ...classifyChanges(comparisons),
    ...addedSuccessions.map(({ kind }) => kindBySuccession[kind]),
  ]);
  const shownVersions = sortByFirstDay(after.versions.length > 0 ? after.versions : before.versions);
  const sortedKinds = unitChangeKinds.filter((kind) => kinds.has(kind));
  return {
    reshId,
    kinds: sortedKinds.length > 0 ? sortedKinds : ['CHANGED'],
    effectiveOn,
    fields: firstDifferences.map(({ field, first }) => ({
      field,
      old: first.before.values[field].text,
      new: first.after.values[field].text,
    })),
    seenOn: lookUpVersion(shownVersions, true, effectiveOn).found?.seenOn ?? null,
  };
}

function compareOn(day: Day, before: DatedUnit, after: DatedUnit): FieldComparison {
  const [valuesBefore, valuesAfter] = [readFieldValues(before, day), readFieldValues(after, day)];
  if (valuesBefore.isValid === valuesAfter.isValid) return { day, before: valuesBefore, after: valuesAfter };
  return {
    day,
    before: valuesBefore.isValid ? valuesBefore : emptyFieldValues,
    after: valuesAfter.isValid ? valuesAfter : emptyFieldValues,
  };
}

/** Successions of one side that the other does not have just so. */
function subtractSuccessions(
  successions: readonly UnitSuccession[],
  others: readonly UnitSuccession[],
): UnitSuccession[] {
  const otherKeys = new Set(others.map(successionKey));
  return successions.filter((succession) => !otherKeys.has(successionKey(succession)));
}

function successionKey({ toReshId, kind, extent, effectiveOn }: UnitSuccession): string {
  return [toReshId, kind, extent, effectiveOn].join();
}

/** Kinds by the days gained and lost, then by the facts that differ where neither is. */
function classifyChanges(comparisons: readonly FieldComparison[]): UnitChangeKind[] {
  const wasEverValid = comparisons.some(({ before }) => before.isValid);
  const isEverValid = comparisons.some(({ after }) => after.isValid);
  const kinds = new Set<UnitChangeKind>();
  for (const comparison of comparisons) {
    if (comparison.before.isValid !== comparison.after.isValid) {
      if (comparison.after.isValid) kinds.add(wasEverValid ? 'REOPENED' : 'OPENED');
      else kinds.add(isEverValid ? 'CLOSED' : 'WITHDRAWN');
    } else for (const field of unitFields) if (isDifferent(comparison, field)) kinds.add(changeKindByField[field]);
  }
  return unitChangeKinds.filter((kind) => kinds.has(kind));
}

function sortByFirstDay(versions: readonly DatedVersion[]): DatedVersion[] {
  return [...versions].sort((one, other) => (one.from < other.from ? -1 : 1));
}
