import type { UpdateTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { planSiteUpdate } from '../domain/plan/treatment-sites/plan-site.ts';
import { readSitePatch } from '../domain/plan/treatment-sites/site-facts.ts';
import { findKnownUnit, findValidVersion } from '../domain/plan/valid-unit.ts';
import { readSiteRows, readSiteUse } from '../store/change/treatment-sites.ts';
import { checkExpectedSiteRevision } from './engine/expected-revision.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/**
 * Changes facts of a treatment site (behandlingssted) from a day on, each until its next planned change. Absent facts
 * stay as they are; null clears.
 */
export function updateTreatmentSite(context: OperationContext, input: UpdateTreatmentSiteInput) {
  return runChange(context, 'updateTreatmentSite', input, async (planContext) => {
    const { tx, unitOfWork, issues, day, revision } = planContext;
    const { draft } = unitOfWork;
    const { organizationNumber, legalEntityReshId } = input;
    await unitOfWork.load([legalEntityReshId]);
    const patch = readSitePatch(issues, input);
    const legalEntity =
      typeof legalEntityReshId === 'number'
        ? findKnownUnit(issues, draft, legalEntityReshId, 'legalEntityReshId')
        : undefined;
    if (legalEntity) findValidVersion(issues, legalEntity, day, 'legalEntityReshId');
    await checkExpectedSiteRevision(planContext, organizationNumber, input.expectedRevision);
    const site = { organizationNumber, rows: await readSiteRows(tx, [organizationNumber]) };
    planSiteUpdate(draft, issues, site, patch, day, await readSiteUse(tx, organizationNumber, day));
    return { shown: { treatmentSite: { organizationNumber, day, revision } } };
  });
}
