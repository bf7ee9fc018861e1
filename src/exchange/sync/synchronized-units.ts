import type { Draft } from '../../domain/plan/draft.ts';
import type { Day } from '../../domain/time/day.ts';
import { covers } from '../../domain/time/period.ts';
import { computeUnitDifference, type UnitDifference } from '../../domain/unit/difference.ts';
import { createEmptyUnit, type UnitState } from '../../domain/unit/state.ts';

/** A unit that a synchronization changes on its day, with its name and its parent before and after. */
export interface SynchronizedUnit extends UnitDifference {
  readonly name: string;
  /** Id of the unit in the system of the desired state */
  readonly foreignId: string | null;
}

/**
 * Lists the units that a plan changes on its day.
 *
 * @param reshIds units of the desired state and absent units, in order
 * @param system of the listed ids, or null
 */
export function listSynchronizedUnits(
  reshIds: readonly number[],
  before: ReadonlyMap<number, UnitState>,
  draft: Draft,
  day: Day,
  system: string | null,
): SynchronizedUnit[] {
  return reshIds.flatMap((reshId) => {
    const stateBefore = before.get(reshId) ?? createEmptyUnit(reshId);
    const stateAfter = draft.unit(reshId) ?? createEmptyUnit(reshId);
    const difference = computeUnitDifference({
      reshId,
      from: { day, history: stateBefore },
      to: { day, history: stateAfter },
      successions: [],
    });
    if (!difference) return [];
    const states = [stateAfter, stateBefore];
    const version = states.flatMap(({ versions }) => versions.filter((row) => covers(row, day)))[0];
    const identifier = states.flatMap(({ identifiers }) =>
      identifiers.filter((row) => row.system === system && covers(row, day)),
    )[0];
    return [{ ...difference, name: version?.name ?? '', foreignId: identifier?.value ?? null }];
  });
}
