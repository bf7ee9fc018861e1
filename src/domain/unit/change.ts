import type { Json } from '../text/canonical-json.ts';
import { dayBefore, type Day } from '../time/day.ts';
import { lookUp } from './lookup.ts';
import { covers, type Period } from '../time/period.ts';
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
const kindOfField = {
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
export type UnitField = keyof typeof kindOfField;
const unitFields = Object.keys(kindOfField) as UnitField[];

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
interface Value {
  readonly content: string;
  readonly text: string | null;
}

const nothing: Value = { content: '', text: null };

const scalar = (value: string | number | null): Value =>
  value === null ? nothing : { content: JSON.stringify(value), text: String(value) };

/** What of a list holds on a day, in one order, as `8451:010; 8451:020`. */
const listed = <Item extends Period>(
  items: readonly Item[],
  day: Day,
  contentOf: (item: Item) => Json,
  textOf: (item: Item) => string,
): Value => {
  const held = new Map(
    items.filter((item) => covers(item, day)).map((item) => [JSON.stringify(contentOf(item)), textOf(item)]),
  );
  if (held.size === 0) return nothing;
  const sorted = [...held].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    content: sorted.map(([content]) => content).join(),
    text: sorted.map(([, text]) => text).join('; '),
  };
};

const present = (text: string | null): text is string => text !== null && text !== '';

const addressText = ({ type, lines, postalCode, city, country }: DatedAddress): string =>
  `${type}: ${[...lines, [postalCode, city].filter(present).join(' '), country].filter(present).join(', ')}`;

/** Each field of a unit on a day, and whether it is valid then. */
interface Told {
  readonly isValid: boolean;
  readonly values: Readonly<Record<UnitField, Value>>;
}

const toldOn = (unit: DatedUnit, day: Day): Told => {
  const version = unit.versions.find((each) => covers(each, day));
  return {
    isValid: version !== undefined,
    values: {
      name: scalar(version?.name ?? null),
      shortName: scalar(version?.shortName ?? null),
      parent: scalar(version?.parentReshId ?? null),
      type: scalar(version?.type ?? null),
      designation: scalar(version?.designationCode ?? null),
      designationText: scalar(version?.designationText ?? null),
      organizationNumber: scalar(version?.organizationNumber ?? null),
      treatmentSite: scalar(version?.treatmentSiteNumber ?? null),
      responsiblePerson: scalar(version?.responsiblePerson ?? null),
      codes: listed(
        unit.codes,
        day,
        ({ codeSet, code, attributes }) => [codeSet, code, attributes],
        ({ codeSet, code, attributes }) =>
          `${codeSet}:${code}${attributes.length === 0 ? '' : ` (${attributes.join(', ')})`}`,
      ),
      identifiers: listed(
        unit.identifiers,
        day,
        ({ system, value }) => [system, value],
        ({ system, value }) => `${system} ${value}`,
      ),
      internationalNames: listed(
        unit.names,
        day,
        ({ language, name }) => [language, name],
        ({ language, name }) => `${language}: ${name}`,
      ),
      addresses: listed(
        unit.addresses,
        day,
        ({ type, lines, postalCode, city, country }) => [type, lines, postalCode, city, country],
        addressText,
      ),
      contactPoints: listed(
        unit.contactPoints,
        day,
        ({ type, value }) => [type, value],
        ({ type, value }) => `${type}: ${value}`,
      ),
    },
  };
};

const emptyUnit: DatedUnit = {
  versions: [],
  codes: [],
  identifiers: [],
  names: [],
  addresses: [],
  contactPoints: [],
};
const nowhere = toldOn(emptyUnit, '0001-01-01');

const bordersOf = (unit: DatedUnit): Day[] =>
  [unit.versions, unit.codes, unit.identifiers, unit.names, unit.addresses, unit.contactPoints].flatMap((list) =>
    list.flatMap(({ from, to }: Period) => (to === null ? [from] : [from, to])),
  );

/** Both states on a day. A side that alone is not valid says nothing then, whatever codes and the like its rows still have. */
interface Sides {
  readonly day: Day;
  readonly before: Told;
  readonly after: Told;
}

const sidesOn = (day: Day, before: DatedUnit, after: DatedUnit): Sides => {
  const [was, is] = [toldOn(before, day), toldOn(after, day)];
  if (was.isValid === is.isValid) return { day, before: was, after: is };
  return { day, before: was.isValid ? was : nowhere, after: is.isValid ? is : nowhere };
};

