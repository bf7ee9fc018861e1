import type { CloseTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { planSiteClosing } from '../domain/plan/treatment-sites/plan-site.ts';
import { dayBefore } from '../domain/time/day.ts';
import { readSiteRows, readSiteUse } from '../store/change/treatment-sites.ts';
import { checkExpectedSiteRevision } from './engine/expected-revision.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Ends a treatment site (behandlingssted) that no unit uses on a day, the first on which it is no longer valid. */
export function closeTreatmentSite(context: OperationContext, input: CloseTreatmentSiteInput) {
  return runChange(context, 'closeTreatmentSite', input, async (planContext) => {
    const { tx, unitOfWork, issues, day, revision } = planContext;
    const { organizationNumber } = input;
    await checkExpectedSiteRevision(planContext, organizationNumber, input.expectedRevision);
    const site = { organizationNumber, rows: await readSiteRows(tx, [organizationNumber]) };
    planSiteClosing(unitOfWork.draft, issues, site, day, await readSiteUse(tx, organizationNumber, day));
    return { shown: { treatmentSite: { organizationNumber, day: dayBefore(day), revision } } };
  });
}
