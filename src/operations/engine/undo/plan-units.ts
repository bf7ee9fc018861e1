import type { Draft } from '../../../domain/plan/draft.ts';
import { codeNotRestored } from '../../../domain/plan/messages/notes.ts';
import { findMisplaced, type PlacedRow } from '../../../domain/plan/undo/placement.ts';
import { dropInvalidCodes, listRegainedCodes } from '../../../domain/plan/undo/references.ts';
import type { Problem } from '../../../domain/plan/user-error.ts';
import { FIRST_DAY, type Day } from '../../../domain/time/day.ts';
import { findFirstUncoveredDay, intersectPeriods } from '../../../domain/time/period.ts';
import type { UnitState } from '../../../domain/unit/state.ts';
import { readCodePeriods } from '../../../store/change/references.ts';
import type { ChildRow } from '../../../store/change/units.ts';
import type { PlanContext } from '../plan-context.ts';
import { checkReferences } from './check-references.ts';
import { describePlaceConflicts, type PlaceConflict } from './describe-places.ts';
import type { UndoneSite } from './plan-sites.ts';
import { losesDays, type UndoableUnit } from './undone-units.ts';

/**
 * Plans the units of a change with the change taken back, if they can have their former places, organization numbers
 * and treatment sites.
 *
 * @param units all units that the change altered
 * @param sites treatment sites with the change taken back
 * @param revision revision of the change to undo
 * @returns what stands in the way; with any of it, the units stay as they are
 */
export async function planUndoneUnits(
  planContext: PlanContext,
  units: readonly UndoableUnit[],
  sites: readonly UndoneSite[],
  revision: number,
): Promise<Problem[]> {
  const { draft } = planContext.unitOfWork;
  for (const { now } of units) draft.track(now);
  const changed = new Map(
    units.filter(({ restorations }) => restorations.length > 0).map((unit) => [unit.result.reshId, unit]),
  );
  await loadAncestors(planContext, changed);

  const conflicts = [...findMisplacedUnits(draft, changed), ...(await findMisplacedChildren(planContext, changed))];
  const problems = [
    ...(await describePlaceConflicts(planContext, conflicts, changed, revision)),
    ...(await checkReferences(planContext, changed, sites, revision)),
  ];
  if (problems.length === 0) draft.replaceAll(await dropLostCodes(planContext, changed));
  return problems;
}

/** Loads the parents that units get back, and all units above them. */
async function loadAncestors({ unitOfWork }: PlanContext, changed: ReadonlyMap<number, UndoableUnit>): Promise<void> {
  const requested = new Set<number>();
  const listMissing = (): number[] => {
    const versions = [
      ...[...changed.values()].flatMap(({ result }) => result.versions),
      ...unitOfWork.draft.units.flatMap((unit) => unit.versions),
    ];
    const reshIds = versions.flatMap(({ parentReshId, path }) => [...path, ...(parentReshId ? [parentReshId] : [])]);
    return [...new Set(reshIds)].filter((reshId) => !requested.has(reshId) && !unitOfWork.draft.unit(reshId));
  };
  let missing = listMissing();
  while (missing.length > 0) {
    for (const reshId of missing) requested.add(reshId);
    await unitOfWork.load(missing);
    missing = listMissing();
  }
}

function findMisplacedUnits(draft: Draft, changed: ReadonlyMap<number, UndoableUnit>): PlaceConflict[] {
  const rows = new Map<number, readonly PlacedRow<number>[]>();
  const readRows = (reshId: number): readonly PlacedRow<number>[] => {
    const unit = changed.get(reshId)?.result ?? draft.unit(reshId);
    const placed = rows.get(reshId) ?? toPlacedRows(unit);
    rows.set(reshId, placed);
    return placed;
  };
  return findMisplaced([...changed.keys()], readRows).map(({ key, parent, day, reason }) => ({
    reshId: key,
    parentReshId: parent,
    day,
    reason,
  }));
}

function toPlacedRows(unit: UnitState | undefined): PlacedRow<number>[] {
  return (unit?.versions ?? []).map(({ from, to, parentReshId, type }) => ({ from, to, parent: parentReshId, type }));
}

/** Returns the units that the change did not alter, and that lose their parent on some day with the change. */
async function findMisplacedChildren(
  { unitOfWork }: PlanContext,
  changed: ReadonlyMap<number, UndoableUnit>,
): Promise<PlaceConflict[]> {
  const parents = [...changed.values()].filter((unit) => losesDays(unit) || becomesDepartment(unit));
  if (parents.length === 0) return [];
  const children = await unitOfWork.findChildrenFrom(
    parents.map(({ result }) => result.reshId),
    FIRST_DAY,
  );
  const conflicts = new Map<string, PlaceConflict>();
  for (const child of children) {
    const parent = changed.get(child.parentReshId ?? 0);
    const day = parent && !changed.has(child.reshId) ? findMisplacedDay(child, parent.result) : undefined;
    const parentReshId = parent?.result.reshId;
    const key = `${child.reshId} ${parentReshId}`;
    if (day !== undefined && parentReshId !== undefined && !conflicts.has(key))
      conflicts.set(key, { reshId: child.reshId, parentReshId, day, reason: 'CHILD' });
  }
  return [...conflicts.values()];
}

function becomesDepartment({ now, result }: UndoableUnit): boolean {
  return (
    now.versions.some(({ type }) => type === 'ORGANIZATION') &&
    result.versions.some(({ type }) => type === 'DEPARTMENT')
  );
}

function findMisplacedDay(child: ChildRow, parent: UnitState): Day | undefined {
  const departmentPeriods = parent.versions.flatMap((row) =>
    row.type === 'DEPARTMENT' ? (intersectPeriods(row, child) ?? []) : [],
  );
  return (
    findFirstUncoveredDay(parent.versions, child) ??
    (child.type === 'ORGANIZATION' ? departmentPeriods[0]?.from : undefined)
  );
}

/** Returns the units without the codes that they cannot get back, with a note for each. */
async function dropLostCodes(
  { tx, unitOfWork }: PlanContext,
  changed: ReadonlyMap<number, UndoableUnit>,
): Promise<UnitState[]> {
  const units = [...changed.values()];
  const regained = units.flatMap(listRegainedCodes);
  if (regained.length === 0) return units.map(({ result }) => result);
  const known = await readCodePeriods(tx, regained);
  return units.map((unit) => {
    const { codes, lost } = dropInvalidCodes(unit, known);
    unitOfWork.draft.addNotes(...lost.map(({ code, day }) => codeNotRestored({ unit: unit.result, code, day })));
    return lost.length > 0 ? { ...unit.result, codes } : unit.result;
  });
}
