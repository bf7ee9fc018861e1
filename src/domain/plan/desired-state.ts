import type { Day } from '../time/day.ts';
import { covers, findUnbrokenPeriod } from '../time/period.ts';
import { insertRow, setFact, setList } from '../time/timeline.ts';
import { emptyFacts, factNames, type FactName, type UnitFacts } from '../unit/facts.ts';
import type { CodeKey } from '../unit/filter.ts';
import { createEmptyUnit, type UnitState, type VersionRow } from '../unit/state.ts';
import { assignCode, endCode, isSameCode, type CodePeriod } from './codes.ts';
import { findOpening, reopenLists } from './reopening.ts';

/** Facts of a unit in a desired state, without its parent. */
export type DesiredFacts = Partial<Omit<UnitFacts, 'parentReshId'>>;

/** A unit in the desired state of a day; absent values stay as they are. */
export interface DesiredUnit {
  readonly reshId: number;
  readonly parentReshId: number | null;
  readonly facts: DesiredFacts;
  /** All codes of the unit; null if they stay as they are */
  readonly codes: readonly CodeKey[] | null;
  /** Identifiers by system, null to end one; identifiers of other systems stay as they are */
  readonly identifiers: ReadonlyMap<string, string | null>;
}

// The designation is one fact: a code, or its local wording if it has no code.
const factGroups = factNames
  .filter((name) => name !== 'designationText')
  .map((name): readonly FactName[] => (name === 'designationCode' ? [name, 'designationText'] : [name]));

/**
 * Returns a unit with the desired state of a day: each fact holds from the day on, until the next planned change of
 * that fact. A unit that is not valid on the day is opened, or reopened with its earlier facts.
 *
 * @param unit the unit in the register; undefined if it is new
 * @param known states of the unit's codes
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

/** Returns the desired facts of an existing unit; a new designation also replaces the local wording. */
function mergeFacts(
  before: VersionRow,
  { facts, parentReshId }: DesiredUnit,
): DesiredFacts & { parentReshId: number | null } {
  const hasNewDesignation =
    typeof facts.designationCode === 'string' && facts.designationCode !== before.designationCode;
  return { ...(hasNewDesignation && { designationText: null }), ...facts, parentReshId };
}

/** Returns a unit that is opened, or reopened with its lists, on a day. */
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
      (rows, key) => assignCode(rows, key, { day }, validTo),
      endedCodes.reduce((rows, key) => endCode(rows, key, { day }), [...unit.codes]),
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
