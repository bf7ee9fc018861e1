import { truncateGrants, isValidOnOrAfter } from '../../domain/plan/grants.ts';
import type { PlanContext } from './plan-context.ts';

/** Ends the grants on units that close, on the later of the day of the change and today; a grant ends only once. */
export async function endUnitGrants(
  { unitOfWork, day, today }: PlanContext,
  reshIds: readonly number[],
): Promise<void> {
  const end = day > today ? day : today;
  const { draft } = unitOfWork;
  const ended = new Set(draft.grants.superseded.map(({ id }) => id));
  const grants = (await unitOfWork.stored.findGrantsOnUnits(reshIds)).filter(
    (grant) => isValidOnOrAfter(grant, end) && !ended.has(grant.id),
  );
  draft.endGrants(truncateGrants(grants, end));
}
