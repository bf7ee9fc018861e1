import type { CloseUnitInput } from '../domain/plan/change-input.ts';
import { findClosedReshIds, validateClosing, endUnit } from '../domain/plan/closing.ts';
import type { Draft, NewSuccession } from '../domain/plan/draft.ts';
import { unitLabel, unitNotFoundError, findVersionOn } from '../domain/plan/parent-rules.ts';
import { planClosingSuccessions } from '../domain/plan/successions.ts';
import { userError, type UserError } from '../domain/plan/user-error.ts';
import { dayBefore, type Day } from '../domain/time/day.ts';
import type { ChildRow } from '../store/change/units.ts';
import { endUnitGrants } from './engine/end-grants.ts';
import { runChange, type OperationContext } from './engine/run-change.ts';
import type { PlanContext } from './engine/plan-context.ts';

const LISTED_LIMIT = 5;

/**
 * Ends the validity of a unit, and where asked of what stands beneath it on the day, from that day on. Facts planned for later fall
 * away; grants on what closes end, today at the earliest.
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
 * Plans the end of a unit, and where asked of what stands beneath it on the day, with the grants on what ends.
 *
 * @returns RESH-ids of all that closes
 */
export async function planClose(
  planContext: PlanContext,
  {
    reshId,
    withDescendants,
    successorReshIds,
  }: Pick<CloseUnitInput, 'reshId' | 'withDescendants' | 'successorReshIds'>,
): Promise<readonly number[]> {
  const { unitOfWork, day } = planContext;
  const { draft } = unitOfWork;
  await unitOfWork.load([reshId]);
  if (!draft.unit(reshId)) {
    draft.errors.push(unitNotFoundError(reshId, 'reshId'));
    return [];
  }
  const closing = [reshId, ...(withDescendants === true ? await unitOfWork.findDescendantIds(reshId, day) : [])];
  await unitOfWork.load(closing);
  const closingSet = new Set(closing);
  const units = closing.flatMap((id) => draft.unit(id) ?? []);
  const children = (await unitOfWork.findChildrenFrom(closing, day)).filter((child) => !closingSet.has(child.reshId));
  const openChildrenProblem = validateNoOpenChildren(draft, children, day);
  const errors = [
    ...units.flatMap((unit) => validateClosing(unit, day) ?? []),
    ...(openChildrenProblem ? [openChildrenProblem] : []),
  ];
  const successors = [...new Set(successorReshIds ?? [])];
  await unitOfWork.load(successors);
  for (const id of successors) {
    const versions = draft.unit(id)?.versions;
    const successor = versions && findVersionOn(id, versions, day);
    if (!versions) errors.push(unitNotFoundError(id, 'successorReshIds'));
    else if (successor && 'error' in successor) errors.push({ ...successor.error, field: ['successorReshIds'] });
    else if (closingSet.has(id) && id !== reshId)
      errors.push(
        userError(
          'NOT_VALID_ON_DAY',
          'successorReshIds',
          `Unit ${unitLabel(id, versions)} closes too; name a unit that is there on ${day}.`,
        ),
      );
  }
  draft.errors.push(...errors);
  if (errors.length > 0) return [];
  const known = await unitOfWork.findSuccessions([...closing, ...successors]);
  const newSuccessions = successors.map((to): NewSuccession => ({
    ...{ from: reshId, to, effectiveOn: day },
    ...{ kind: 'REPLACEMENT', extent: successors.length === 1 ? 'FULL' : 'PARTIAL' },
  }));
  const alreadyClosed = findClosedReshIds(units, day);
  planClosingSuccessions(draft, { reshIds: closing, day, alreadyClosed }, newSuccessions, known, 'successorReshIds');
  for (const unit of units) endUnit(draft, unit, day);
  await endUnitGrants(planContext, closing);
  return closing;
}

function validateNoOpenChildren(draft: Draft, children: readonly ChildRow[], day: Day): UserError | undefined {
  // The first of a child's versions says since when it is there; later ones may be facts that are planned.
  const openChildren = new Map<number, ChildRow>();
  for (const child of children) if (!openChildren.has(child.reshId)) openChildren.set(child.reshId, child);
  if (openChildren.size === 0) return undefined;
  const listed = [...openChildren.values()].slice(0, LISTED_LIMIT).map(({ reshId, name, from }) => {
    const plannedNote = from > day ? ` (planned from ${from})` : '';
    return `${reshId} «${name}»${plannedNote}`;
  });
  const parents = [...new Set([...openChildren.values()].map(({ parentReshId }) => parentReshId))].map((id) =>
    id === null ? '' : unitLabel(id, draft.unit(id)?.versions),
  );
  const planned = [...openChildren.values()].filter(({ from }) => from > day);
  const remedy =
    planned.length === openChildren.size
      ? 'change what is planned for them first'
      : `close or move them first${planned.length > 0 ? '' : ', or pass withDescendants'}`;
  return userError(
    'HAS_OPEN_CHILDREN',
    'reshId',
    `Unit ${parents.slice(0, LISTED_LIMIT).join(', ')} has ${openChildren.size} open ${openChildren.size === 1 ? 'child' : 'children'} on ${day} or later: ${listed.join(', ')}${openChildren.size > LISTED_LIMIT ? ', ...' : ''}; ${remedy}.`,
  );
}
