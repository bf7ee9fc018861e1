import { resolvePlannedConflicts, type PlanConflicts } from '../../domain/plan/planned-conflicts.ts';
import type { Day } from '../../domain/time/day.ts';
import type { UnitState } from '../../domain/unit/state.ts';
import type { UnitType } from '../../domain/unit/unit-type.ts';
import type { SqlClient } from '../../store/database/sql-client.ts';
import { readChildrenFromDay } from '../../store/change/units.ts';
import type { UnitCache } from './unit-cache.ts';

/**
 * Resolves conflicts with plans for later days. Loads the children of units that lose days or become departments, until
 * a round restricts no further unit.
 *
 * @param units by RESH-id; units that are loaded for the conflicts are added
 */
export async function resolveConflictsOfPlans(
  client: SqlClient,
  cache: UnitCache,
  units: Map<number, UnitState>,
  closingIds: readonly number[],
  day: Day,
): Promise<PlanConflicts> {
  const restrictedIds = new Set([...closingIds, ...findNewDepartments(cache, units, day)]);
  let planConflicts: PlanConflicts;
  let newIds: number[];
  do {
    const children = restrictedIds.size === 0 ? [] : await readChildrenFromDay(client, [...restrictedIds], day);
    const newChildIds = children.map(({ reshId }) => reshId).filter((reshId) => !units.has(reshId));
    for (const unit of await cache.load(newChildIds)) units.set(unit.reshId, unit);
    await loadAncestors(cache, units, day);
    planConflicts = resolvePlannedConflicts(units, day);
    newIds = [...planConflicts.restrictedReshIds].filter((reshId) => !restrictedIds.has(reshId));
    for (const reshId of newIds) restrictedIds.add(reshId);
  } while (newIds.length > 0);
  return planConflicts;
}

/** Returns the units that are departments, and were organizations before the desired state, on or after the day. */
function findNewDepartments(cache: UnitCache, units: ReadonlyMap<number, UnitState>, day: Day): number[] {
  const hasTypeFrom = (unit: UnitState | undefined, type: UnitType): boolean =>
    unit?.versions.some((row) => row.type === type && (row.to === null || row.to > day)) ?? false;
  return [...units.values()]
    .filter((unit) => hasTypeFrom(unit, 'DEPARTMENT'))
    .map(({ reshId }) => reshId)
    .filter((reshId) => hasTypeFrom(cache.states.get(reshId), 'ORGANIZATION'));
}

/** Loads the ancestors that units have on the day or later, up to the roots. */
async function loadAncestors(cache: UnitCache, units: Map<number, UnitState>, day: Day): Promise<void> {
  let found = [...units.values()];
  while (found.length > 0) {
    found = await cache.load(findParentIdsFrom(found, day).filter((reshId) => !units.has(reshId)));
    for (const unit of found) units.set(unit.reshId, unit);
  }
}

function findParentIdsFrom(units: readonly UnitState[], day: Day): number[] {
  return units.flatMap(({ versions }) =>
    versions.flatMap(({ parentReshId, to }) =>
      parentReshId !== null && (to === null || to > day) ? [parentReshId] : [],
    ),
  );
}
