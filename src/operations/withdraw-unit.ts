import type { WithdrawUnitInput } from '../domain/plan/change-input.ts';
import { truncateGrants } from '../domain/plan/grants.ts';
import { unitLabel, unitNotFoundError } from '../domain/plan/parent-rules.ts';
import { userError } from '../domain/plan/user-error.ts';
import { dayBefore, type Day } from '../domain/time/day.ts';
import { covers } from '../domain/time/period.ts';
import { findReferenceVersion } from '../domain/time/reference-version.ts';
import { createEmptyUnit, type VersionRow } from '../domain/unit/state.ts';
import { readGrantsOnUnits } from '../store/change/access.ts';
import { readReshIdsWithSuccessions } from '../store/change/successions.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';

const FIRST_DAY: Day = '0001-01-01';

/** Takes a unit that was registered in error out of all days: it never was. Earlier revisions still show it; its id is not given again. */
export function withdrawUnit(context: OperationContext, input: WithdrawUnitInput) {
  return runChange(context, 'withdrawUnit', input, async ({ tx, unitOfWork, today, revision }) => {
    const { reshId } = input;
    const { draft } = unitOfWork;
    await unitOfWork.load([reshId]);
    const unit = draft.unit(reshId);
    if (!unit) {
      draft.errors.push(unitNotFoundError(reshId, 'reshId'));
      return { shown: {} };
    }
    const name = unitLabel(reshId, unit.versions);
    const children = new Set((await unitOfWork.findChildrenFrom([reshId], FIRST_DAY)).map((child) => child.reshId));
    if (children.size > 0)
      draft.errors.push(
        userError(
          'HAS_OPEN_CHILDREN',
          'reshId',
          `Unit ${name} has, or had, ${children.size} ${children.size === 1 ? 'unit' : 'units'} beneath it, ${[...children].slice(0, 5).join(', ')}; withdraw or move those over all of their days first.`,
        ),
      );
    if ((await readReshIdsWithSuccessions(tx, [reshId])).has(reshId))
      draft.errors.push(
        userError(
          'HAS_SUCCESSIONS',
          'reshId',
          `Unit ${name} became another unit, or another became it: it cannot be withdrawn. Take that back first, by reopening what closed on the day on which it did, or close the unit instead.`,
        ),
      );
    draft.endGrants(truncateGrants(await readGrantsOnUnits(tx, [reshId]), today));
    const { reshId: _reshId, ...emptyLists } = createEmptyUnit(reshId);
    draft.set(reshId, emptyLists);
    return {
      shown: { unit: { reshId, day: chooseDisplayDay(unit.versions, today), revision: revision - 1 } },
      effectiveOn: unit.versions[0]?.from ?? null,
    };
  });
}

function chooseDisplayDay(versions: readonly VersionRow[], today: Day): Day {
  const row = findReferenceVersion(versions, today);
  if (!row || covers(row, today)) return today;
  return row.to === null || row.from > today ? row.from : dayBefore(row.to);
}
