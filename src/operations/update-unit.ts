import type { UpdateUnitInput } from '../domain/plan/change-input.ts';
import { applyFacts, applyOrganizationNumber, readFacts } from '../domain/plan/facts.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { unitNotFoundError, findVersionOn } from '../domain/plan/parent-rules.ts';
import { validateDesignation, validateOrganizationNumber } from '../domain/plan/references.ts';
import { addDays } from '../domain/time/day.ts';
import { findFactEnd } from '../domain/time/timeline.ts';
import { DESIGNATION_CODE_SET } from '../domain/unit/code-sets.ts';
import { readCodePeriods } from '../store/change/references.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

/** Sets facts of a unit from a day on; what is absent from the input is kept, null clears. */
export function updateUnit(context: OperationContext, input: UpdateUnitInput) {
  return runChange(context, 'updateUnit', input, async (planContext) => {
    await planUpdate(planContext, input);
    return { shown: { unit: { reshId: input.reshId, day: planContext.day, revision: planContext.revision } } };
  });
}

/** Plans facts of a unit, each until the day on which that fact was already going to change. */
export async function planUpdate({ tx, unitOfWork, day }: PlanContext, input: UpdateUnitInput): Promise<void> {
  const { reshId, organizationNumber } = input;
  const { draft } = unitOfWork;
  await unitOfWork.load([reshId]);
  const texts = new TextReader();
  const facts = readFacts(input, texts);
  const errors = [...texts.errors];
  const unit = draft.unit(reshId);
  const found = unit && findVersionOn(reshId, unit.versions, day);
  if (!unit) errors.push(unitNotFoundError(reshId, 'reshId'));
  if (found && 'error' in found) errors.push(found.error);
  const row = found && 'row' in found ? found.row : undefined;
  const { designationCode } = facts;
  // A designation that the unit has already stays, retired or not.
  if (typeof designationCode === 'string' && designationCode !== row?.designationCode) {
    const known = await readCodePeriods(tx, [{ codeSet: DESIGNATION_CODE_SET, code: designationCode }]);
    errors.push(...validateDesignation(known, designationCode, day));
  }
  if (typeof organizationNumber === 'string') {
    const end = unit && findFactEnd(unit.versions, day, ({ organizationNumber: number }) => number);
    const holders = await unitOfWork.findNumberHolders(organizationNumber);
    // Where the unit is not there the number is judged on the day alone.
    const usagePeriod = { from: day, to: end ? end.to : addDays(day, 1) };
    errors.push(...validateOrganizationNumber(organizationNumber, holders, reshId, usagePeriod));
  }
  draft.errors.push(...errors);
  if (errors.length > 0) return;
  applyFacts(draft, reshId, day, facts);
  if (organizationNumber !== undefined) applyOrganizationNumber(draft, reshId, day, organizationNumber);
}
