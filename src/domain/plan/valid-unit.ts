import type { Day } from '../time/day.ts';
import { covers, findFirstUncoveredDay } from '../time/period.ts';
import type { UnitState, VersionRow } from '../unit/state.ts';
import type { Draft } from './draft.ts';
import type { ChangePeriod } from './facts.ts';
import type { Field, Issues } from './issues.ts';
import { changeWithoutDay, unitEndsBefore, unitListedTwice, unitNotFound, unitNotValid } from './messages/units.ts';
import type { Problem } from './user-error.ts';

/** Returns a unit of the draft; if the register has no such unit, adds an error of the field that names it. */
export function findKnownUnit(issues: Issues, draft: Draft, reshId: number, field: Field): UnitState | undefined {
  const unit = draft.unit(reshId);
  if (!unit) issues.add(field, unitNotFound({ reshId }));
  return unit;
}

/**
 * Returns the known units of a list, with their places in it, each once; adds an error of its place for each unknown
 * unit, and for each that is listed again.
 */
export function findListedUnits(
  issues: Issues,
  draft: Draft,
  reshIds: readonly number[],
  field: string,
): { readonly unit: UnitState; readonly path: readonly (string | number)[] }[] {
  return reshIds.flatMap((reshId, index) => {
    const path = [field, index];
    const unit = findKnownUnit(issues, draft, reshId, path);
    if (!unit) return [];
    if (reshIds.indexOf(reshId) === index) return [{ unit, path }];
    issues.add(path, unitListedTwice({ unit }));
    return [];
  });
}

/** Returns the version of a unit on a day; if there is none, adds an error that names the valid days. */
export function findValidVersion(
  issues: Issues,
  unit: Pick<UnitState, 'reshId' | 'versions'>,
  day: Day,
  field: Field = 'effectiveOn',
): VersionRow | undefined {
  issues.add(field, ...checkValidOn(unit, day));
  return findVersionOn(unit, day);
}

/**
 * Returns the version of a unit on the first day of a period; adds errors if the unit is not valid on all of its days,
 * or if it has none.
 */
export function findVersionOver(
  issues: Issues,
  unit: Pick<UnitState, 'reshId' | 'versions'>,
  { day, until }: ChangePeriod,
): VersionRow | undefined {
  const version = findValidVersion(issues, unit, day);
  if (until === undefined) return version;
  if (until <= day) issues.add('effectiveTo', changeWithoutDay({ effectiveTo: until, day }));
  const gap = findFirstUncoveredDay(unit.versions, { from: day, to: until });
  if (version && until > day && gap !== undefined)
    issues.add('effectiveTo', unitEndsBefore({ unit, effectiveTo: until, gap }));
  return version;
}

/** Returns the error of a unit that is not valid on a day. */
export function checkValidOn(unit: Pick<UnitState, 'reshId' | 'versions'>, day: Day): Problem[] {
  return findVersionOn(unit, day) ? [] : [unitNotValid({ unit, day, valid: unit.versions })];
}

function findVersionOn({ versions }: Pick<UnitState, 'versions'>, day: Day): VersionRow | undefined {
  return versions.find((row) => covers(row, day));
}
