import type { SetUnitCodesInput } from '../domain/plan/change-input.ts';
import { unitLabel, unitNotFoundError, findVersionOn } from '../domain/plan/parent-rules.ts';
import {
  validateCodeList,
  validateAssignedCodes,
  collectCodeKeys,
  findServiceWarnings,
  assignCode,
  endCode,
} from '../domain/plan/references.ts';
import { userError, type UserError } from '../domain/plan/user-error.ts';
import { covers, findUnbrokenPeriod } from '../domain/time/period.ts';
import type { CodeKey } from '../domain/unit/filter.ts';
import type { UnitState } from '../domain/unit/state.ts';
import { readCodePeriods } from '../store/change/references.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

/** Gives codes to a unit and ends others, from a day on. */
export function setUnitCodes(context: OperationContext, input: SetUnitCodesInput) {
  return runChange(context, 'setUnitCodes', input, async (planContext) => {
    await planCodes(planContext, input);
    return { shown: { unit: { reshId: input.reshId, day: planContext.day, revision: planContext.revision } } };
  });
}

/** Plans codes that a unit gets and codes that end. */
export async function planCodes(
  { tx, unitOfWork, day }: PlanContext,
  input: Pick<SetUnitCodesInput, 'reshId' | 'add' | 'end'>,
): Promise<void> {
  const { reshId } = input;
  const { draft } = unitOfWork;
  const [add, end] = [input.add ?? [], input.end ?? []];
  await unitOfWork.load([reshId]);
  const unit = draft.unit(reshId);
  if (!unit) return void draft.errors.push(unitNotFoundError(reshId, 'reshId'));
  const found = findVersionOn(reshId, unit.versions, day);
  const errors = [
    ...('error' in found ? [found.error] : []),
    ...validateAssignedCodes(await readCodePeriods(tx, collectCodeKeys(add)), add, unit.codes, day, 'add'),
    ...validateEndedCodes(unit, { add, end }, day),
  ];
  draft.errors.push(...errors);
  if (errors.length > 0) return;
  const validTo = findUnbrokenPeriod(unit.versions, day)?.to ?? null;
  const ended = end.reduce((codes, key) => endCode(codes, key, day), [...unit.codes]);
  const codes = add.reduce((assigned, code) => assignCode(assigned, code, day, validTo), ended);
  draft.set(reshId, { codes });
  if (add.length > 0)
    draft.warnings.push(...findServiceWarnings(reshId, unit.versions, codes, day, null, { codes: 'add' }));
}

function validateEndedCodes(
  { reshId, versions, codes }: UnitState,
  { add, end }: { readonly add: readonly CodeKey[]; readonly end: readonly CodeKey[] },
  day: string,
): UserError[] {
  return validateCodeList(end, ['end'], (key, field, isDuplicate) => {
    const code = `${key.codeSet}:${key.code}`;
    return [
      ...(codes.some((row) => isSameCode(row, key) && covers(row, day))
        ? []
        : [userError('NOT_FOUND', field, `Unit ${unitLabel(reshId, versions)} does not have code ${code} on ${day}.`)]),
      ...(add.some((other) => isSameCode(other, key))
        ? [userError('GIVEN_TWICE', field, `Code ${code} stands in «add» too; keep one of them.`)]
        : []),
      ...(isDuplicate ? [userError('GIVEN_TWICE', field, `Code ${code} stands twice in «end»; keep one.`)] : []),
    ];
  });
}

function isSameCode(one: CodeKey, other: CodeKey): boolean {
  return one.codeSet === other.codeSet && one.code === other.code;
}
