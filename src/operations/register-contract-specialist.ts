import type { RegisterContractSpecialistInput } from '../domain/plan/change-input.ts';
import { unitLabel } from '../domain/plan/parent-rules.ts';
import { userError } from '../domain/plan/user-error.ts';
import { covers } from '../domain/time/period.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../domain/unit/code-sets.ts';
import { planNewUnit } from './engine/plan-new-unit.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Registers a contract specialist (avtalespesialist): an organization under the region that it has its agreement with. */
export function registerContractSpecialist(context: OperationContext, input: RegisterContractSpecialistInput) {
  return runChange(context, 'registerContractSpecialist', input, async (planContext) => {
    const { day, revision } = planContext;
    const { regionReshId, organizationNumber, codes, treatmentSite, designation } = input;
    const { draft } = planContext.unitOfWork;
    await planContext.unitOfWork.load([regionReshId]);
    if (typeof designation === 'string' && designation !== CONTRACT_SPECIALIST_DESIGNATION)
      draft.errors.push(
        userError(
          'NOT_ALLOWED',
          'designation',
          `A contract specialist has designation ${CONTRACT_SPECIALIST_DESIGNATION}; leave «designation» out.`,
        ),
      );
    const region = draft.unit(regionReshId)?.versions;
    if (region?.some((row) => covers(row, day) && row.parentReshId !== null))
      draft.errors.push(
        userError(
          'WRONG_PARENT_TYPE',
          'regionReshId',
          `Unit ${unitLabel(regionReshId, region)} is no region: it stands beneath another unit. Name the top of the tree.`,
        ),
      );
    const reshId = await planNewUnit(planContext, {
      type: 'ORGANIZATION',
      facts: { ...input, designation: CONTRACT_SPECIALIST_DESIGNATION },
      parent: { reshId: regionReshId, field: 'regionReshId' },
      organizationNumber,
      codes,
      treatmentSite,
      period: { from: day, to: null },
    });
    return { shown: { unit: { reshId, day, revision } } };
  });
}
