import type { CloseUnitInput } from '../domain/plan/change-input.ts';
import { checkClosing, endUnit, findClosedReshIds } from '../domain/plan/closing.ts';
import type { Draft } from '../domain/plan/draft.ts';
import type { Issues } from '../domain/plan/issues.ts';
import { successorCloses } from '../domain/plan/messages/reorganizations.ts';
import { unitHasOpenChildren } from '../domain/plan/messages/units.ts';
import { planClosingSuccessions } from '../domain/plan/successions.ts';
import { findKnownUnit, findListedUnits, findValidVersion } from '../domain/plan/valid-unit.ts';
import type { NewSuccession } from '../domain/plan/write-set.ts';
import { dayBefore, type Day } from '../domain/time/day.ts';
import type { ChildRow } from '../store/change/units.ts';
import { endUnitGrants } from './engine/end-grants.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

const FIELD = 'successorReshIds';

type Closing = Pick<CloseUnitInput, 'reshId' | 'withDescendants' | 'successorReshIds'>;

/**
 * Ends the validity of a unit from a day on, and of its descendants if requested. Planned facts are dropped. Grants on
 * the units end on the later of that day and today.
 */
export function closeUnit(context: OperationContext, input: CloseUnitInput) {
  return runChange(context, 'closeUnit', input, async (planContext) => {
    const { reshId } = input;
    await planClose(planContext, input);
    const lastDay = planContext.unitOfWork.draft.unit(reshId)?.versions.at(-1)?.to ?? planContext.day;
    return { shown: { unit: { reshId, day: dayBefore(lastDay), revision: planContext.revision } } };
  });
}

/**
 * Plans the end of a unit, and of its descendants on the day if requested, with the grants on them.
 *
 * @returns RESH-ids of all units that close
 */
export async function planClose(
  planContext: PlanContext,
  { reshId, withDescendants, successorReshIds }: Closing,
): Promise<readonly number[]> {
  const { unitOfWork, day } = planContext;
  const { draft } = unitOfWork;
  const issues = planContext.issues.at();
  await unitOfWork.load([reshId]);
  const isKnown = findKnownUnit(issues, draft, reshId, 'reshId') !== undefined;
  const descendantIds = isKnown && withDescendants === true ? await unitOfWork.findDescendantIds(reshId, day) : [];
  const closing = [reshId, ...descendantIds];
  await unitOfWork.load(closing);
  const closingSet = new Set(closing);
  const units = closing.flatMap((id) => draft.unit(id) ?? []);
  const children = (await unitOfWork.findChildrenFrom(closing, day)).filter((child) => !closingSet.has(child.reshId));
  const successors = successorReshIds ?? [];
  await unitOfWork.load(successors);

  for (const unit of units) issues.add('effectiveOn', ...checkClosing(unit, day));
  checkNoOpenChildren(issues, draft, children, day);
  checkSuccessors(issues, draft, successors, new Set(descendantIds), day);
  if (issues.hasErrors()) return [];

  const known = await unitOfWork.findSuccessions([...closing, ...successors]);
  const plannedClosing = {
    reshIds: closing,
    day,
    alreadyClosed: findClosedReshIds(units, day),
    ...(successorReshIds?.length === 0 && { withoutSuccessors: reshId }),
  };
  planClosingSuccessions(
    draft,
    issues,
    plannedClosing,
    createReplacements(reshId, successors, day),
    known,
    ({ to }) => [FIELD, successors.indexOf(to)],
  );
  for (const unit of units) endUnit(draft, unit, day);
  await endUnitGrants(planContext, closing, day);
  return closing;
}

function checkNoOpenChildren(issues: Issues, draft: Draft, rows: readonly ChildRow[], day: Day): void {
  // The first version of a child has the first day of the child; later versions may be planned facts.
  const firstRows = new Map<number, ChildRow>();
  for (const row of rows) if (!firstRows.has(row.reshId)) firstRows.set(row.reshId, row);
  const children = [...firstRows.values()];
  if (children.length === 0) return;
  const parentReshIds = new Set(children.flatMap(({ parentReshId }) => parentReshId ?? []));
  const parents = [...parentReshIds].map((reshId) => ({ reshId, versions: draft.unit(reshId)?.versions }));
  issues.add('reshId', unitHasOpenChildren({ parents, children, day }));
}

function checkSuccessors(
  issues: Issues,
  draft: Draft,
  successorReshIds: readonly number[],
  closingDescendants: ReadonlySet<number>,
  day: Day,
): void {
  for (const { unit, path } of findListedUnits(issues, draft, successorReshIds, FIELD))
    if (findValidVersion(issues, unit, day, path) && closingDescendants.has(unit.reshId))
      issues.add(path, successorCloses({ unit, day }));
}

function createReplacements(from: number, successors: readonly number[], day: Day): NewSuccession[] {
  const extent = successors.length === 1 ? 'FULL' : 'PARTIAL';
  return successors.map((to) => ({ from, to, effectiveOn: day, kind: 'REPLACEMENT', extent }));
}
