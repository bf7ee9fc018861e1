import type { DisconnectTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { applyTreatmentSite } from '../domain/plan/facts.ts';
import { warnAboutServices } from '../domain/plan/references.ts';
import { findKnownUnit, findValidVersion } from '../domain/plan/valid-unit.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Disconnects a unit from its treatment site from a day on. */
export function disconnectTreatmentSite(context: OperationContext, input: DisconnectTreatmentSiteInput) {
  return runChange(context, 'disconnectTreatmentSite', input, async ({ unitOfWork, issues, day, revision }) => {
    const { reshId } = input;
    const { draft } = unitOfWork;
    await unitOfWork.load([reshId]);
    const unit = findKnownUnit(issues, draft, reshId, 'reshId');
    if (unit && findValidVersion(issues, unit, day)) {
      applyTreatmentSite(draft, reshId, day, null);
      warnAboutServices(issues, draft.unit(reshId) ?? unit, day, null, { codes: 'reshId' });
    }
    return { shown: { unit: { reshId, day, revision } } };
  });
}
