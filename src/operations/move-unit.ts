import type { MoveUnitInput } from '../domain/plan/change-input.ts';
import { applyParent } from '../domain/plan/facts.ts';
import { unitNotFoundError, validateParent, findVersionOn } from '../domain/plan/parent-rules.ts';
import { userError } from '../domain/plan/user-error.ts';
import { findFactEnd } from '../domain/time/timeline.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

/** Places a unit under another parent, or at the top, from a day on. */
export function moveUnit(context: OperationContext, input: MoveUnitInput) {
  return runChange(context, 'moveUnit', input, async (planContext) => {
    await planMove(planContext, input);
    return { shown: { unit: { reshId: input.reshId, day: planContext.day, revision: planContext.revision } } };
  });
}

/** Plans a unit under another parent, until the day on which it was already going to move. */
export async function planMove(
  { unitOfWork, day }: PlanContext,
  { reshId, newParentReshId }: Pick<MoveUnitInput, 'reshId' | 'newParentReshId'>,
): Promise<void> {
  const { draft } = unitOfWork;
  await unitOfWork.load([reshId, newParentReshId]);
  // To leave the parent out is a slip; to make a unit a root is to say null.
  if (newParentReshId === undefined)
    return void draft.errors.push(
      userError('REQUIRED', 'newParentReshId', 'Name the new parent; null makes an organization a root.'),
    );
  const unit = draft.unit(reshId);
  const found = unit ? findVersionOn(reshId, unit.versions, day) : { error: unitNotFoundError(reshId, 'reshId') };
  if ('error' in found) draft.errors.push(found.error);
  if (!unit || 'error' in found) {
    if (newParentReshId !== null && !draft.unit(newParentReshId))
      draft.errors.push(unitNotFoundError(newParentReshId, 'newParentReshId'));
    return;
  }
  const end = findFactEnd(unit.versions, day, (row) => row.parentReshId);
  const errors = validateParent(
    { reshId, type: found.row.type, versions: unit.versions },
    newParentReshId === null ? null : { reshId: newParentReshId, versions: draft.unit(newParentReshId)?.versions },
    { from: day, to: end?.to ?? null },
    'newParentReshId',
  );
  draft.errors.push(...errors);
  if (errors.length === 0) applyParent(draft, reshId, day, newParentReshId);
}
