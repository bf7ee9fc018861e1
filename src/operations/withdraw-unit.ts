import type { WithdrawUnitInput } from '../domain/plan/change-input.ts';
import { truncateGrants } from '../domain/plan/grants.ts';
import { withdrawnUnitHasChildren, withdrawnUnitHasSuccessions } from '../domain/plan/messages/units.ts';
import { findKnownUnit } from '../domain/plan/valid-unit.ts';
import { dayBefore, FIRST_DAY, type Day } from '../domain/time/day.ts';
import { covers } from '../domain/time/period.ts';
import { findReferenceVersion } from '../domain/time/reference-version.ts';
import { createEmptyUnit, type VersionRow } from '../domain/unit/state.ts';
import { readGrantsOnUnits } from '../store/change/access.ts';
import { readReshIdsWithSuccessions } from '../store/change/successions.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

/**
 * Removes a unit that was registered in error from all days. Earlier revisions still have it, and its RESH-id is not
 * assigned again.
 */
export function withdrawUnit(context: OperationContext, input: WithdrawUnitInput) {
  return runChange(context, 'withdrawUnit', input, async ({ tx, unitOfWork, issues, today, revision }) => {
    const { reshId } = input;
    const { draft } = unitOfWork;
    await unitOfWork.load([reshId]);
    const unit = findKnownUnit(issues, draft, reshId, 'reshId');
    if (!unit) return { shown: {} };
    const children = await unitOfWork.findChildrenFrom([reshId], FIRST_DAY);
    const hasSuccessions = (await readReshIdsWithSuccessions(tx, [reshId])).has(reshId);
    const grants = await readGrantsOnUnits(tx, [reshId]);

    const childByReshId = new Map(children.map((child) => [child.reshId, child]));
    if (childByReshId.size > 0)
      issues.add('reshId', withdrawnUnitHasChildren({ unit, children: [...childByReshId.values()] }));
    if (hasSuccessions) issues.add('reshId', withdrawnUnitHasSuccessions({ unit }));
    draft.endGrants(truncateGrants(grants, today));
    const { reshId: _reshId, ...emptyLists } = createEmptyUnit(reshId);
    draft.set(reshId, emptyLists);
    return {
      shown: { unit: { reshId, day: chooseDisplayDay(unit.versions, today), revision: revision - 1 } },
      effectiveOn: unit.versions[0]?.from ?? null,
    };
  });
}

/** Returns a day on which a withdrawn unit was valid: today, or else the nearest day of its reference version. */
function chooseDisplayDay(versions: readonly VersionRow[], today: Day): Day {
  const row = findReferenceVersion(versions, today);
  if (!row || covers(row, today)) return today;
  return row.to === null || row.from > today ? row.from : dayBefore(row.to);
}
