import { createUnitHistory, restoreUnit, selectUnit } from '../../../domain/plan/undo/undo-unit.ts';
import type { UndoneUnit } from '../../../domain/plan/undo/references.ts';
import { mergeThreeWay, type ThreeWayMerge, type UndoRange } from '../../../domain/plan/undo/three-way-merge.ts';
import { findFirstUncoveredDay, type Period } from '../../../domain/time/period.ts';
import type { UnitState } from '../../../domain/unit/state.ts';
import { readRecordedUnits } from '../../../store/change/undone-change.ts';
import type { PlanContext } from '../plan-context.ts';

/** A unit that a change altered, now and with the change taken back, and what keeps it from being taken back. */
export interface UndoableUnit extends UndoneUnit, ThreeWayMerge {
  readonly before: UnitState;
  readonly after: UnitState;
}

/** Reads units that a change altered, and takes the change back in each. */
export async function readUndoableUnits(
  { tx }: PlanContext,
  reshIds: readonly number[],
  range: UndoRange,
): Promise<UndoableUnit[]> {
  if (reshIds.length === 0) return [];
  const units = await readRecordedUnits(tx, reshIds, range.revision);
  return units.map((unit) => {
    const [before, after, now] = [range.revision - 1, range.revision, range.newest].map((revision) =>
      selectUnit(unit, revision),
    ) as [UnitState, UnitState, UnitState];
    const takenBack = mergeThreeWay(createUnitHistory(unit), range);
    return { ...takenBack, before, after, now, result: restoreUnit(now, before, takenBack.restorations) };
  });
}

/** Returns whether a unit loses days on which it is valid now. */
export function losesDays({ now, result }: UndoneUnit): boolean {
  return now.versions.some((row) => findFirstUncoveredDay(result.versions, row) !== undefined);
}

/** Returns whether a unit was valid on all days of a period, and is no longer with the change taken back. */
export function losesPeriod({ now, result }: UndoneUnit, period: Period): boolean {
  return (
    findFirstUncoveredDay(now.versions, period) === undefined &&
    findFirstUncoveredDay(result.versions, period) !== undefined
  );
}
