import type { DisconnectTreatmentSiteInput } from '../domain/plan/change-input.ts';
import { applyTreatmentSite } from '../domain/plan/facts.ts';
import { notFound, versionOn } from '../domain/plan/parent-rules.ts';
import { serviceWarnings } from '../domain/plan/references.ts';
import { change, type OperationContext } from './engine/run-change.ts';

/** Unties a unit from its treatment site from a day on. */
export const disconnectTreatmentSite = (context: OperationContext, input: DisconnectTreatmentSiteInput) =>
  change(context, 'disconnectTreatmentSite', input, async ({ workspace, day, revision }) => {
    const { reshId } = input;
    const { draft } = workspace;
    await workspace.load([reshId]);
    const unit = draft.unit(reshId);
    const found = unit && versionOn(reshId, unit.versions, day);
    if (!unit) draft.errors.push(notFound(reshId, 'reshId'));
    else if (found && 'error' in found) draft.errors.push(found.error);
    else {
      applyTreatmentSite(draft, reshId, day, null);
      draft.warnings.push(
        ...serviceWarnings(reshId, draft.unit(reshId)?.versions ?? [], unit.codes, day, null, { codes: 'reshId' }),
      );
    }
    return { shown: { unit: { reshId, day, revision } } };
  });
