import type { Day } from '../time/day.ts';
import { covers } from '../time/period.ts';
import { truncateAt, type Row } from '../time/timeline.ts';
import { findPlannedChanges, type PlannedChange } from '../unit/planned-changes.ts';
import { detailLists, type UnitState } from '../unit/state.ts';
import type { Draft } from './draft.ts';
import { unitLabel, findVersionOn } from './parent-rules.ts';
import { userError, type UserError } from './user-error.ts';

/** Why a unit cannot close on a day, the first on which it would be gone. */
export function validateClosing({ reshId, versions }: UnitState, day: Day): UserError | undefined {
  const [first] = versions;
  if (first && day === first.from)
    return userError(
      'BAD_PERIOD',
      'effectiveOn',
      `Unit ${unitLabel(reshId, versions)} begins on ${first.from}, and closing leaves it at least a day; choose a later day. Whatever was registered in error is withdrawn.`,
    );
  // A unit that already closes on the day is asked for what is so.
  const isAlreadyClosing = versions.some(({ to }) => to === day);
  const found = findVersionOn(reshId, versions, day);
  return 'error' in found && !isAlreadyClosing ? found.error : undefined;
}

/** RESH-ids of those units that are gone on a day already. */
export function findClosedReshIds(units: readonly UnitState[], day: Day): Set<number> {
  return new Set(units.filter(({ versions }) => !versions.some((row) => covers(row, day))).map(({ reshId }) => reshId));
}

/** Ends a unit with all of its rows on a day; what falls away is noted. */
export function endUnit(draft: Draft, unit: UnitState, day: Day): void {
  draft.notes.push(...describeDroppedFacts(unit, day));
  draft.set(unit.reshId, truncateUnit(unit, day));
}

/** What ends with a unit, or was planned for it and falls away, a sentence each. */
export function describeDroppedFacts(unit: UnitState, day: Day): string[] {
  const { reshId, versions, codes } = unit;
  const row = versions.find((version) => covers(version, day));
  const name = unitLabel(reshId, row ? [row] : versions);
  const currentCodes = codes.filter((code) => covers(code, day)).map(({ codeSet, code }) => `${codeSet}:${code}`);
  return [
    ...(row?.treatmentSiteNumber ? [`Unit ${name} leaves treatment site ${row.treatmentSiteNumber}.`] : []),
    ...(currentCodes.length > 0 ? [`Codes of unit ${name} end: ${currentCodes.join(', ')}.`] : []),
    ...findPlannedChanges(unit, day).map((planned) => formatPlannedChange(name, planned, day)),
  ];
}

function formatPlannedChange(
  name: string,
  { day, isValidBefore, isValid, fields }: PlannedChange,
  closesOn: Day,
): string {
  if (!isValid) return `Unit ${name} was going to close on ${day}; it closes on ${closesOn} instead.`;
  if (!isValidBefore) return `Unit ${name} was going to reopen on ${day}; that falls away.`;
  const facts = fields.map(({ field, new: value }) => (value === null ? `no ${field}` : `${field} «${value}»`));
  return `What was planned for unit ${name} from ${day} on falls away: ${facts.join(', ')}.`;
}

/** A unit without what lies on or after a day. */
export function truncateUnit(unit: UnitState, day: Day): UnitState {
  return {
    ...unit,
    ...Object.fromEntries(detailLists.map((list) => [list, truncateAt<Row>(unit[list], day)])),
    versions: truncateAt(unit.versions, day),
  };
}