const differs = ({ before, after }: Sides, field: UnitField): boolean =>
  before.values[field].content !== after.values[field].content;

/** Kinds by the days gained and lost, then by the facts that differ where neither is. */
const kindsOf = (sides: readonly Sides[]): UnitChangeKind[] => {
  const had = sides.some(({ before }) => before.isValid);
  const has = sides.some(({ after }) => after.isValid);
  const kinds = new Set<UnitChangeKind>();
  for (const side of sides) {
    if (side.before.isValid !== side.after.isValid) {
      if (side.after.isValid) kinds.add(had ? 'REOPENED' : 'OPENED');
      else kinds.add(has ? 'CLOSED' : 'WITHDRAWN');
    } else for (const field of unitFields) if (differs(side, field)) kinds.add(kindOfField[field]);
  }
  return unitChangeKinds.filter((kind) => kinds.has(kind));
};

/** What happens to a unit on a day that is yet to come, as it is known now. */
export interface PlannedDay {
  readonly day: Day;
  readonly isValidBefore: boolean;
  readonly isValid: boolean;
  readonly fields: readonly FieldChange[];
}

/** What is planned for a unit after a day, day by day: facts, codes and the like that change, closings and reopenings. */
export const plannedAfter = (unit: DatedUnit, after: Day): PlannedDay[] =>
  [...new Set(bordersOf(unit))]
    .filter((border) => border > after)
    .sort()
    .map((day) => ({ day, before: toldOn(unit, dayBefore(day)), after: toldOn(unit, day) }))
    .map((sides) => ({
      day: sides.day,
      isValidBefore: sides.before.isValid,
      isValid: sides.after.isValid,
      fields: unitFields
        .filter((field) => differs(sides, field))
        .map((field) => ({ field, old: sides.before.values[field].text, new: sides.after.values[field].text })),
    }))
    .filter(({ fields }) => fields.length > 0);

const inOrder = (versions: readonly DatedVersion[]): DatedVersion[] =>
  [...versions].sort((one, other) => (one.from < other.from ? -1 : 1));

const successionText = ({ toReshId, kind, extent, effectiveOn }: UnitSuccession): string =>
  [toReshId, kind, extent, effectiveOn].join();

/** Successions of one side that the other does not have just so. */
const besides = (successions: readonly UnitSuccession[], others: readonly UnitSuccession[]): UnitSuccession[] => {
  const known = new Set(others.map(successionText));
  return successions.filter((succession) => !known.has(successionText(succession)));
};

const becameKinds = { MERGE: 'MERGED', SPLIT: 'SPLIT', REPLACEMENT: undefined } as const;

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
 * @param became successions of the unit that the change superseded, and those that it recorded
 * @returns undefined where nothing of the unit itself changed
 */
export const unitChange = (
  reshId: number,
  before: DatedUnit,
  after: DatedUnit,
  became: ChangedSuccessions = { before: [], after: [] },
): UnitChange | undefined => {
  const borders = [...new Set([...bordersOf(before), ...bordersOf(after)])].sort();
  // Between two borders nothing changes, so that each border stands for the days up to the next.
  const sides = borders.map((day) => sidesOn(day, before, after));
  const firsts = unitFields.flatMap((field) => {
    const first = sides.find((side) => differs(side, field));
    return first ? [{ field, first }] : [];
  });
  const recorded = besides(became.after, became.before);
  const days = [
    ...firsts.map(({ first }) => first.day),
    ...[...recorded, ...besides(became.before, became.after)].map(({ effectiveOn }) => effectiveOn),
  ].sort();
  const [effectiveOn] = days;
  if (effectiveOn === undefined) return undefined;
  const kinds = new Set<UnitChangeKind | undefined>([
    ...kindsOf(sides),
    ...recorded.map(({ kind }) => becameKinds[kind]),
  ]);
  const shown = inOrder(after.versions.length > 0 ? after.versions : before.versions);
  const told = unitChangeKinds.filter((kind) => kinds.has(kind));
  return {
    reshId,
    kinds: told.length > 0 ? told : ['CHANGED'],
    effectiveOn,
    fields: firsts.map(({ field, first }) => ({
      field,
      old: first.before.values[field].text,
      new: first.after.values[field].text,
    })),
    seenOn: lookUp(shown, true, effectiveOn).found?.seenOn ?? null,
  };
};
