import type { RemoveIdentifierInput } from '../domain/plan/change-input.ts';
import { applyIdentifier, checkIdentifierSystem } from '../domain/plan/identifiers.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { findKnownUnit, findVersionOver } from '../domain/plan/valid-unit.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Removes the identifier of a unit in another system from a day on, until its next planned value. */
export function removeIdentifier(context: OperationContext, input: RemoveIdentifierInput) {
  return runChange(context, 'removeIdentifier', input, async (planContext) => {
    await planRemoval(planContext, input);
    return { shown: { unit: { reshId: input.reshId, day: planContext.day, revision: planContext.revision } } };
  });
}

/** Plans that a unit has no identifier in a system, until its next planned value. */
export async function planRemoval(
  { unitOfWork, issues, day, until }: PlanContext,
  input: Pick<RemoveIdentifierInput, 'reshId' | 'system'>,
): Promise<void> {
  const { draft } = unitOfWork;
  const { reshId } = input;
  await unitOfWork.load([reshId]);
  const system = new TextReader(issues).readLine(input.system, ['system']);
  checkIdentifierSystem(issues, system);
  const unit = findKnownUnit(issues, draft, reshId, 'reshId');
  if (unit) findVersionOver(issues, unit, { day, until });
  if (unit && !issues.hasErrors()) applyIdentifier(draft, unit, { day, until }, { system, value: null });
}
