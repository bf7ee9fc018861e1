import type { Day } from '../time/day.ts';
import { covers, findUnbrokenPeriod } from '../time/period.ts';
import { setFact, setList, insertRow } from '../time/timeline.ts';
import { emptyFacts, factNames, type FactName, type UnitFacts } from '../unit/facts.ts';
import type { CodeKey } from '../unit/filter.ts';
import { createEmptyUnit, type UnitState, type VersionRow } from '../unit/state.ts';
import { assignCode, endCode, type CodePeriod } from './references.ts';
import { findOpening, reopenLists } from './reopening.ts';

/** What a picture may say of a unit beside where it stands. */
export type DesiredFacts = Partial<Omit<UnitFacts, 'parentReshId'>>;

/** A unit as a picture of a day has it; what it does not say is left alone. */
export interface DesiredUnit {
  readonly reshId: number;
  readonly parentReshId: number | null;
  readonly facts: DesiredFacts;
  /** All codes of the unit; null where the picture says nothing of codes */
  readonly codes: readonly CodeKey[] | null;
  /** Identifiers by their systems, null where the unit has none; systems that are not here are left alone */
  readonly identifiers: ReadonlyMap<string, string | null>;
}

// The local wording stands where there is no code: the two are one fact.
const factGroups = factNames
  .filter((name) => name !== 'designationText')
  .map((name): readonly FactName[] => (name === 'designationCode' ? [name, 'designationText'] : [name]));

/**
 * A unit as a picture of a day leaves it: each fact from the day on, until the next day on which that fact was already going to
 * change. A unit that is not valid on the day is opened, or reopened as it was where the picture says nothing else.
 *
 * @param unit as it is known; undefined where it is new
 * @param known what the register says of the unit's codes
 */
export function applyDesiredState(
  unit: UnitState | undefined,
  desired: DesiredUnit,
  day: Day,
  known: readonly CodePeriod[],
): UnitState {
  const before = unit ?? createEmptyUnit(desired.reshId);
  const isValid = before.versions.some((row) => covers(row, day));
  const updated = isValid
    ? { ...before, versions: applyFactChanges(before.versions, day, desired) }
    : applyOpening(before, day, desired, known);
  return applyLists(updated, day, desired);
}

function applyFactChanges(versions: readonly VersionRow[], day: Day, desired: DesiredUnit): VersionRow[] {
  return factGroups.reduce<readonly VersionRow[]>((rows, group) => {
    const row = rows.find((version) => covers(version, day));
    if (!row) return rows;
    const facts = mergeFacts(row, desired);
    const changedFacts = group.filter((fact) => fact in facts && facts[fact] !== row[fact]);
    if (changedFacts.length === 0) return rows;
    const values = Object.fromEntries(changedFacts.map((fact) => [fact, facts[fact]]));
    return setFact(rows, day, (version) => JSON.stringify(group.map((fact) => version[fact])), values);
  }, versions) as VersionRow[];
}

/** What a picture says of a unit that has facts already: a new designation takes the place of a local wording, too. */
function mergeFacts(
  before: VersionRow,
  { facts, parentReshId }: DesiredUnit,
): DesiredFacts & { parentReshId: number | null } {
  const hasNewDesignation =
    typeof facts.designationCode === 'string' && facts.designationCode !== before.designationCode;
  return { ...(hasNewDesignation && { designationText: null }), ...facts, parentReshId };
}

/** The versions of a unit with the day in one of them, and its lists where it reopens. */
function applyOpening(unit: UnitState, day: Day, desired: DesiredUnit, known: readonly CodePeriod[]): UnitState {
  const opening = findOpening(unit, day);
  if (!opening) {
    const { facts, parentReshId } = desired;
    return { ...unit, versions: [{ ...emptyFacts, ...facts, parentReshId, path: [], from: day, to: null }] };
  }
  const { period, template } = opening;
  return {
    ...unit,
    ...reopenLists(unit, opening, known).lists,
    versions: insertRow(unit.versions, {
      ...template,
      ...mergeFacts(template, desired),
      ...period,
      id: undefined,
      path: [],
    }),
  };
}

function applyLists(unit: UnitState, day: Day, { codes, identifiers }: DesiredUnit): UnitState {
  const validTo = findUnbrokenPeriod(unit.versions, day)?.to ?? null;
  const currentCodes = unit.codes.filter((code) => covers(code, day));
  const endedCodes = codes === null ? [] : currentCodes.filter((code) => !codes.some((key) => isSameCode(key, code)));
  const addedCodes = (codes ?? []).filter((key) => !currentCodes.some((code) => isSameCode(key, code)));
  return {
    ...unit,
    codes: addedCodes.reduce(
      (rows, key) => assignCode(rows, key, day, validTo),
      endedCodes.reduce((rows, key) => endCode(rows, key, day), [...unit.codes]),
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
}

function isSameCode(one: CodeKey, other: CodeKey): boolean {
  return one.codeSet === other.codeSet && one.code === other.code;
}
