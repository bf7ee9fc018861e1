import type { UpdateUnitInput } from '../domain/plan/change-input.ts';
import { DESIGNATION_CODE_SET } from '../domain/unit/code-sets.ts';
import { addDays } from '../domain/time/day.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { applyFacts, applyOrganizationNumber, readFacts } from '../domain/plan/facts.ts';
import { notFound, versionOn } from '../domain/plan/parent-rules.ts';
import { designationErrors, numberErrors } from '../domain/plan/references.ts';
import { endOfFact } from '../domain/time/timeline.ts';
import { readKnownCodes } from '../store/change/references.ts';
import { change, type OperationContext, type Work } from './engine/run-change.ts';

/** Plans facts of a unit, each until the day on which that fact was already going to change. */
export const planUpdate = async ({ tx, workspace, day }: Work, input: UpdateUnitInput): Promise<void> => {
  const { reshId, organizationNumber } = input;
  const { draft } = workspace;
  await workspace.load([reshId]);
  const texts = new TextReader();
  const facts = readFacts(input, texts);
  const errors = [...texts.errors];
  const unit = draft.unit(reshId);
  const found = unit && versionOn(reshId, unit.versions, day);
  if (!unit) errors.push(notFound(reshId, 'reshId'));
  if (found && 'error' in found) errors.push(found.error);
  const row = found && 'row' in found ? found.row : undefined;
  const { designationCode } = facts;
  // A designation that the unit has already stays, retired or not.
  if (typeof designationCode === 'string' && designationCode !== row?.designationCode) {
    const known = await readKnownCodes(tx, [{ codeSet: DESIGNATION_CODE_SET, code: designationCode }]);
    errors.push(...designationErrors(known, designationCode, day));
  }
  if (typeof organizationNumber === 'string') {
    const end = unit && endOfFact(unit.versions, day, ({ organizationNumber: number }) => number);
    const holders = await workspace.numberHolders(organizationNumber);
    // Where the unit is not there the number is judged on the day alone.
    const used = { from: day, to: end ? end.to : addDays(day, 1) };
    errors.push(...numberErrors(organizationNumber, holders, reshId, used));
  }
  draft.errors.push(...errors);
  if (errors.length > 0) return;
  applyFacts(draft, reshId, day, facts);
  if (organizationNumber !== undefined) applyOrganizationNumber(draft, reshId, day, organizationNumber);
};

/** Sets facts of a unit from a day on; what is absent from the input is kept, null clears. */
export const updateUnit = (context: OperationContext, input: UpdateUnitInput) =>
  change(context, 'updateUnit', input, async (work) => {
    await planUpdate(work, input);
    return { shown: { unit: { reshId: input.reshId, day: work.day, revision: work.revision } } };
  });
