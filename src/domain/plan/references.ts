import { isOrganizationNumber } from '../text/organization-number.ts';
import { FIRST_DAY, type Day } from '../time/day.ts';
import { compareByFirstDay, covers, findFirstUncoveredDay, overlap, type Period } from '../time/period.ts';
import { SERVICE_CODE_SETS } from '../unit/code-sets.ts';
import type { UnitState } from '../unit/state.ts';
import type { Issues } from './issues.ts';
import {
  badCheckDigit,
  organizationNumberTaken,
  regainedNumberTaken,
  serviceWithoutSite,
  siteIsEnterprise,
  siteNotFound,
  siteNotValid,
} from './messages/references.ts';
import type { Problem } from './user-error.ts';

/** Days of a code or a treatment site; null on either side means no bound. */
export interface ReferencePeriod {
  readonly from: Day | null;
  readonly to: Day | null;
}

/** A unit that has an organization number, and the days on which it has it. */
export interface NumberHolder extends Period {
  readonly reshId: number;
  readonly name: string;
}

/** Returns the days of a reference as a period. */
export function toPeriod({ from, to }: ReferencePeriod): Period {
  return { from: from ?? FIRST_DAY, to };
}

/** Returns the problems of an organization number over a period (rule 5). */
export function checkOrganizationNumber(
  organizationNumber: string,
  holders: readonly NumberHolder[],
  reshId: number,
  period: Period,
): Problem[] {
  const problems = checkCheckDigit(organizationNumber);
  return problems.length > 0 ? problems : checkNumberHolders(organizationNumber, holders, reshId, period);
}

/** Returns the problem of an organization number with a wrong check digit. */
export function checkCheckDigit(organizationNumber: string): Problem[] {
  return isOrganizationNumber(organizationNumber) ? [] : [badCheckDigit({ organizationNumber })];
}

/** Returns the problem of an organization number that another unit has on some day of a period. */
export function checkNumberHolders(
  organizationNumber: string,
  holders: readonly NumberHolder[],
  reshId: number,
  period: Period,
): Problem[] {
  const other = holders.find((holder) => holder.reshId !== reshId && overlap(holder, period));
  if (!other) return [];
  const holder = { reshId: other.reshId, versions: [other] };
  return [organizationNumberTaken({ organizationNumber, holder, held: other })];
}

/** Returns the problem of an organization number that a unit gets back while another unit has it. */
export function checkRegainedNumber(
  organizationNumber: string,
  holders: readonly NumberHolder[],
  reshId: number,
  period: Period,
): Problem[] {
  const held = holders.find((holder) => holder.reshId !== reshId && overlap(holder, period));
  return held
    ? [regainedNumberTaken({ organizationNumber, holder: { reshId: held.reshId, versions: [held] }, held })]
    : [];
}

/** Returns the problems of using a treatment site over a period (rule 7). */
export function checkTreatmentSite(
  organizationNumber: string,
  periods: readonly ReferencePeriod[],
  usagePeriod: Period,
): Problem[] {
  if (!isOrganizationNumber(organizationNumber)) return [badCheckDigit({ organizationNumber })];
  if (periods.length === 0) return [siteNotFound({ organizationNumber })];
  const day = findFirstUncoveredDay(periods.map(toPeriod).sort(compareByFirstDay), usagePeriod);
  return day === undefined ? [] : [siteNotValid({ organizationNumber, day })];
}

/**
 * Warns about the treatment site and the service codes of a unit on a day.
 *
 * @param enterpriseNumber organization number of the nearest organization; null to skip the comparison with it
 * @param fields fields of the input that set the codes and the site; only given ones get warnings
 */
export function warnAboutServices(
  issues: Issues,
  unit: UnitState,
  day: Day,
  enterpriseNumber: string | null,
  fields: { readonly codes?: string; readonly site?: string },
): void {
  const row = unit.versions.find((version) => covers(version, day));
  const hasService = unit.codes.some((code) => covers(code, day) && SERVICE_CODE_SETS.includes(code.codeSet));
  if (!row) return;
  const { treatmentSiteNumber } = row;
  if (fields.codes && hasService && treatmentSiteNumber === null)
    issues.warn(fields.codes, serviceWithoutSite({ unit }));
  if (fields.site && treatmentSiteNumber && treatmentSiteNumber === enterpriseNumber)
    issues.warn(fields.site, siteIsEnterprise({ organizationNumber: treatmentSiteNumber }));
}
