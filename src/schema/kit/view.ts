import type { Context } from '../../context.ts';
import type { Day } from '../../domain/time/day.ts';
import type { Snapshot } from '../../domain/time/snapshot.ts';
import type { UnitChange } from '../../domain/unit/change.ts';
import type { UnitRow } from '../../store/sql/unit-row.ts';

/** The coordinates of a snapshot that the client has named. Ids include these and no others. */
export interface NamedCoordinates {
  readonly namesRevision: boolean;
  readonly namesDay: boolean;
}

/** A snapshot from which a part of the register is shown. It is live if the client has named no coordinates. */
export interface View extends Snapshot, NamedCoordinates {}

/** The knowledge from which a part of the register is shown. */
export type Knowledge = Pick<View, 'revision' | 'namesRevision'>;

export const live: NamedCoordinates = { namesRevision: false, namesDay: false };

/** A unit as shown from a view: its version on the day `seenOn`. */
export interface UnitAtSnapshot {
  readonly row: UnitRow;
  readonly view: View;
  /** The view's day, the last day of a closed unit, or the first day of a unit that is not yet valid */
  readonly seenOn: Day;
}

/** Returns the view of the register valid today, as known now. */
export async function liveView(context: Context): Promise<View> {
  return { ...(await context.currentSnapshot()), ...live };
}

/** Returns the view of a day with some knowledge. */
export function onDay({ revision, namesRevision }: Knowledge, day: Day): View {
  return { revision, namesRevision, day, namesDay: true };
}

/** Returns the view of a day with the knowledge of a revision; ids include both. */
export function pinnedView(revision: number, day: Day): View {
  return onDay({ revision, namesRevision: true }, day);
}

/** Returns the view of a day as known now: live if it is today. */
export async function viewAsKnownNow(context: Context, day: Day): Promise<View> {
  const { revision } = await context.newestRevision();
  return { revision, namesRevision: false, day, namesDay: day !== context.today };
}

/** Returns the view of what a change left, on the day on which it takes effect: live if nothing has followed. */
export async function viewOfChange(context: Context, { revision, day }: Snapshot): Promise<View> {
  const namesRevision = revision !== (await context.newestRevision()).revision;
  return { revision, namesRevision, day, namesDay: namesRevision || day !== context.today };
}

/** Returns the view from which objects related to a unit are shown: it has the day of the state shown. */
export function relatedView({ view, seenOn }: UnitAtSnapshot): View {
  return seenOn === view.day ? view : onDay(view, seenOn);
}

/** Returns the key under which a unit itself is read. */
export function unitKey(unit: UnitAtSnapshot) {
  return {
    reshId: unit.row.reshId,
    revision: unit.view.revision,
    day: unit.seenOn,
  };
}

/** Returns the key under which the subtree of a unit is read. */
export function subtreeKey(unit: UnitAtSnapshot) {
  return {
    pathText: unit.row.pathText,
    depth: depthOf(unit),
    revision: unit.view.revision,
    day: unit.seenOn,
  };
}

/** Returns the number of levels between a unit and the root of its tree: 0 at the root. */
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
  /** Revision of the change */
  readonly changedIn: number;
}

/** Shows what a committed change did to a unit: as the change left it, or if it withdrew the unit, as it was before. */
export function atRevision(change: UnitChange, revision: number): UnitChangeAtRevision {
  return {
    ...change,
    changedIn: revision,
    revision: change.kinds.includes('WITHDRAWN') ? revision - 1 : revision,
  };
}
