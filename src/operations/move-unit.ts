import type { MoveUnitInput } from '../domain/change-input.ts';
import { applyParent } from '../domain/plan-facts.ts';
import { notFound, placeErrors, versionOn } from '../domain/plan-place.ts';
import type { Draft } from '../domain/draft.ts';
import type { Day } from '../domain/day.ts';
import { endOfFact } from '../domain/timeline.ts';
import { userError } from '../domain/user-error.ts';
import { change, type OperationContext } from './change.ts';
import { loadDraft } from './load-draft.ts';

/** Plans a unit under another parent from a day on, until the day on which it was already going to move. */
export const planMove = (draft: Draft, reshId: number, newParentReshId: number | null, day: Day): void => {
  const unit = draft.unit(reshId);
  if (!unit) return void draft.errors.push(notFound(reshId, 'reshId'));
  const found = versionOn(reshId, unit.versions, day);
  if ('error' in found) return void draft.errors.push(found.error);
  const end = endOfFact(unit.versions, day, (row) => row.parentReshId);
  const parent =
    newParentReshId === null ? null : { reshId: newParentReshId, versions: draft.unit(newParentReshId)?.versions };
  const errors = placeErrors(
    { reshId, type: found.row.type, versions: unit.versions },
    parent,
    { from: day, to: end?.to ?? null },
    'newParentReshId',
  );
  if (errors.length > 0) return void draft.errors.push(...errors);
  applyParent(draft, reshId, day, newParentReshId);
};

/** Places a unit under another parent, or at the top, from a day on. */
export const moveUnit = (context: OperationContext, input: MoveUnitInput) =>
  change(context, 'moveUnit', input, async ({ tx, day, revision }) => {
    const { reshId, newParentReshId } = input;
    const draft = await loadDraft(tx, [reshId, newParentReshId]);
    // To leave the parent out is a slip; to make a unit a root is to say null.
    if (newParentReshId === undefined)
      draft.errors.push(
        userError('REQUIRED', 'newParentReshId', 'Name the new parent; null makes an organization a root.'),
      );
    else planMove(draft, reshId, newParentReshId, day);
    return { draft, shown: { unit: { reshId, day, revision } } };
  });
