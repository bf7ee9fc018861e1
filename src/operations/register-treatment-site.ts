import type { RegisterTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { readAddress } from '../domain/plan/facts.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { unitLabel, unitNotFoundError } from '../domain/plan/parent-rules.ts';
import { userError } from '../domain/plan/user-error.ts';
import { isOrganizationNumber } from '../domain/text/organization-number.ts';
import { readSitePeriods } from '../store/change/references.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

const noAddress = { lines: [], postalCode: null, city: null, country: null };

/** Registers a treatment site (behandlingssted) with the days of its own life; the day of the change plays no part. */
export function registerTreatmentSite(context: OperationContext, input: RegisterTreatmentSiteInput) {
  return runChange(context, 'registerTreatmentSite', input, async (planContext) => {
    const { tx } = planContext;
    const { organizationNumber, legalEntityReshId, validFrom, validTo, address } = input;
    const { draft } = planContext.unitOfWork;
    await planContext.unitOfWork.load([legalEntityReshId]);
    const texts = new TextReader();
    const name = texts.readLine(input.name, ['name']);
    const municipality = texts.readOptionalLine(input.municipality, ['municipality']);
    const { lines, ...addressFields } = address ? readAddress(texts, address, ['address']) : noAddress;
    draft.errors.push(...texts.errors);
    if (!isOrganizationNumber(organizationNumber))
      draft.errors.push(
        userError(
          'BAD_CHECK_DIGIT',
          'organizationNumber',
          `The last digit of ${organizationNumber} is not its check digit; correct the number.`,
        ),
      );
    const [registered] = await readSitePeriods(tx, [organizationNumber]);
    if (registered)
      draft.errors.push(
        userError(
          'DUPLICATE_ORGANIZATION_NUMBER',
          'organizationNumber',
          `Treatment site ${organizationNumber} is in the register already, as «${registered.name}».`,
        ),
      );
    const [holder] = await planContext.unitOfWork.findNumberHolders(organizationNumber);
    if (holder)
      draft.warnings.push(
        userError(
          'SITE_IS_ENTERPRISE_NUMBER',
          'organizationNumber',
          `${organizationNumber} is the number of unit ${unitLabel(holder.reshId, [holder])} itself; a treatment site should have the number of the establishment.`,
        ),
      );
    if (typeof legalEntityReshId === 'number' && !draft.unit(legalEntityReshId))
      draft.errors.push(unitNotFoundError(legalEntityReshId, 'legalEntityReshId'));
    if (typeof validFrom === 'string' && typeof validTo === 'string' && validTo <= validFrom)
      draft.errors.push(
        userError(
          'BAD_PERIOD',
          'validTo',
          `«validTo» is ${validTo}, and the site begins on ${validFrom}; give a later day, or none.`,
        ),
      );
    if (draft.errors.length === 0)
      draft.sites.push({
        organizationNumber,
        name,
        municipality,
        addressLines: lines,
        ...addressFields,
        legalEntityReshId: legalEntityReshId ?? null,
        from: validFrom ?? null,
        to: validTo ?? null,
      });
    return { shown: { treatmentSite: organizationNumber }, effectiveOn: null };
  });
}
