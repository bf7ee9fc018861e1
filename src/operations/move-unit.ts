import type { MoveUnitInput } from '../domain/plan/change-input.ts';
import { applyParent } from '../domain/plan/facts.ts';
import { newParentMissing } from '../domain/plan/messages/units.ts';
import { checkParent } from '../domain/plan/parent-rules.ts';
import { findKnownUnit, findVersionOver } from '../domain/plan/valid-unit.ts';
import { coalescePeriods, intersectPeriods, type Period } from '../domain/time/period.ts';
import { findFactEnd } from '../domain/time/timeline.ts';
import type { VersionRow } from '../domain/unit/state.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

/** Moves a unit to another parent, or makes it a root, from a day on. */
export function moveUnit(context: OperationContext, input: MoveUnitInput) {
  return runChange(context, 'moveUnit', input, async (planContext) => {
    await planMove(planContext, input);
    return { shown: { unit: { reshId: input.reshId, day: planContext.day, revision: planContext.revision } } };
  });
}

/** Plans a unit under another parent, until its next planned move. */
export async function planMove(
  { unitOfWork, day, until, ...planContext }: PlanContext,
  { reshId, newParentReshId }: Pick<MoveUnitInput, 'reshId' | 'newParentReshId'>,
): Promise<void> {
  const { draft } = unitOfWork;
  await unitOfWork.load([reshId, newParentReshId]);
  const issues = planContext.issues.at();
  // An absent parent is treated as a mistake; null makes the unit a root.
  if (newParentReshId === undefined) {
    issues.add('newParentReshId', newParentMissing({ field: 'newParentReshId' }));
    return;
  }
  const unit = findKnownUnit(issues, draft, reshId, 'reshId');
  const current = unit && findVersionOver(issues, unit, { day, until });
  if (!unit || !current || issues.hasErrors()) {
    if (newParentReshId !== null) findKnownUnit(issues, draft, newParentReshId, 'newParentReshId');
    return;
  }
  const end = findFactEnd(unit.versions, day, (row) => row.parentReshId, until);
  const period = { from: day, to: end?.to ?? null };
  const newParent =
    newParentReshId === null ? null : { reshId: newParentReshId, versions: draft.unit(newParentReshId)?.versions };
  for (const { type, ...typePeriod } of listTypePeriods(unit.versions, period))
    issues.add('newParentReshId', ...checkParent({ reshId, type, versions: unit.versions }, newParent, typePeriod));
  if (!issues.hasErrors()) applyParent(draft, reshId, { day, until }, newParentReshId);
}

/** Returns the types of a unit over a period, each with its days. A synchronization may have planned another type. */
function listTypePeriods(versions: readonly VersionRow[], period: Period): (Period & Pick<VersionRow, 'type'>)[] {
  const types = versions.flatMap(({ type, ...row }) => {
    const days = intersectPeriods(row, period);
    return days ? [{ type, ...days }] : [];
  });
  return coalescePeriods(types, (earlier, later) => earlier.type === later.type);
}
