import type { Context } from '../../context.ts';
import type { Day } from '../../domain/time/day.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { UnitChange } from '../../domain/unit/change.ts';
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

/** Shows a unit on the view's own day. */
export function atSnapshot(row: UnitRow, view: View): UnitAtSnapshot {
  return { row, view, seenOn: view.day };
}

/** What a change did to a unit, and the revision at which the unit is shown. */
export interface UnitChangeAtRevision extends UnitChange {
  readonly revision: number;
}

/** Returns what a committed change did to a unit, shown as the change left it, or as it was before if the change withdrew it. */
export function atRevision(change: UnitChange, revision: number): UnitChangeAtRevision {
  return {
    ...change,
    revision: change.kinds.includes('WITHDRAWN') ? revision - 1 : revision,
  };
}
