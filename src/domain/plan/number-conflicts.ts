import type { Day } from '../time/day.ts';
import { covers, intersectPeriods, overlap, type Period } from '../time/period.ts';
import { coalesce } from '../time/timeline.ts';
import type { UnitState, VersionRow } from '../unit/state.ts';
import { plannedNumberDropped } from './messages/notes.ts';
import type { DroppedPlan, ResolvedUnits } from './planned-conflicts.ts';

/** Two units that have the same organization number on the day of the desired state. */
export interface NumberConflict {
  readonly reshId: number;
  readonly otherReshId: number;
  readonly organizationNumber: string;
}

/** The units without dropped organization numbers, and the conflicts on the day of the desired state. */
export interface NumberResolution extends ResolvedUnits {
  readonly conflicts: readonly NumberConflict[];
}

/**
 * Drops planned organization numbers that other units have on the day (rule 5).
 *
 * @param units all units that have the numbers on any day from the day on
 */
export function resolveNumberConflicts(units: ReadonlyMap<number, UnitState>, day: Day): NumberResolution {
  const remaining = new Map(units);
  const conflicts: NumberConflict[] = [];
  const notes: DroppedPlan[] = [];
  for (const [organizationNumber, reshIds] of findSharedNumbers(units, day)) {
    const hasNumber = (row: VersionRow): boolean => row.organizationNumber === organizationNumber;
    const hasNumberOnDay = (reshId: number): boolean =>
      remaining.get(reshId)?.versions.some((row) => covers(row, day) && hasNumber(row)) ?? false;
    const [first, ...others] = reshIds.toSorted(
      (one, other) => Number(hasNumberOnDay(other)) - Number(hasNumberOnDay(one)) || one - other,
    );
    if (first === undefined) continue;
    const takenPeriods: Period[] = remaining.get(first)?.versions.filter(hasNumber) ?? [];
    for (const reshId of others) {
      const unit = remaining.get(reshId);
      if (!unit) continue;
      if (hasNumberOnDay(reshId)) conflicts.push({ reshId, otherReshId: first, organizationNumber });
      const resolved = dropPlannedNumber(unit, organizationNumber, takenPeriods, day);
      if (resolved !== unit) notes.push({ reshId, note: plannedNumberDropped({ unit, organizationNumber }) });
      remaining.set(reshId, resolved);
      takenPeriods.push(...resolved.versions.filter(hasNumber));
    }
  }
  return { units: remaining, conflicts, notes };
}

/** Returns the organization numbers that several units have on or after a day, with the units. */
function findSharedNumbers(units: ReadonlyMap<number, UnitState>, day: Day): [string, readonly number[]][] {
  const holders = new Map<string, number[]>();
  for (const { reshId, versions } of units.values()) {
    const numbers = versions.filter((row) => lastsBeyond(row, day)).map((row) => row.organizationNumber);
    for (const number of new Set(numbers))
      if (number !== null) holders.set(number, [...(holders.get(number) ?? []), reshId]);
  }
  return [...holders].filter(([, reshIds]) => reshIds.length > 1);
}

/**
 * Returns a unit without a number on the days on which another unit has it; the same unit if there are no such days.
 */
function dropPlannedNumber(
  unit: UnitState,
  organizationNumber: string,
  takenPeriods: readonly Period[],
  day: Day,
): UnitState {
  const isTaken = (row: VersionRow): boolean => {
    const period = intersectPeriods(row, { from: day, to: null });
    if (row.organizationNumber !== organizationNumber || !period) return false;
    return takenPeriods.some((taken) => overlap(taken, period));
  };
  if (!unit.versions.some(isTaken)) return unit;
  const versions = unit.versions.map((row) =>
    isTaken(row) ? { ...row, id: undefined, organizationNumber: null } : row,
  );
  return { ...unit, versions: coalesce(versions) };
}

function lastsBeyond({ to }: Period, day: Day): boolean {
  return to === null || to > day;
}
