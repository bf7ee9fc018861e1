import type { RegisterTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { badCheckDigit, siteAlreadyRegistered, siteHasNumberOfUnit } from '../domain/plan/messages/references.ts';
import { periodEndsBeforeItBegins } from '../domain/plan/messages/units.ts';
import { readSiteAddress } from '../domain/plan/treatment-sites/site-facts.ts';
import { findKnownUnit } from '../domain/plan/valid-unit.ts';
import type { SiteRow } from '../domain/plan/write-set.ts';
import { FIRST_DAY } from '../domain/time/day.ts';
import { isOrganizationNumber } from '../domain/text/organization-number.ts';
import { readSitePeriods } from '../store/change/references.ts';
import type { PlanContext } from './engine/plan-context.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Registers a treatment site (behandlingssted) with its own period; the day of the change has no effect on it. */
export function registerTreatmentSite(context: OperationContext, input: RegisterTreatmentSiteInput) {
  return runChange(context, 'registerTreatmentSite', input, async (planContext) => {
    await planContext.unitOfWork.load([input.legalEntityReshId]);
    const site = readSite(planContext, input);
    await checkSite(planContext, input);
    if (!planContext.issues.hasErrors()) planContext.unitOfWork.draft.addSites(site);
    return { shown: { treatmentSite: input.organizationNumber }, effectiveOn: null };
  });
}

function readSite({ issues }: PlanContext, input: RegisterTreatmentSiteInput): SiteRow {
  const texts = new TextReader(issues);
  const name = texts.readLine(input.name, ['name']);
  const municipality = texts.readOptionalLine(input.municipality, ['municipality']);
  const address = readSiteAddress(issues, input.address);
  return {
    organizationNumber: input.organizationNumber,
    name,
    municipality,
    ...address,
    legalEntityReshId: input.legalEntityReshId ?? null,
    from: input.validFrom ?? FIRST_DAY,
    to: input.validTo ?? null,
  };
}

async function checkSite(
  { tx, unitOfWork, issues }: PlanContext,
  { organizationNumber, legalEntityReshId, validFrom, validTo }: RegisterTreatmentSiteInput,
): Promise<void> {
  if (!isOrganizationNumber(organizationNumber))
    issues.add('organizationNumber', badCheckDigit({ organizationNumber }));
  const [registered] = await readSitePeriods(tx, [organizationNumber]);
  if (registered)
    issues.add('organizationNumber', siteAlreadyRegistered({ organizationNumber, name: registered.name }));
  const [holder] = await unitOfWork.findNumberHolders(organizationNumber);
  if (holder) {
    const unit = { reshId: holder.reshId, versions: [holder] };
    issues.warn('organizationNumber', siteHasNumberOfUnit({ organizationNumber, unit }));
  }
  if (typeof legalEntityReshId === 'number')
    findKnownUnit(issues, unitOfWork.draft, legalEntityReshId, 'legalEntityReshId');
  if (typeof validFrom === 'string' && typeof validTo === 'string' && validTo <= validFrom)
    issues.add('validTo', periodEndsBeforeItBegins({ what: 'site', validFrom: validFrom, validTo }));
}
