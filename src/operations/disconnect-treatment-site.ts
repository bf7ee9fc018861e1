import type { DisconnectTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { applyTreatmentSite } from '../domain/plan/facts.ts';
import { warnAboutServices } from '../domain/plan/references.ts';
import { findKnownUnit, findVersionOver } from '../domain/plan/valid-unit.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Disconnects a unit from its treatment site from a day on. */
export function disconnectTreatmentSite(context: OperationContext, input: DisconnectTreatmentSiteInput) {
  return runChange(context, 'disconnectTreatmentSite', input, async (planContext) => {
    await planDisconnection(planContext, input);
    return { shown: { unit: { reshId: input.reshId, day: planContext.day, revision: planContext.revision } } };
  });
}

/** Plans that a unit has no treatment site, until its next planned one. */
export async function planDisconnection(
  { unitOfWork, issues: changeIssues, day, until }: PlanContext,
  { reshId }: Pick<DisconnectTreatmentSiteInput, 'reshId'>,
): Promise<void> {
  const { draft } = unitOfWork;
  const issues = changeIssues.at();
  await unitOfWork.load([reshId]);
  const unit = findKnownUnit(issues, draft, reshId, 'reshId');
  if (!unit || !findVersionOver(issues, unit, { day, until }) || issues.hasErrors()) return;
  applyTreatmentSite(draft, reshId, { day, until }, null);
  warnAboutServices(issues, draft.unit(reshId) ?? unit, day, null, { codes: 'reshId' });
}
