import type { ReopenUnitInput } from '../domain/plan/change-input.ts';
import { unitLabel, unitNotFoundError } from '../domain/plan/parent-rules.ts';
import { findOpening, planReopening, type ReferenceData, type PlannedOpening } from '../domain/plan/reopening.ts';
import { endSuccessions } from '../domain/plan/successions.ts';
import { userError } from '../domain/plan/user-error.ts';
import { covers } from '../domain/time/period.ts';
import type { UnitState } from '../domain/unit/state.ts';
import { readCodePeriods, readNumberHolders, readSitePeriods } from '../store/change/references.ts';
import { readDescendantIdsClosedWithUnit } from '../store/change/descendants.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

/**
 * Makes a closed unit valid again from a day on, as it was on its last day; before its first day it moves the opening back. What
 * the same change closed beneath it reopens too where asked.
 */
export function reopenUnit(context: OperationContext, input: ReopenUnitInput) {
  return runChange(context, 'reopenUnit', input, async ({ tx, unitOfWork, day, revision }) => {
    const { reshId } = input;
    const { draft } = unitOfWork;
    await unitOfWork.load([reshId]);
    const reopenedUnit = draft.unit(reshId);
    const opening = reopenedUnit && findOpening(reopenedUnit, day);
    const closedOn = opening?.template.to;
    const closedTogether =
      input.withDescendants === true && opening && closedOn && opening.template.from < opening.period.from
        ? await readDescendantIdsClosedWithUnit(tx, opening.template.path, closedOn, day)
        : [];
    const parentReshId = input.newParentReshId ?? opening?.template.parentReshId ?? null;
    await unitOfWork.load([parentReshId, ...closedTogether]);
    const shown = { unit: { reshId, day, revision } };
    if (!reopenedUnit) draft.errors.push(unitNotFoundError(reshId, 'reshId'));
    else if (reopenedUnit.versions.some((row) => covers(row, day)) || !opening)
      draft.errors.push(
        userError(
          'ALREADY_VALID',
          'effectiveOn',
          `Unit ${unitLabel(reshId, reopenedUnit.versions)} is valid on ${day} already; there is nothing to reopen.`,
        ),
      );
    if (!opening && typeof input.newParentReshId === 'number' && !draft.unit(input.newParentReshId))
      draft.errors.push(unitNotFoundError(input.newParentReshId, 'newParentReshId'));
    if (!reopenedUnit || !opening || draft.errors.length > 0) return { shown };

    // Where no gap is left the units never closed, and so became nothing by it.
    if (day === closedOn)
      endSuccessions(
        draft,
        [reshId, ...closedTogether],
        await unitOfWork.findSuccessions([reshId, ...closedTogether]),
        ({ effectiveOn }) => effectiveOn === day,
      );
    const descendants = closedTogether.flatMap((id) => draft.unit(id) ?? []);
    const openings = descendants.flatMap((unit) => findOpening(unit, day) ?? []);
    const known = await readReferences(tx, [reopenedUnit, ...descendants], [opening, ...openings]);
    planReopening(draft, reopenedUnit, opening, known, parentReshId, 'newParentReshId');
    for (const id of closedTogether) {
      const unit = draft.unit(id);
      const descendantOpening = unit && findOpening(unit, day);
      if (draft.errors.length === 0 && unit && descendantOpening)
        planReopening(
          draft,
          unit,
          descendantOpening,
          known,
          descendantOpening.template.parentReshId,
          'withDescendants',
        );
    }
    return { shown };
  });
}

/** What the plan has to know of what units were like, in three statements, whatever the number of units. */
async function readReferences(
  tx: PlanContext['tx'],
  units: readonly UnitState[],
  openings: readonly PlannedOpening[],
): Promise<ReferenceData> {
  const collectNumbers = (column: 'organizationNumber' | 'treatmentSiteNumber'): string[] =>
    openings.map(({ template }) => template[column]).filter((number) => number !== null);
  return {
    codes: await readCodePeriods(
      tx,
      units.flatMap(({ codes }) => codes),
    ),
    sites: await readSitePeriods(tx, collectNumbers('treatmentSiteNumber')),
    numberHolders: await readNumberHolders(tx, collectNumbers('organizationNumber')),
  };
}
