import type { RegisterContractSpecialistInput } from '../domain/plan/change-input.ts';
import { notARegion, specialistDesignationFixed } from '../domain/plan/messages/references.ts';
import { covers } from '../domain/time/period.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../domain/unit/code-sets.ts';
import { planNewUnit } from './engine/plan-new-unit.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Registers a contract specialist (avtalespesialist): an organization under the region of its agreement. */
export function registerContractSpecialist(context: OperationContext, input: RegisterContractSpecialistInput) {
  return runChange(context, 'registerContractSpecialist', input, async (planContext) => {
    const { unitOfWork, issues, day, revision } = planContext;
    const { regionReshId, organizationNumber, codes, treatmentSite, designation } = input;
    await unitOfWork.load([regionReshId]);
    if (typeof designation === 'string' && designation !== CONTRACT_SPECIALIST_DESIGNATION)
      issues.add('designation', specialistDesignationFixed({ designation: CONTRACT_SPECIALIST_DESIGNATION }));
    const region = unitOfWork.draft.unit(regionReshId);
    if (region?.versions.some((row) => covers(row, day) && row.parentReshId !== null))
      issues.add('regionReshId', notARegion({ unit: region }));
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
