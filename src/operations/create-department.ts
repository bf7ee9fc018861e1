import type { CreateDepartmentInput } from '../domain/change-input.ts';
import { userError } from '../domain/user-error.ts';
import { change, type OperationContext } from './change.ts';
import { planOpening } from './open-unit.ts';

/** Creates a department beneath a unit from a day on. */
export const createDepartment = (context: OperationContext, input: CreateDepartmentInput) =>
  change(context, 'createDepartment', input, async (work) => {
    const { day, revision } = work;
    const { parentReshId, codes, treatmentSite, validTo } = input;
    const { draft } = work.workspace;
    await work.workspace.load([parentReshId]);
    if (typeof validTo === 'string' && validTo <= day) {
      draft.errors.push(
        userError(
          'BAD_PERIOD',
          'validTo',
          `«validTo» is ${validTo}, and the department begins on ${day}; give a later day, or none.`,
        ),
      );
      return { shown: {} };
    }
    const reshId = await planOpening(work, {
      type: 'DEPARTMENT',
      facts: input,
      parent: { reshId: parentReshId, field: 'parentReshId' },
      codes,
      treatmentSite,
      period: { from: day, to: validTo ?? null },
    });
    return { shown: { unit: { reshId, day, revision } } };
  });
