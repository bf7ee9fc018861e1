import type { Day } from '../time/day.ts';
import type { Draft } from './draft.ts';
import { covers } from '../time/period.ts';
import { called, versionOn } from './parent-rules.ts';
import { endedOn, type Row } from '../time/timeline.ts';
import { plannedAfter, type PlannedDay } from '../unit/change.ts';
import { detailLists, type UnitState } from '../unit/state.ts';
import { userError, type UserError } from './user-error.ts';

/** Why a unit cannot close on a day, the first on which it would be gone. */
export const closingError = ({ reshId, versions }: UnitState, day: Day): UserError | undefined => {
  const [first] = versions;
  if (first && day === first.from)
    return userError(
      'BAD_PERIOD',
      'effectiveOn',
      `Unit ${called(reshId, versions)} begins on ${first.from}, and closing leaves it at least a day; choose a later day. Whatever was registered in error is withdrawn.`,
    );
  // A unit that already closes on the day is asked for what is so.
  const endsThen = versions.some(({ to }) => to === day);
  const found = versionOn(reshId, versions, day);
  return 'error' in found && !endsThen ? found.error : undefined;
};

/** RESH-ids of those units that are gone on a day already. */
export const closedBy = (units: readonly UnitState[], day: Day): Set<number> =>
  new Set(units.filter(({ versions }) => !versions.some((row) => covers(row, day))).map(({ reshId }) => reshId));

const plannedText = (name: string, { day, isValidBefore, isValid, fields }: PlannedDay, closesOn: Day): string => {
  if (!isValid) return `Unit ${name} was going to close on ${day}; it closes on ${closesOn} instead.`;
  if (!isValidBefore) return `Unit ${name} was going to reopen on ${day}; that falls away.`;
  const facts = fields.map(({ field, new: value }) => (value === null ? `no ${field}` : `${field} «${value}»`));
  return `What was planned for unit ${name} from ${day} on falls away: ${facts.join(', ')}.`;
};

/** What ends with a unit, or was planned for it and falls away, a sentence each. */
export const fallingAway = (unit: UnitState, day: Day): string[] => {
  const { reshId, versions, codes } = unit;
  const row = versions.find((version) => covers(version, day));
  const name = called(reshId, row ? [row] : versions);
  const held = codes.filter((code) => covers(code, day)).map(({ codeSet, code }) => `${codeSet}:${code}`);
  return [
    ...(row?.treatmentSiteNumber ? [`Unit ${name} leaves treatment site ${row.treatmentSiteNumber}.`] : []),
    ...(held.length > 0 ? [`Codes of unit ${name} end: ${held.join(', ')}.`] : []),
    ...plannedAfter(unit, day).map((planned) => plannedText(name, planned, day)),
  ];
};

/** A unit without what lies on or after a day. */
export const endedUnit = (unit: UnitState, day: Day): UnitState => ({
  ...unit,
  ...Object.fromEntries(detailLists.map((list) => [list, endedOn<Row>(unit[list], day)])),
  versions: endedOn(unit.versions, day),
});

/** Ends a unit with all of its rows on a day; what falls away is noted. */
export const endUnit = (draft: Draft, unit: UnitState, day: Day): void => {
  draft.notes.push(...fallingAway(unit, day));
  draft.set(unit.reshId, endedUnit(unit, day));
};
