import type { ReopenTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { planSiteReopening } from '../domain/plan/treatment-sites/plan-site.ts';
import { readSiteRows } from '../store/change/treatment-sites.ts';
import { checkExpectedSiteRevision } from './engine/expected-revision.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/**
 * Makes a closed treatment site (behandlingssted) valid again from a day on, as on its last day; before its first day,
 * it begins on the day instead.
 */
export function reopenTreatmentSite(context: OperationContext, input: ReopenTreatmentSiteInput) {
  return runChange(context, 'reopenTreatmentSite', input, async (planContext) => {
    const { tx, unitOfWork, issues, day, revision } = planContext;
    const { organizationNumber } = input;
    await checkExpectedSiteRevision(planContext, organizationNumber, input.expectedRevision);
    const rows = await readSiteRows(tx, [organizationNumber]);
    planSiteReopening(unitOfWork.draft, issues, { organizationNumber, rows }, day);
    return { shown: { treatmentSite: { organizationNumber, day, revision } } };
  });
}
