import type { UpdateUnitInput } from '../domain/plan/change-input.ts';
import { checkDesignation } from '../domain/plan/codes.ts';
import { readFacts } from '../domain/plan/fact-input.ts';
import { applyFacts, applyOrganizationNumber } from '../domain/plan/facts.ts';
import { checkOrganizationNumber } from '../domain/plan/references.ts';
import { findKnownUnit, findVersionOver } from '../domain/plan/valid-unit.ts';
import { addDays } from '../domain/time/day.ts';
import { findFactEnd } from '../domain/time/timeline.ts';
import { DESIGNATION_CODE_SET } from '../domain/unit/code-sets.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

/** Sets facts of a unit from a day on; absent facts stay as they are, null clears. */
export function updateUnit(context: OperationContext, input: UpdateUnitInput) {
  return runChange(context, 'updateUnit', input, async (planContext) => {
    await planUpdate(planContext, input);
    return { shown: { unit: { reshId: input.reshId, day: planContext.day, revision: planContext.revision } } };
  });
}

/** Plans facts of a unit, each until the next planned change of that fact. */
export async function planUpdate(
  { unitOfWork, day, until, ...planContext }: PlanContext,
  input: Omit<UpdateUnitInput, 'effectiveOn' | 'effectiveTo'>,
): Promise<void> {
  const { reshId, organizationNumber } = input;
  const { draft } = unitOfWork;
  const issues = planContext.issues.at();
  await unitOfWork.load([reshId]);
  const facts = readFacts(issues, input);
  const unit = findKnownUnit(issues, draft, reshId, 'reshId');
  const current = unit && findVersionOver(issues, unit, { day, until });
  const { designationCode } = facts;
  // A designation that the unit already has may stay, retired or not.
  if (typeof designationCode === 'string' && designationCode !== current?.designationCode) {
    const known = await unitOfWork.stored.findCodePeriods([{ codeSet: DESIGNATION_CODE_SET, code: designationCode }]);
    issues.add('designation', ...checkDesignation(known, designationCode, day));
  }
  if (typeof organizationNumber === 'string') {
    const end = unit && findFactEnd(unit.versions, day, (row) => row.organizationNumber, until);
    const holders = await unitOfWork.findNumberHolders(organizationNumber);
    // If the unit is not valid on the day, only the day itself is checked.
    const usagePeriod = { from: day, to: end ? end.to : addDays(day, 1) };
    issues.add('organizationNumber', ...checkOrganizationNumber(organizationNumber, holders, reshId, usagePeriod));
  }
  if (issues.hasErrors()) return;
  applyFacts(draft, reshId, { day, until }, facts);
  if (organizationNumber !== undefined) applyOrganizationNumber(draft, reshId, { day, until }, organizationNumber);
}
