import { truncateGrants, isValidOnOrAfter } from '../../domain/plan/grants.ts';
import type { Day } from '../../domain/time/day.ts';
import type { PlanContext } from './plan-context.ts';

/**
 * Ends the grants on units that close or are withdrawn, on the later of a day and today. A grant that the plan has
 * already shortened is shortened further.
 */
export async function endUnitGrants(
  { unitOfWork, today }: PlanContext,
  reshIds: readonly number[],
  day: Day,
): Promise<void> {
  const end = day > today ? day : today;
  const { draft } = unitOfWork;
  const ended = new Set(draft.grants.superseded.map(({ id }) => id));
  const grants = (await unitOfWork.stored.findGrantsOnUnits(reshIds)).filter(
    (grant) => isValidOnOrAfter(grant, end) && !ended.has(grant.id),
  );
  draft.truncatePlannedGrants(new Set(reshIds), end);
  draft.endGrants(truncateGrants(grants, end));
}
