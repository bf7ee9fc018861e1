import type { CreateDepartmentInput } from '../domain/plan/change-input.ts';
import { addDays } from '../domain/time/day.ts';
import { userError } from '../domain/plan/user-error.ts';
import { change, type OperationContext, type Work } from './engine/run-change.ts';
import { planOpening } from './engine/plan-new-unit.ts';

/**
 * Plans a department beneath a unit.
 *
 * @returns RESH-id of the department; undefined where its days cannot be
 */
export const planDepartment = async (work: Work, input: CreateDepartmentInput): Promise<number | undefined> => {
  const { day, workspace } = work;
  const { parentReshId, codes, treatmentSite, validTo } = input;
  const isEmpty = typeof validTo === 'string' && validTo <= day;
  if (isEmpty)
    workspace.draft.errors.push(
      userError(
        'BAD_PERIOD',
        'validTo',
        `«validTo» is ${validTo}, and the department begins on ${day}; give a later day, or none.`,
      ),
    );
  const reshId = await planOpening(work, {
    type: 'DEPARTMENT',
    facts: input,
    parent: { reshId: parentReshId, field: 'parentReshId' },
    codes,
    treatmentSite,
    // What else is wrong is told by its first day, where there is no other.
    period: { from: day, to: isEmpty ? addDays(day, 1) : (validTo ?? null) },
  });
  return isEmpty ? undefined : reshId;
};

/** Creates a department beneath a unit from a day on. */
export const createDepartment = (context: OperationContext, input: CreateDepartmentInput) =>
  change(context, 'createDepartment', input, async (work) => {
    const reshId = await planDepartment(work, input);
    const { day, revision } = work;
    return { shown: reshId === undefined ? {} : { unit: { reshId, day, revision } } };
  });
