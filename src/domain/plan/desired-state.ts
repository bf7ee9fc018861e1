import type { Day } from '../time/day.ts';
import { covers } from '../time/period.ts';
import { withCode, withoutCode, type CodePeriod } from './references.ts';
import { openingOn, reopenedLists } from './reopening.ts';
import { setFact, setList, validityAround, withRow } from '../time/timeline.ts';
import type { CodeKey } from '../unit/filter.ts';
import { emptyUnit, type UnitState, type VersionRow } from '../unit/state.ts';

/** What a picture may say of a unit beside where it stands. */
export type PictureFacts = Partial<
  Pick<
    VersionRow,
    | 'type'
    | 'name'
    | 'shortName'
    | 'designationCode'
    | 'designationText'
    | 'organizationNumber'
    | 'treatmentSiteNumber'
    | 'responsiblePerson'
  >
>;

/** A unit as a picture of a day has it; what it does not say is left alone. */
export interface PictureUnit {
  readonly reshId: number;
  readonly parentReshId: number | null;
  readonly facts: PictureFacts;
  /** All codes of the unit; null where the picture says nothing of codes */
  readonly codes: readonly CodeKey[] | null;
  /** Identifiers by their systems, null where the unit has none; systems that are not here are left alone */
  readonly identifiers: ReadonlyMap<string, string | null>;
}

// The local wording stands where there is no code: the two are one fact.
const factGroups: readonly (readonly (keyof PictureFacts | 'parentReshId')[])[] = [
  ['parentReshId'],
  ['type'],
  ['name'],
  ['shortName'],
  ['designationCode', 'designationText'],
  ['organizationNumber'],
  ['treatmentSiteNumber'],
  ['responsiblePerson'],
];

const emptyVersion = {
  type: 'DEPARTMENT',
  name: '',
  shortName: null,
  designationCode: null,
  designationText: null,
  organizationNumber: null,
  treatmentSiteNumber: null,
  responsiblePerson: null,
  path: [],
} as const;

const isSame = (one: CodeKey, other: CodeKey): boolean => one.codeSet === other.codeSet && one.code === other.code;

/** What a picture says of a unit that has facts already: a new designation takes the place of a local wording, too. */
const factsOver = (
  before: VersionRow,
  { facts, parentReshId }: PictureUnit,
): PictureFacts & { parentReshId: number | null } => {
  const isDesignated = typeof facts.designationCode === 'string' && facts.designationCode !== before.designationCode;
  return { ...(isDesignated && { designationText: null }), ...facts, parentReshId };
};

const changed = (versions: readonly VersionRow[], day: Day, picture: PictureUnit): VersionRow[] =>
  factGroups.reduce<readonly VersionRow[]>((rows, group) => {
    const row = rows.find((version) => covers(version, day));
    if (!row) return rows;
    const facts = factsOver(row, picture);
    const different = group.filter((fact) => fact in facts && facts[fact] !== row[fact]);
    if (different.length === 0) return rows;
    const values = Object.fromEntries(different.map((fact) => [fact, facts[fact]]));
    return setFact(rows, day, (version) => JSON.stringify(group.map((fact) => version[fact])), values);
  }, versions) as VersionRow[];

/** The versions of a unit with the day in one of them, and its lists where it reopens. */
const opened = (unit: UnitState, day: Day, picture: PictureUnit, known: readonly CodePeriod[]): UnitState => {
  const opening = openingOn(unit, day);
  if (!opening) {
    const { facts, parentReshId } = picture;
    return { ...unit, versions: [{ ...emptyVersion, ...facts, parentReshId, from: day, to: null }] };
  }
  const { period, like } = opening;
  return {
    ...unit,
    ...reopenedLists(unit, opening, known).lists,
    versions: withRow(unit.versions, { ...like, ...factsOver(like, picture), ...period, id: undefined, path: [] }),
  };
};

const withLists = (unit: UnitState, day: Day, { codes, identifiers }: PictureUnit): UnitState => {
  const validTo = validityAround(unit.versions, day)?.to ?? null;
  const held = unit.codes.filter((code) => covers(code, day));
  const ended = codes === null ? [] : held.filter((code) => !codes.some((key) => isSame(key, code)));
  const given = (codes ?? []).filter((key) => !held.some((code) => isSame(key, code)));
  return {
    ...unit,
    codes: given.reduce(
      (rows, key) => withCode(rows, key, day, validTo),
      ended.reduce((rows, key) => withoutCode(rows, key, day), [...unit.codes]),
    ),
    identifiers: [...identifiers].reduce(
      (rows, [system, value]) => {
        const own = rows.filter((row) => row.system === system);
        if (own.some((row) => covers(row, day) && row.value === value)) return rows;
        const others = rows.filter((row) => row.system !== system);
        return [...others, ...setList(own, day, validTo, value === null ? [] : [{ system, value }])];
      },
      [...unit.identifiers],
    ),
  };
};

/**
 * A unit as a picture of a day leaves it: each fact from the day on, until the next day on which that fact was already going to
 * change. A unit that is not valid on the day is opened, or reopened as it was where the picture says nothing else.
 *
 * @param unit as it is known; undefined where it is new
 * @param known what the register says of the unit's codes
 */
export const asPictured = (
  unit: UnitState | undefined,
  picture: PictureUnit,
  day: Day,
  known: readonly CodePeriod[],
): UnitState => {
  const before = unit ?? emptyUnit(picture.reshId);
  const isValid = before.versions.some((row) => covers(row, day));
  const placed = isValid
    ? { ...before, versions: changed(before.versions, day, picture) }
    : opened(before, day, picture, known);
  return withLists(placed, day, picture);
};
