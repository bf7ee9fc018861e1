import type { RegisterTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { TextReader } from '../domain/plan/input-text.ts';
import { isOrganizationNumber } from '../domain/text/organization-number.ts';
import { readAddress } from '../domain/plan/facts.ts';
import { called, notFound } from '../domain/plan/parent-rules.ts';
import { userError } from '../domain/plan/user-error.ts';
import { readSitePeriods } from '../store/change/references.ts';
import { change, type OperationContext } from './engine/run-change.ts';

const noAddress = { lines: [], postalCode: null, city: null, country: null };

/** Registers a treatment site (behandlingssted) with the days of its own life; the day of the change plays no part. */
export const registerTreatmentSite = (context: OperationContext, input: RegisterTreatmentSiteInput) =>
  change(context, 'registerTreatmentSite', input, async (work) => {
    const { tx } = work;
    const { organizationNumber, legalEntityReshId, validFrom, validTo, address } = input;
    const { draft } = work.workspace;
    await work.workspace.load([legalEntityReshId]);
    const texts = new TextReader();
    const name = texts.line(input.name, ['name']);
    const municipality = texts.optionalLine(input.municipality, ['municipality']);
    const { lines, ...place } = address ? readAddress(texts, address, ['address']) : noAddress;
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
    const [holder] = await work.workspace.numberHolders(organizationNumber);
    if (holder)
      draft.warnings.push(
        userError(
          'SITE_IS_ENTERPRISE_NUMBER',
          'organizationNumber',
          `${organizationNumber} is the number of unit ${called(holder.reshId, [holder])} itself; a treatment site should have the number of the establishment.`,
        ),
      );
    if (typeof legalEntityReshId === 'number' && !draft.unit(legalEntityReshId))
      draft.errors.push(notFound(legalEntityReshId, 'legalEntityReshId'));
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
        ...place,
        legalEntityReshId: legalEntityReshId ?? null,
        from: validFrom ?? null,
        to: validTo ?? null,
      });
    return { shown: { treatmentSite: organizationNumber }, effectiveOn: null };
  });
