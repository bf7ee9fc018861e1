import type { DisconnectTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { applyTreatmentSite } from '../domain/plan/facts.ts';
import { unitNotFoundError, findVersionOn } from '../domain/plan/parent-rules.ts';
import { findServiceWarnings } from '../domain/plan/references.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/** Unties a unit from its treatment site from a day on. */
export function disconnectTreatmentSite(context: OperationContext, input: DisconnectTreatmentSiteInput) {
  return runChange(context, 'disconnectTreatmentSite', input, async ({ unitOfWork, day, revision }) => {
    const { reshId } = input;
    const { draft } = unitOfWork;
    await unitOfWork.load([reshId]);
    const unit = draft.unit(reshId);
    const found = unit && findVersionOn(reshId, unit.versions, day);
    if (!unit) draft.errors.push(unitNotFoundError(reshId, 'reshId'));
    else if (found && 'error' in found) draft.errors.push(found.error);
    else {
      applyTreatmentSite(draft, reshId, day, null);
      draft.warnings.push(
        ...findServiceWarnings(reshId, draft.unit(reshId)?.versions ?? [], unit.codes, day, null, { codes: 'reshId' }),
      );
    }
    return { shown: { unit: { reshId, day, revision } } };
  });
}
