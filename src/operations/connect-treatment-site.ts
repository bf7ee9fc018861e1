import type { ConnectTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { applyTreatmentSite } from '../domain/plan/facts.ts';
import { unitNotFoundError, findVersionOn } from '../domain/plan/parent-rules.ts';
import { findServiceWarnings, validateTreatmentSite } from '../domain/plan/references.ts';
import { addDays } from '../domain/time/day.ts';
import { findFactEnd } from '../domain/time/timeline.ts';
import { readSitePeriods } from '../store/change/references.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Ties a unit to a treatment site from a day on. */
export function connectTreatmentSite(context: OperationContext, input: ConnectTreatmentSiteInput) {
  return runChange(context, 'connectTreatmentSite', input, async ({ tx, unitOfWork, day, revision }) => {
    const { reshId, organizationNumber } = input;
    const { draft } = unitOfWork;
    await unitOfWork.load([reshId]);
    const shown = { unit: { reshId, day, revision } };
    const unit = draft.unit(reshId);
    if (!unit) draft.errors.push(unitNotFoundError(reshId, 'reshId'));
    const found = unit && findVersionOn(reshId, unit.versions, day);
    if (found && 'error' in found) draft.errors.push(found.error);
    const end = unit && findFactEnd(unit.versions, day, (row) => row.treatmentSiteNumber);
    const periods = await readSitePeriods(tx, [organizationNumber]);
    // Where the unit is not there the site is judged on the day alone.
    const usagePeriod = { from: day, to: end ? end.to : addDays(day, 1) };
    draft.errors.push(...validateTreatmentSite(organizationNumber, periods, usagePeriod, 'organizationNumber'));
    if (draft.errors.length > 0 || !found || !('row' in found)) return { shown };
    applyTreatmentSite(draft, reshId, day, organizationNumber);
    const enterpriseNumber = await unitOfWork.findEnterpriseNumber(found.row.path, day);
    draft.warnings.push(
      ...findServiceWarnings(reshId, draft.unit(reshId)?.versions ?? [], [], day, enterpriseNumber, {
        site: 'organizationNumber',
      }),
    );
    return { shown };
  });
}
