import { truncateUnit } from '../../domain/plan/closing.ts';
import { applyDesiredState } from '../../domain/plan/desired-state.ts';
import { Draft } from '../../domain/plan/draft.ts';
import { isValidOnOrAfter, truncateGrants } from '../../domain/plan/grants.ts';
import { resolveNumberConflicts } from '../../domain/plan/number-conflicts.ts';
import type { PlanConflicts } from '../../domain/plan/planned-conflicts.ts';
import { endSuccessions } from '../../domain/plan/successions.ts';
import type { Day } from '../../domain/time/day.ts';
import { covers } from '../../domain/time/period.ts';
import type { UnitState } from '../../domain/unit/state.ts';
import { readGrantsOnUnits } from '../../store/change/access.ts';
import type { SqlClient } from '../../store/database/sql-client.ts';
import { readCodePeriods, readNumberHolders } from '../../store/change/references.ts';
import { readReshIdsWithSuccessions, readSuccessionChains } from '../../store/change/successions.ts';
import type { SyncDifference } from '../../store/sync/difference.ts';
import type { SyncScope } from '../../store/sync/sync-scope.ts';
import { resolveConflictsOfPlans } from './resolve-conflicts.ts';
import {
  describeNumberConflict,
  describeParentConflict,
  describeSuccessionConflict,
  type SyncConflict,
} from './sync-conflicts.ts';
import { listSynchronizedUnits, type SynchronizedUnit } from './synchronized-units.ts';
import { UnitCache } from './unit-cache.ts';

/** The plan of a synchronization. */
export interface SynchronizationPlan {
  readonly conflicts: readonly SyncConflict[];
  /** Rows to write; empty if there are conflicts */
  readonly draft: Draft;
  readonly units: readonly SynchronizedUnit[];
  /** Notes on dropped plans for later days, with their units */
  readonly droppedPlans: PlanConflicts['notes'];
}

type Units = ReadonlyMap<number, UnitState>;

/**
 * Plans the changes that make the register equal to a desired state from its day on. Each fact holds until its next
 * planned change; plans that are no longer possible are dropped.
 *
 * @param today in Oslo: grants on units that close end on this day at the earliest
 */
export async function planSynchronization(
  client: SqlClient,
  difference: SyncDifference,
  { day, system }: Pick<SyncScope, 'day' | 'system'>,
  today: Day,
): Promise<SynchronizationPlan> {
  const { units: desiredUnits, absent } = difference;
  const reshIds = [...desiredUnits.map(({ reshId }) => reshId), ...absent];
  const cache = new UnitCache(client);
  await cache.load(reshIds);
  const before = new Map(cache.states);
  const reopened = findReopenedUnits(difference, before, day);
  const units = await applyDifference(client, difference, before, reopened, day);
  const planned = await resolveConflictsOfPlans(client, cache, units, absent, day);
  const numbers = await resolveNumbers(client, cache, planned.units, day);

  const fileIds = new Set(desiredUnits.map(({ reshId }) => reshId));
  const covered = { absent: new Set(absent), fileIds };
  const conflicts = [
    ...planned.parentConflicts.map((conflict) => describeParentConflict(conflict, units, covered, day)),
    ...numbers.conflicts.map((conflict) => describeNumberConflict(conflict, numbers.known, fileIds, day)),
    ...(await findSuccessionConflicts(client, absent, before, numbers.units, day)),
  ];
  const draft = new Draft([...cache.states.values()]);
  if (conflicts.length === 0) {
    const changed = [...numbers.units.values()].filter((unit) => unit !== cache.states.get(unit.reshId));
    const positions = new Map(desiredUnits.map(({ reshId }, index) => [reshId, index]));
    const position = ({ reshId }: UnitState) => positions.get(reshId) ?? -1;
    draft.replaceAll(changed.sort((one, other) => position(one) - position(other)));
    await endGrantsOfClosed(client, draft, absent, day > today ? day : today);
    await endSuccessionsOf(client, draft, absent, reopened, day);
  }
  return {
    conflicts,
    draft,
    units: listSynchronizedUnits(reshIds, before, draft, day, system),
    droppedPlans: [...planned.notes, ...numbers.notes],
  };
}

