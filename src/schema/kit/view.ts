import type { Context } from '../../context.ts';
import type { Day } from '../../domain/time/day.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';

/** How a part of the register is looked at: its snapshot, and whether ids must say which (`pinned`). */
export interface View extends Snapshot {
  readonly pinned: boolean;
}

/** A unit as it is shown: its version on the day `seenOn`, looked at from `view`. */
export interface UnitAtSnapshot {
  readonly row: UnitRow;
  readonly view: View;
  /** The view's day, or the unit's last (first) day where it had closed (not begun) */
  readonly seenOn: Day;
}

/** The register valid today, as known now: ids stay plain. */
export async function currentView(context: Context): Promise<View> {
  return {
    ...(await context.currentSnapshot()),
    pinned: false,
  };
}

/** The view from a unit to all that belongs to it: the day it is shown as. */
export function relatedView({ view, seenOn }: UnitAtSnapshot): View {
  return seenOn === view.day ? view : { revision: view.revision, day: seenOn, pinned: true };
}

/** The coordinates at which a unit itself is read. */
export function unitKey(unit: UnitAtSnapshot) {
  return {
    reshId: unit.row.reshId,
    revision: unit.view.revision,
    day: unit.seenOn,
  };
}

/** The coordinates at which a unit's subtree is read. */
export function subtreeKey(unit: UnitAtSnapshot) {
  return {
    pathText: unit.row.pathText,
    depth: depthOf(unit),
    revision: unit.view.revision,
    day: unit.seenOn,
  };
}

/** Levels between a unit and the root of its tree: 0 at the root. */
export function depthOf({ row }: UnitAtSnapshot): number {
  return row.path.length - 1;
}

/** Loads units on a view's day and shows them, in the order asked; undefined where not valid then. */
export async function loadUnits(
  { loaders }: Context,
  reshIds: readonly number[],
  view: View,
): Promise<(UnitAtSnapshot | undefined)[]> {
  const rows = await Promise.all(
    reshIds.map((reshId) => loaders.unitByReshId.load({ reshId, revision: view.revision, day: view.day })),
  );
  return rows.map((row) => row && atSnapshot(row, view));
}

/** Shows a unit on the view's own day. */
export function atSnapshot(row: UnitRow, view: View): UnitAtSnapshot {
  return { row, view, seenOn: view.day };
}
