import type { ConnectTreatmentSiteInput } from '../domain/change-input.ts';
import { applyTreatmentSite } from '../domain/plan-facts.ts';
import { notFound, versionOn } from '../domain/plan-place.ts';
import { serviceWarnings, siteErrors } from '../domain/plan-references.ts';
import { endOfFact } from '../domain/timeline.ts';
import { readSitePeriods } from '../store/change-reader.ts';
import { change, type OperationContext } from './change.ts';
import { loadDraft } from './load-draft.ts';
import { readEnterpriseNumber } from './open-unit.ts';

/** Ties a unit to a treatment site from a day on. */
export const connectTreatmentSite = (context: OperationContext, input: ConnectTreatmentSiteInput) =>
  change(context, 'connectTreatmentSite', input, async ({ tx, day, revision }) => {
    const { reshId, organizationNumber } = input;
    const draft = await loadDraft(tx, [reshId]);
    const plan = { draft, shown: { unit: { reshId, day, revision } } };
    const unit = draft.unit(reshId);
    if (!unit) draft.errors.push(notFound(reshId, 'reshId'));
    const found = unit && versionOn(reshId, unit.versions, day);
    if (found && 'error' in found) draft.errors.push(found.error);
    const end = unit && endOfFact(unit.versions, day, (row) => row.treatmentSiteNumber);
    draft.errors.push(
      ...siteErrors(
        organizationNumber,
        await readSitePeriods(tx, organizationNumber),
        { from: day, to: end?.to ?? null },
        'organizationNumber',
      ),
    );
    if (draft.errors.length > 0 || !found || !('row' in found)) return plan;
    applyTreatmentSite(draft, reshId, day, organizationNumber);
    draft.warnings.push(
      ...serviceWarnings(
        reshId,
        draft.unit(reshId)?.versions ?? [],
        [],
        day,
        await readEnterpriseNumber(tx, found.row.path, day),
        { site: 'organizationNumber' },
      ),
    );
    return plan;
  });
