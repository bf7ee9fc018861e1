import type { MoveUnitInput } from '../domain/plan/change-input.ts';
import { applyParent } from '../domain/plan/facts.ts';
import { notFound, placeErrors, versionOn } from '../domain/plan/parent-rules.ts';
import { endOfFact } from '../domain/time/timeline.ts';
import { userError } from '../domain/plan/user-error.ts';
import { change, type OperationContext, type Work } from './engine/run-change.ts';

/** Plans a unit under another parent, until the day on which it was already going to move. */
export const planMove = async (
  { workspace, day }: Work,
  { reshId, newParentReshId }: Pick<MoveUnitInput, 'reshId' | 'newParentReshId'>,
): Promise<void> => {
  const { draft } = workspace;
  await workspace.load([reshId, newParentReshId]);
  // To leave the parent out is a slip; to make a unit a root is to say null.
  if (newParentReshId === undefined)
    return void draft.errors.push(
      userError('REQUIRED', 'newParentReshId', 'Name the new parent; null makes an organization a root.'),
    );
  const unit = draft.unit(reshId);
  const found = unit ? versionOn(reshId, unit.versions, day) : { error: notFound(reshId, 'reshId') };
  if ('error' in found) draft.errors.push(found.error);
  if (!unit || 'error' in found) {
    if (newParentReshId !== null && !draft.unit(newParentReshId))
      draft.errors.push(notFound(newParentReshId, 'newParentReshId'));
    return;
  }
  const end = endOfFact(unit.versions, day, (row) => row.parentReshId);
  const errors = placeErrors(
    { reshId, type: found.row.type, versions: unit.versions },
    newParentReshId === null ? null : { reshId: newParentReshId, versions: draft.unit(newParentReshId)?.versions },
    { from: day, to: end?.to ?? null },
    'newParentReshId',
  );
  draft.errors.push(...errors);
  if (errors.length === 0) applyParent(draft, reshId, day, newParentReshId);
};

/** Places a unit under another parent, or at the top, from a day on. */
export const moveUnit = (context: OperationContext, input: MoveUnitInput) =>
  change(context, 'moveUnit', input, async (work) => {
    await planMove(work, input);
    return { shown: { unit: { reshId: input.reshId, day: work.day, revision: work.revision } } };
  });
