import { truncateUnit } from '../../domain/plan/closing.ts';
import { applyDesiredState } from '../../domain/plan/desired-state.ts';
import { Draft } from '../../domain/plan/draft.ts';
import { truncateGrants, isValidOnOrAfter } from '../../domain/plan/grants.ts';
import { unitLabel } from '../../domain/plan/parent-rules.ts';
import {
  resolveNumberConflicts,
  resolvePlannedConflicts,
  type PlanConflicts,
} from '../../domain/plan/planned-conflicts.ts';
import { endSuccessions } from '../../domain/plan/successions.ts';
import type { Day } from '../../domain/time/day.ts';
import { covers } from '../../domain/time/period.ts';
import { computeUnitDifference, type UnitDifference } from '../../domain/unit/difference.ts';
import { createEmptyUnit, type UnitState } from '../../domain/unit/state.ts';
import { readGrantsOnUnits } from '../../store/change/access.ts';
import type { SqlClient } from '../../store/database/sql-client.ts';
import { readCodePeriods, readNumberHolders } from '../../store/change/references.ts';
import { readReshIdsWithSuccessions, readSuccessionChains } from '../../store/change/successions.ts';
import { readChildrenFromDay, readUnitStates } from '../../store/change/units.ts';
import type { SyncDifference, SyncScope } from '../../store/sync/difference.ts';

/** Something that stands in the way of a unit being as the picture has it, or of its closing. */
export interface SyncConflict {
  readonly reshId: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly problem: string;
  readonly remedy: string;
}

/** A unit that a synchronization changes on its day, with its name and its place before and after. */
export interface SynchronizedUnit extends UnitDifference {
  readonly name: string;
  /** Its id in the system whose units the picture is of */
  readonly foreignId: string | null;
}

/** What a synchronization comes to. */
export interface SynchronizationPlan {
  readonly conflicts: readonly SyncConflict[];
  readonly draft: Draft;
  readonly units: readonly SynchronizedUnit[];
  /** Plans for later days that fall away, by the unit */
  readonly droppedPlans: PlanConflicts['notes'];
}

/** The register as a plan loads it, each unit once. */
class UnitCache {
  readonly states = new Map<number, UnitState>();
  private readonly requestedIds = new Set<number>();

  constructor(private readonly tx: SqlClient) {}

  /** Loads units that were not asked for before; tells which of them there are. */
  async load(reshIds: Iterable<number>): Promise<UnitState[]> {
    const newIds = [...new Set(reshIds)].filter((reshId) => !this.requestedIds.has(reshId));
    if (newIds.length === 0) return [];
    for (const reshId of newIds) this.requestedIds.add(reshId);
    const found = [...(await readUnitStates(this.tx, newIds)).values()];
    for (const unit of found) this.states.set(unit.reshId, unit);
    return found;
  }
}

/**
 * Plans how the register becomes what a picture of a day has, from the day on. Facts hold until the next day on which they were
 * already going to change; plans that cannot be any more fall away.
 *
 * @param system whose ids of units are told, or null
 * @param today in Oslo: grants on what closes end then at the earliest
 */