function findReopenedUnits({ units }: SyncDifference, before: Units, day: Day): UnitState[] {
  return units.flatMap(({ reshId }) => {
    const unit = before.get(reshId);
    return unit && !unit.versions.some((row) => covers(row, day)) ? [unit] : [];
  });
}

/** Returns the units in their desired state; absent units end on the day. */
async function applyDifference(
  client: SqlClient,
  { units: desiredUnits, absent }: SyncDifference,
  before: Units,
  reopened: readonly UnitState[],
  day: Day,
): Promise<Map<number, UnitState>> {
  const knownCodes = await readCodePeriods(
    client,
    reopened.flatMap(({ codes }) => codes),
  );
  const units = new Map(before);
  for (const unit of desiredUnits)
    units.set(unit.reshId, applyDesiredState(before.get(unit.reshId), unit, day, knownCodes));
  for (const reshId of absent) {
    const unit = before.get(reshId);
    if (unit) units.set(reshId, truncateUnit(unit, day));
  }
  return units;
}

/** Resolves conflicts of organization numbers with all other units that have a number of a changed unit. */
async function resolveNumbers(client: SqlClient, cache: UnitCache, units: Units, day: Day) {
  const numbers = [...units.values()]
    .filter((unit) => unit !== cache.states.get(unit.reshId))
    .flatMap(({ versions }) => versions.flatMap(({ organizationNumber }) => organizationNumber ?? []));
  const holders = await readNumberHolders(client, [...new Set(numbers)]);
  const holderIds = holders
    .filter((holder) => isValidOnOrAfter(holder, day) && !units.has(holder.reshId))
    .map(({ reshId }) => reshId);
  const known = new Map(units);
  for (const unit of await cache.load(holderIds)) known.set(unit.reshId, unit);
  return { ...resolveNumberConflicts(known, day), known };
}

/** Finds absent units that would be withdrawn, because they begin on the day, and have a successor or a predecessor. */
async function findSuccessionConflicts(
  client: SqlClient,
  absent: readonly number[],
  before: Units,
  after: Units,
  day: Day,
): Promise<SyncConflict[]> {
  const withdrawnIds = absent.filter((reshId) => before.has(reshId) && after.get(reshId)?.versions.length === 0);
  if (withdrawnIds.length === 0) return [];
  const idsWithSuccessions = await readReshIdsWithSuccessions(client, withdrawnIds);
  return withdrawnIds
    .filter((reshId) => idsWithSuccessions.has(reshId))
    .map((reshId) => describeSuccessionConflict(reshId, before, day));
}

async function endGrantsOfClosed(client: SqlClient, draft: Draft, absent: readonly number[], end: Day): Promise<void> {
  const grants = absent.length === 0 ? [] : await readGrantsOnUnits(client, absent);
  draft.endGrants(
    truncateGrants(
      grants.filter((grant) => isValidOnOrAfter(grant, end)),
      end,
    ),
  );
}

/**
 * Ends the planned successions of units that close, and the successions of the day of units that no longer close on it.
 */
async function endSuccessionsOf(
  client: SqlClient,
  draft: Draft,
  absent: readonly number[],
  reopened: readonly UnitState[],
  day: Day,
): Promise<void> {
  if (absent.length > 0)
    endSuccessions(draft, absent, await readSuccessionChains(client, absent), ({ effectiveOn }) => effectiveOn > day);
  const unclosedIds = reopened
    .filter(({ versions }) => versions.some(({ to }) => to === day))
    .map(({ reshId }) => reshId);
  if (unclosedIds.length > 0) {
    const chains = await readSuccessionChains(client, unclosedIds);
    endSuccessions(draft, unclosedIds, chains, ({ effectiveOn }) => effectiveOn === day);
  }
}
