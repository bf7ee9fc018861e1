import type { CreateDepartmentInput } from '../domain/change-input.ts';
import { userError } from '../domain/user-error.ts';
import { change, type OperationContext } from './change.ts';
import { loadDraft } from './load-draft.ts';
import { planOpening } from './open-unit.ts';

/** Creates a department beneath a unit from a day on. */
export const createDepartment = (context: OperationContext, input: CreateDepartmentInput) =>
  change(context, 'createDepartment', input, async ({ tx, day, revision }) => {
    const { parentReshId, codes, treatmentSite, validTo } = input;
    const draft = await loadDraft(tx, [parentReshId]);
    if (typeof validTo === 'string' && validTo <= day) {
      draft.errors.push(
        userError(
          'BAD_PERIOD',
          'validTo',
          `«validTo» is ${validTo}, and the department begins on ${day}; give a later day, or none.`,
        ),
      );
      return { draft, shown: {} };
    }
    const reshId = await planOpening(tx, draft, {
      type: 'DEPARTMENT',
      facts: input,
      parent: { reshId: parentReshId, field: 'parentReshId' },
      codes,
      treatmentSite,
      period: { from: day, to: validTo ?? null },
    });
    return { draft, shown: { unit: { reshId, day, revision } } };
  });
