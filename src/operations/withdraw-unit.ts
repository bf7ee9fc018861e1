import type { WithdrawUnitInput } from '../domain/plan/change-input.ts';
import { withdrawnUnitHasChildren, withdrawnUnitHasSuccessions } from '../domain/plan/messages/units.ts';
import { findKnownUnit } from '../domain/plan/valid-unit.ts';
import { dayBefore, FIRST_DAY, type Day } from '../domain/time/day.ts';
import { covers } from '../domain/time/period.ts';
import { findReferenceVersion } from '../domain/time/reference-version.ts';
import type { UnitState, VersionRow } from '../domain/unit/state.ts';
import { endUnitGrants } from './engine/end-grants.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/**
 * Removes a unit that was registered in error from all days. Earlier revisions still have it, and its RESH-id is not
 * assigned again.
 */
export function withdrawUnit(context: OperationContext, input: WithdrawUnitInput) {
  return runChange(context, 'withdrawUnit', input, async (planContext) => {
    const { reshId } = input;
    const { today, revision } = planContext;
    const unit = await planWithdrawal(planContext, input);
    if (!unit) return { shown: {} };
    return {
      shown: { unit: { reshId, day: chooseDisplayDay(unit.versions, today), revision: revision - 1 } },
      effectiveOn: unit.versions[0]?.from ?? null,
    };
  });
}

/**
 * Plans the removal of a unit from all days, with the grants on it.
 *
 * @returns the unit before its withdrawal; undefined if the register does not have it
 */
export async function planWithdrawal(
  planContext: PlanContext,
  { reshId }: Pick<WithdrawUnitInput, 'reshId'>,
): Promise<UnitState | undefined> {
  const { unitOfWork, today } = planContext;
  const { draft } = unitOfWork;
  const issues = planContext.issues.at();
  await unitOfWork.load([reshId]);
  const unit = findKnownUnit(issues, draft, reshId, 'reshId');
  if (!unit) return undefined;
  const children = await unitOfWork.findChildrenFrom([reshId], FIRST_DAY);
  const childByReshId = new Map(children.map((child) => [child.reshId, child]));
  if (childByReshId.size > 0)
    issues.add('reshId', withdrawnUnitHasChildren({ unit, children: [...childByReshId.values()] }));
  if (await unitOfWork.hasSuccessions(reshId)) issues.add('reshId', withdrawnUnitHasSuccessions({ unit }));
  if (issues.hasErrors()) return unit;
  await endUnitGrants(planContext, [reshId], today);
  draft.withdraw(reshId);
  return unit;
}

/** Returns a day on which a withdrawn unit was valid: today, or else the nearest day of its reference version. */
function chooseDisplayDay(versions: readonly VersionRow[], today: Day): Day {
  const row = findReferenceVersion(versions, today);
  if (!row || covers(row, today)) return today;
  return row.to === null || row.from > today ? row.from : dayBefore(row.to);
}