export async function planSynchronization(
  tx: SqlClient,
  { units: desiredUnits, absent }: SyncDifference,
  { day, system }: Pick<SyncScope, 'day' | 'system'>,
  today: Day,
): Promise<SynchronizationPlan> {
  const cache = new UnitCache(tx);
  await cache.load([...desiredUnits.map(({ reshId }) => reshId), ...absent]);
  const before = new Map(cache.states);
  const isValid = (unit: UnitState | undefined) => unit?.versions.some((row) => covers(row, day)) ?? false;
  const reopenedUnits = desiredUnits.flatMap(({ reshId }) => {
    const unit = before.get(reshId);
    return unit && !isValid(unit) ? [unit] : [];
  });
  const knownCodes = await readCodePeriods(
    tx,
    reopenedUnits.flatMap(({ codes }) => codes),
  );
  const units = new Map(before);
  for (const unit of desiredUnits)
    units.set(unit.reshId, applyDesiredState(before.get(unit.reshId), unit, day, knownCodes));
  const closingUnits = absent.flatMap((reshId) => before.get(reshId) ?? []);
  for (const unit of closingUnits) units.set(unit.reshId, truncateUnit(unit, day));

  const planConflicts = await loadAndResolveConflicts(tx, cache, units, absent, day);
  const closingIds = new Set(absent);
  const conflicts = planConflicts.parentConflicts.map((misplaced) =>
    toMisplacementConflict(misplaced, units, closingIds, day),
  );
  const resolvedUnits = new Map(planConflicts.units);
  const numbers = [...resolvedUnits.values()]
    .filter((unit) => unit !== cache.states.get(unit.reshId))
    .flatMap(({ versions }) => versions.flatMap(({ organizationNumber }) => organizationNumber ?? []));
  const holders = await cache.load(
    (await readNumberHolders(tx, [...new Set(numbers)]))
      .filter((holder) => isValidOnOrAfter(holder, day) && !resolvedUnits.has(holder.reshId))
      .map(({ reshId }) => reshId),
  );
  for (const unit of holders) resolvedUnits.set(unit.reshId, unit);
  const numberConflicts = resolveNumberConflicts(resolvedUnits, day);
  const fileIds = new Set(desiredUnits.map(({ reshId }) => reshId));
  for (const { reshId, otherReshId, organizationNumber } of numberConflicts.conflicts) {
    const [one, other] = fileIds.has(reshId) ? [reshId, otherReshId] : [otherReshId, reshId];
    conflicts.push({
      reshId: one,
      column: 'organization_number',
      value: organizationNumber,
      problem: `is that of unit ${unitLabel(other, resolvedUnits.get(other)?.versions)} on ${day}`,
      remedy: 'an organization number belongs to one unit: correct the row, or free the number first',
    });
  }
  const withdrawnIds = closingUnits
    .map(({ reshId }) => reshId)
    .filter((reshId) => numberConflicts.units.get(reshId)?.versions.length === 0);
  const idsWithSuccessions =
    withdrawnIds.length === 0 ? new Set<number>() : await readReshIdsWithSuccessions(tx, withdrawnIds);
  for (const reshId of withdrawnIds)
    if (idsWithSuccessions.has(reshId))
      conflicts.push({
        reshId,
        column: null,
        value: null,
        problem: `unit ${unitLabel(reshId, before.get(reshId)?.versions)} is missing from the file, begins on ${day}, and became another, or another became it`,
        remedy: 'add it to the file, or choose a later day',
      });

  const draft = new Draft([...cache.states.values()]);
  const changed = [...numberConflicts.units.values()].filter((unit) => unit !== cache.states.get(unit.reshId));
  if (conflicts.length === 0) {
    const positions = new Map(desiredUnits.map(({ reshId }, index) => [reshId, index]));
    draft.replaceAll(
      changed.sort((one, other) => (positions.get(one.reshId) ?? -1) - (positions.get(other.reshId) ?? -1)),
    );
    const grantsEnd = day > today ? day : today;
    const grants = absent.length === 0 ? [] : await readGrantsOnUnits(tx, absent);
    draft.endGrants(
      truncateGrants(
        grants.filter((grant) => isValidOnOrAfter(grant, grantsEnd)),
        grantsEnd,
      ),
    );
    if (absent.length > 0)
      endSuccessions(draft, absent, await readSuccessionChains(tx, absent), ({ effectiveOn }) => effectiveOn > day);
    const unclosedIds = reopenedUnits
      .filter(({ versions }) => versions.some(({ to }) => to === day))
      .map(({ reshId }) => reshId);
    if (unclosedIds.length > 0)
      endSuccessions(
        draft,
        unclosedIds,
        await readSuccessionChains(tx, unclosedIds),
        ({ effectiveOn }) => effectiveOn === day,
      );
  }
  return {
    conflicts,
    draft,
    units: [...desiredUnits.map(({ reshId }) => reshId), ...absent].flatMap((reshId): SynchronizedUnit[] => {
      const [stateBefore, stateAfter] = [
        before.get(reshId) ?? createEmptyUnit(reshId),
        draft.unit(reshId) ?? createEmptyUnit(reshId),
      ];
      const difference = computeUnitDifference({
        reshId,
        from: { day, history: stateBefore },
        to: { day, history: stateAfter },
        successions: [],
      });
      if (!difference) return [];
      const row = [stateAfter, stateBefore].flatMap(
        ({ versions }) => versions.find((version) => covers(version, day)) ?? [],
      )[0];
      const foreignIdentifier = [stateAfter, stateBefore].flatMap(
        ({ identifiers }) =>
          identifiers.find((identifier) => identifier.system === system && covers(identifier, day)) ?? [],
      )[0];
      return [{ ...difference, name: row?.name ?? '', foreignId: foreignIdentifier?.value ?? null }];
    }),
    droppedPlans: [...planConflicts.notes, ...numberConflicts.notes],
  };
}

