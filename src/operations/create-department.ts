import type { CreateDepartmentInput } from '../domain/plan/change-input.ts';
import { periodEndsBeforeItBegins } from '../domain/plan/messages/units.ts';
import { addDays } from '../domain/time/day.ts';
import { planNewUnit } from './engine/plan-new-unit.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

/** Creates a department under a unit from a day on. */
export function createDepartment(context: OperationContext, input: CreateDepartmentInput) {
  return runChange(context, 'createDepartment', input, async (planContext) => {
    const reshId = await planDepartment(planContext, input);
    const { day, revision } = planContext;
    return { shown: reshId === undefined ? {} : { unit: { reshId, day, revision } } };
  });
}

/**
 * Plans a department under a unit.
 *
 * @returns RESH-id of the department; undefined if it would end before it begins
 */
export async function planDepartment(
  planContext: PlanContext,
  input: CreateDepartmentInput,
): Promise<number | undefined> {
  const { day, issues } = planContext;
  const { parentReshId, codes, treatmentSite, validTo } = input;
  const isEmptyPeriod = typeof validTo === 'string' && validTo <= day;
  if (isEmptyPeriod) issues.add('validTo', periodEndsBeforeItBegins({ what: 'department', validFrom: day, validTo }));
  const reshId = await planNewUnit(planContext, {
    type: 'DEPARTMENT',
    facts: input,
    parent: { reshId: parentReshId, field: 'parentReshId' },
    codes,
    treatmentSite,
    // The first day alone is enough to find the other errors.
    period: { from: day, to: isEmptyPeriod ? addDays(day, 1) : (validTo ?? null) },
  });
  return isEmptyPeriod ? undefined : reshId;
}
