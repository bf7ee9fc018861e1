import type { CreateDepartmentInput } from '../domain/plan/change-input.ts';
import { userError } from '../domain/plan/user-error.ts';
import { addDays } from '../domain/time/day.ts';
import { planNewUnit } from './engine/plan-new-unit.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

/** Creates a department beneath a unit from a day on. */
export function createDepartment(context: OperationContext, input: CreateDepartmentInput) {
  return runChange(context, 'createDepartment', input, async (planContext) => {
    const reshId = await planDepartment(planContext, input);
    const { day, revision } = planContext;
    return { shown: reshId === undefined ? {} : { unit: { reshId, day, revision } } };
  });
}

/**
 * Plans a department beneath a unit.
 *
 * @returns RESH-id of the department; undefined where its days cannot be
 */
export async function planDepartment(
  planContext: PlanContext,
  input: CreateDepartmentInput,
): Promise<number | undefined> {
  const { day, unitOfWork } = planContext;
  const { parentReshId, codes, treatmentSite, validTo } = input;
  const isEmptyPeriod = typeof validTo === 'string' && validTo <= day;
  if (isEmptyPeriod)
    unitOfWork.draft.errors.push(
      userError(
        'BAD_PERIOD',
        'validTo',
        `«validTo» is ${validTo}, and the department begins on ${day}; give a later day, or none.`,
      ),
    );
  const reshId = await planNewUnit(planContext, {
    type: 'DEPARTMENT',
    facts: input,
    parent: { reshId: parentReshId, field: 'parentReshId' },
    codes,
    treatmentSite,
    // What else is wrong is told by its first day, where there is no other.
    period: { from: day, to: isEmptyPeriod ? addDays(day, 1) : (validTo ?? null) },
  });
  return isEmptyPeriod ? undefined : reshId;
}
