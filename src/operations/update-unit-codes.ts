import type { UpdateUnitCodesInput } from '../domain/plan/change-input.ts';
import { assignCode, checkAssignedCodes, checkEndedCodes, collectCodeKeys, endCode } from '../domain/plan/codes.ts';
import { warnAboutServices } from '../domain/plan/references.ts';
import { findKnownUnit, findVersionOver } from '../domain/plan/valid-unit.ts';
import { findUnbrokenPeriod } from '../domain/time/period.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

/** Assigns codes to a unit and ends others, from a day on. */
export function updateUnitCodes(context: OperationContext, input: UpdateUnitCodesInput) {
  return runChange(context, 'updateUnitCodes', input, async (planContext) => {
    await planCodes(planContext, input);
    return { shown: { unit: { reshId: input.reshId, day: planContext.day, revision: planContext.revision } } };
  });
}

/**
 * Plans codes that a unit gets and codes that end.
 *
 * @param addField field of the input with the codes to add
 */
export async function planCodes(
  { unitOfWork, day, until, ...planContext }: PlanContext,
  input: Pick<UpdateUnitCodesInput, 'reshId' | 'add' | 'end'>,
  addField: 'add' | 'codes' = 'add',
): Promise<void> {
  const { reshId } = input;
  const { draft } = unitOfWork;
  const issues = planContext.issues.at();
  const [add, end] = [input.add ?? [], input.end ?? []];
  await unitOfWork.load([reshId]);
  const unit = findKnownUnit(issues, draft, reshId, 'reshId');
  const known = await unitOfWork.stored.findCodePeriods(collectCodeKeys(add));

  if (unit) findVersionOver(issues, unit, { day, until });
  checkAssignedCodes(issues, known, add, unit?.codes ?? [], day, addField);
  checkEndedCodes(issues, unit, { add, end }, day);
  if (!unit || issues.hasErrors()) return;

  const validTo = findUnbrokenPeriod(unit.versions, day)?.to ?? null;
  const ended = end.reduce((codes, key) => endCode(codes, key, { day, until }), [...unit.codes]);
  const codes = add.reduce((assigned, code) => assignCode(assigned, code, { day, until }, validTo), ended);
  draft.set(reshId, { codes });
  if (add.length > 0) warnAboutServices(issues, { ...unit, codes }, day, null, { codes: addField });
}
