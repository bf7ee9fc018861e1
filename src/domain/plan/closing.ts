import type { Day } from '../time/day.ts';
import { covers } from '../time/period.ts';
import { truncateAt, type Row } from '../time/timeline.ts';
import { formatFieldValue } from '../unit/field-text.ts';
import { findPlannedChanges, type PlannedChange } from '../unit/planned-changes.ts';
import { detailLists, type UnitState } from '../unit/state.ts';
import type { Draft } from './draft.ts';
import { closesInstead, codesEnd, factsDropped, reopeningDropped, siteLeft } from './messages/notes.ts';
import { closingLeavesNoDay } from './messages/units.ts';
import type { NamedUnit } from './messages/labels.ts';
import type { Note, Problem } from './user-error.ts';
import { checkValidOn } from './valid-unit.ts';

/** Returns the problems of closing a unit on a day, the first day on which it is no longer valid. */
export function checkClosing(unit: UnitState, day: Day): Problem[] {
  const [first] = unit.versions;
  if (first && day === first.from) return [closingLeavesNoDay({ unit, firstDay: first.from })];
  // Closing a unit that already closes on the day is allowed: nothing changes.
  const isAlreadyClosing = unit.versions.some(({ to }) => to === day);
  return isAlreadyClosing ? [] : checkValidOn(unit, day);
}

/** Returns the RESH-ids of the units that are not valid on a day. */
export function findClosedReshIds(units: readonly UnitState[], day: Day): Set<number> {
  return new Set(units.filter(({ versions }) => !versions.some((row) => covers(row, day))).map(({ reshId }) => reshId));
}

/** Ends a unit with all its rows on a day, with notes on the facts that end and the plans that are dropped. */
export function endUnit(draft: Draft, unit: UnitState, day: Day): void {
  draft.addNotes(...describeDroppedFacts(unit, day));
  draft.close(unit, day, truncateUnit(unit, day));
}

/** Returns a note for each fact that ends with a unit, and for each planned change that is dropped. */
function describeDroppedFacts(state: UnitState, day: Day): Note[] {
  const row = state.versions.find((version) => covers(version, day));
  const unit = { reshId: state.reshId, versions: row ? [row] : state.versions };
  const codes = state.codes.filter((code) => covers(code, day));
  const notes: Note[] = [];
  if (row?.treatmentSiteNumber) notes.push(siteLeft({ unit, organizationNumber: row.treatmentSiteNumber }));
  if (codes.length > 0) notes.push(codesEnd({ unit, codes }));
  for (const change of findPlannedChanges(state, day)) notes.push(describeDroppedChange(unit, change, day));
  return notes;
}

function describeDroppedChange(unit: NamedUnit, change: PlannedChange, day: Day): Note {
  const planned = change.day;
  if (!change.isValid) return closesInstead({ unit, planned, day });
  if (!change.isValidBefore) return reopeningDropped({ unit, planned });
  const facts = change.fields.map(({ field, after }) => ({ field, value: after && formatFieldValue(after) }));
  return factsDropped({ unit, planned, facts });
}

/** Returns a unit without its rows on or after a day. */
export function truncateUnit(unit: UnitState, day: Day): UnitState {
  return {
    ...unit,
    ...Object.fromEntries(detailLists.map((list) => [list, truncateAt<Row>(unit[list], day)])),
    versions: truncateAt(unit.versions, day),
  };
}
