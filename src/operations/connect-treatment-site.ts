import type { ConnectTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { applyTreatmentSite } from '../domain/plan/facts.ts';
import { checkTreatmentSite, warnAboutServices } from '../domain/plan/references.ts';
import { findKnownUnit, findVersionOver } from '../domain/plan/valid-unit.ts';
import { addDays } from '../domain/time/day.ts';
import { findFactEnd } from '../domain/time/timeline.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Connects a unit to a treatment site from a day on. */
export function connectTreatmentSite(context: OperationContext, input: ConnectTreatmentSiteInput) {
  return runChange(context, 'connectTreatmentSite', input, async (planContext) => {
    await planConnection(planContext, input);
    return { shown: { unit: { reshId: input.reshId, day: planContext.day, revision: planContext.revision } } };
  });
}

/** Plans the treatment site of a unit, until its next planned change. */
export async function planConnection(
  { unitOfWork, issues, day, until }: PlanContext,
  { reshId, organizationNumber }: Pick<ConnectTreatmentSiteInput, 'reshId' | 'organizationNumber'>,
): Promise<void> {
  const { draft } = unitOfWork;
  await unitOfWork.load([reshId]);
  const sitePeriods = await unitOfWork.stored.findSitePeriods([organizationNumber]);

  const unit = findKnownUnit(issues, draft, reshId, 'reshId');
  const current = unit && findVersionOver(issues, unit, { day, until });
  const end = unit && findFactEnd(unit.versions, day, (row) => row.treatmentSiteNumber, until);
  // If the unit is not valid on the day, only the day itself is checked.
  const usagePeriod = { from: day, to: end ? end.to : addDays(day, 1) };
  issues.add('organizationNumber', ...checkTreatmentSite(organizationNumber, sitePeriods, usagePeriod));
  if (issues.hasErrors() || !current) return;

  applyTreatmentSite(draft, reshId, { day, until }, organizationNumber);
  const enterpriseNumber = await unitOfWork.findEnterpriseNumber(current.path, day);
  const connected = draft.unit(reshId);
  if (connected) warnAboutServices(issues, connected, day, enterpriseNumber, { site: 'organizationNumber' });
}
