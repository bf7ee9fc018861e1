import type { ConnectTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { addDays } from '../domain/time/day.ts';
import { applyTreatmentSite } from '../domain/plan/facts.ts';
import { notFound, versionOn } from '../domain/plan/parent-rules.ts';
import { serviceWarnings, siteErrors } from '../domain/plan/references.ts';
import { endOfFact } from '../domain/time/timeline.ts';
import { readSitePeriods } from '../store/change/references.ts';
import { change, type OperationContext } from './engine/run-change.ts';

/** Ties a unit to a treatment site from a day on. */
export const connectTreatmentSite = (context: OperationContext, input: ConnectTreatmentSiteInput) =>
  change(context, 'connectTreatmentSite', input, async ({ tx, workspace, day, revision }) => {
    const { reshId, organizationNumber } = input;
    const { draft } = workspace;
    await workspace.load([reshId]);
    const shown = { unit: { reshId, day, revision } };
    const unit = draft.unit(reshId);
    if (!unit) draft.errors.push(notFound(reshId, 'reshId'));
    const found = unit && versionOn(reshId, unit.versions, day);
    if (found && 'error' in found) draft.errors.push(found.error);
    const end = unit && endOfFact(unit.versions, day, (row) => row.treatmentSiteNumber);
    const periods = await readSitePeriods(tx, [organizationNumber]);
    // Where the unit is not there the site is judged on the day alone.
    const used = { from: day, to: end ? end.to : addDays(day, 1) };
    draft.errors.push(...siteErrors(organizationNumber, periods, used, 'organizationNumber'));
    if (draft.errors.length > 0 || !found || !('row' in found)) return { shown };
    applyTreatmentSite(draft, reshId, day, organizationNumber);
    const enterpriseNumber = await workspace.enterpriseNumber(found.row.path, day);
    draft.warnings.push(
      ...serviceWarnings(reshId, draft.unit(reshId)?.versions ?? [], [], day, enterpriseNumber, {
        site: 'organizationNumber',
      }),
    );
    return { shown };
  });
