import type { NamedUnit } from '../../../domain/plan/messages/labels.ts';
import {
  childNeedsUnit,
  formerParentIsDepartment,
  formerParentNotValid,
  formerPlaceInCycle,
} from '../../../domain/plan/messages/undoing.ts';
import { LaterChanges } from '../../../domain/plan/undo/later-revisions.ts';
import { EXISTENCE } from '../../../domain/plan/undo/three-way-merge.ts';
import type { Problem } from '../../../domain/plan/user-error.ts';
import type { Day } from '../../../domain/time/day.ts';
import { covers } from '../../../domain/time/period.ts';
import type { VersionRow } from '../../../domain/unit/state.ts';
import { readPlacementHistory } from '../../../store/change/undone-change.ts';
import type { PlanContext } from '../plan-context.ts';
import type { UndoableUnit } from './undone-units.ts';

/** A place in the tree that a unit cannot have, and the unit above it. */
export interface PlaceConflict {
  readonly reshId: number;
  readonly parentReshId: number;
  readonly day: Day;
  readonly reason: 'PARENT_NOT_VALID' | 'PARENT_IS_DEPARTMENT' | 'CYCLE' | 'CHILD';
}

/** Returns the errors of places, which name the later revisions that changed the facts in question. */
export async function describePlaceConflicts(
  planContext: PlanContext,
  conflicts: readonly PlaceConflict[],
  changed: ReadonlyMap<number, UndoableUnit>,
  revision: number,
): Promise<Problem[]> {
  if (conflicts.length === 0) return [];
  const { tx, unitOfWork } = planContext;
  await unitOfWork.load(conflicts.flatMap(({ reshId, parentReshId }) => [reshId, parentReshId]));
  const places = new UndonePlaces(planContext, changed);
  const reshIds = new Set(conflicts.flatMap((conflict) => places.listInvolved(conflict)));
  const later = new LaterChanges(await readPlacementHistory(tx, [...reshIds], revision), revision);
  return conflicts.map((conflict) => {
    const { day, reason } = conflict;
    const [unit, parent] = [places.nameUnit(conflict.reshId), places.nameUnit(conflict.parentReshId)];
    const revisions = findRevisions(later, places, conflict);
    if (reason === 'CHILD') return childNeedsUnit({ unit: parent, child: unit, day, revisions });
    if (reason === 'CYCLE') return formerPlaceInCycle({ unit, day, revisions });
    const describe = reason === 'PARENT_NOT_VALID' ? formerParentNotValid : formerParentIsDepartment;
    return describe({ unit, parent, day, revisions });
  });
}

/** Returns the later revisions that a conflict comes from, over all of its days. */
function findRevisions(later: LaterChanges, places: UndonePlaces, conflict: PlaceConflict): number[] {
  const { reshId, parentReshId, reason } = conflict;
  const involved = places.listInvolved(conflict);
  if (reason === 'CYCLE') return later.find(involved, ['parentReshId'], [conflict.day]);
  const rows = [...places.readRows(reshId), ...places.readRows(parentReshId)];
  const days = later.listDays(involved, rows).filter((day) => places.isMisplaced(conflict, day));
  const departmentDays = days.filter((day) => places.findRow(parentReshId, day));
  if (reason === 'PARENT_NOT_VALID') return later.find([parentReshId], [EXISTENCE], days);
  if (reason === 'PARENT_IS_DEPARTMENT') return later.find([reshId, parentReshId], ['type'], days);
  const typeRevisions = later.find([reshId], ['type'], departmentDays);
  return [...new Set([...later.find([reshId], ['parentReshId'], days), ...typeRevisions])].sort((a, b) => a - b);
}

/** The places of units with a change taken back. */
class UndonePlaces {
  constructor(
    private readonly planContext: PlanContext,
    private readonly changed: ReadonlyMap<number, UndoableUnit>,
  ) {}

  readRows(reshId: number): readonly VersionRow[] {
    return this.changed.get(reshId)?.result.versions ?? this.planContext.unitOfWork.draft.unit(reshId)?.versions ?? [];
  }

  findRow(reshId: number, day: Day): VersionRow | undefined {
    return this.readRows(reshId).find((row) => covers(row, day));
  }

  /** Returns a unit with a name that it has, or had. */
  nameUnit(reshId: number): NamedUnit {
    const undone = this.changed.get(reshId);
    const [versions] = [undone?.now.versions, undone?.before.versions, this.readRows(reshId)].filter(
      (rows) => rows !== undefined && rows.length > 0,
    );
    return { reshId, versions };
  }

  /** Returns whether a unit would be under a parent on a day that is not valid then, or the wrong type. */
  isMisplaced({ reshId, parentReshId, reason }: PlaceConflict, day: Day): boolean {
    const [row, parent] = [this.findRow(reshId, day), this.findRow(parentReshId, day)];
    if (row?.parentReshId !== parentReshId) return false;
    const isUnderDepartment = row.type === 'ORGANIZATION' && parent?.type === 'DEPARTMENT';
    if (reason === 'PARENT_IS_DEPARTMENT') return isUnderDepartment;
    return !parent || (reason === 'CHILD' && isUnderDepartment);
  }

  /** Returns the units whose later changes a conflict may come from: those of the cycle, or the unit and its parent. */
  listInvolved({ reshId, parentReshId, day, reason }: PlaceConflict): readonly number[] {
    if (reason !== 'CYCLE') return [reshId, parentReshId];
    const cycle = new Set<number>([reshId]);
    let current: number | null = parentReshId;
    while (current !== null && !cycle.has(current)) {
      cycle.add(current);
      current = this.findRow(current, day)?.parentReshId ?? null;
    }
    return [...cycle];
  }
}
