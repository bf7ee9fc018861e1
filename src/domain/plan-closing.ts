import type { Day } from './day.ts';
import type { Draft } from './draft.ts';
import { covers } from './period.ts';
import { called, versionOn } from './plan-place.ts';
import { endedOn, type Row } from './timeline.ts';
import { detailLists, type UnitState } from './unit-state.ts';
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

/** What ends with a unit, or was planned for it and falls away, a sentence each. */
const fallingAway = ({ reshId, versions, codes }: UnitState, day: Day): string[] => {
  const row = versions.find((version) => covers(version, day));
  const planned = versions.filter(({ from }) => from > day);
  const held = codes.filter((code) => covers(code, day)).map(({ codeSet, code }) => `${codeSet}:${code}`);
  return [
    ...(row?.treatmentSiteNumber
      ? [`Unit ${called(reshId, versions)} leaves treatment site ${row.treatmentSiteNumber}.`]
      : []),
    ...(held.length > 0 ? [`Codes of unit ${called(reshId, versions)} end: ${held.join(', ')}.`] : []),
    ...planned.map(({ from }) => `What was planned for unit ${called(reshId, versions)} from ${from} on falls away.`),
  ];
};

/** Ends a unit with all of its rows on a day; what falls away is noted. */
export const endUnit = (draft: Draft, unit: UnitState, day: Day): void => {
  draft.notes.push(...fallingAway(unit, day));
  const ended = Object.fromEntries(detailLists.map((list) => [list, endedOn<Row>(unit[list], day)]));
  draft.set(unit.reshId, { versions: endedOn(unit.versions, day), ...ended });
};