/** Lets plans yield, and loads what stands beneath units that lose days until nothing more is beneath any. */
async function loadAndResolveConflicts(
  tx: SqlClient,
  cache: UnitCache,
  units: Map<number, UnitState>,
  closingIds: readonly number[],
  day: Day,
): Promise<PlanConflicts> {
  for (let shortenedIds: readonly number[] = closingIds; ;) {
    const children = shortenedIds.length === 0 ? [] : await readChildrenFromDay(tx, shortenedIds, day);
    const found = await cache.load(children.map(({ reshId }) => reshId).filter((reshId) => !units.has(reshId)));
    for (const unit of found) units.set(unit.reshId, unit);
    await loadAncestors(cache, units, day);
    const planConflicts = resolvePlannedConflicts(units, day);
    const knownIds = new Set(shortenedIds);
    const newIds = [...planConflicts.truncatedReshIds].filter((reshId) => !knownIds.has(reshId));
    if (newIds.length === 0) return planConflicts;
    shortenedIds = [...shortenedIds, ...newIds];
  }
}

/** Loads what stands above units on some day from a day on, up to the roots. */
async function loadAncestors(cache: UnitCache, units: Map<number, UnitState>, day: Day): Promise<void> {
  for (let next: Iterable<UnitState> = units.values(); ;) {
    const found = await cache.load(findParentIdsFrom(next, day).filter((reshId) => !units.has(reshId)));
    if (found.length === 0) return;
    for (const unit of found) units.set(unit.reshId, unit);
    next = found;
  }
}

function findParentIdsFrom(units: Iterable<UnitState>, day: Day): number[] {
  return [...units].flatMap(({ versions }) =>
    versions.flatMap(({ parentReshId, to }) =>
      parentReshId !== null && (to === null || to > day) ? [parentReshId] : [],
    ),
  );
}

function toMisplacementConflict(
  { reshId, parentReshId, reason }: PlanConflicts['parentConflicts'][number],
  units: ReadonlyMap<number, UnitState>,
  absent: ReadonlySet<number>,
  day: Day,
): SyncConflict {
  const [unit, parent] = [reshId, parentReshId].map((id) => unitLabel(id, units.get(id)?.versions)) as [string, string];
  if (reason === 'PARENT_CLOSED' && absent.has(parentReshId))
    return {
      reshId: parentReshId,
      column: null,
      value: null,
      problem: `unit ${parent} is missing from the file and would close, and unit ${unit}, of which the file says nothing, stands beneath it on ${day}`,
      remedy: `move or close unit ${reshId} first, or add unit ${parentReshId} to the file`,
    };
  return {
    reshId,
    column: 'parent_resh_id',
    value: String(parentReshId),
    problem:
      reason === 'CYCLE'
        ? `leads back to unit ${unit} itself, through units of which the file says nothing`
        : reason === 'WRONG_PARENT_TYPE'
          ? `is the department ${parent}, and unit ${unit} is an organization`
          : `is unit ${parent}, which is not valid on ${day}`,
    remedy: 'correct the parent',
  };
}
