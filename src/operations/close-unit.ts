import type { CloseUnitInput } from '../domain/plan/change-input.ts';
import { dayBefore, type Day } from '../domain/time/day.ts';
import type { Draft, NewSuccession } from '../domain/plan/draft.ts';
import { closedBy, closingError, endUnit } from '../domain/plan/closing.ts';
import { called, notFound, versionOn } from '../domain/plan/parent-rules.ts';
import { planEndingSuccessions } from '../domain/plan/successions.ts';
import { userError, type UserError } from '../domain/plan/user-error.ts';
import type { ChildRow } from '../store/change/units.ts';
import { change, type OperationContext, type Work } from './engine/run-change.ts';
import { endGrantsOn } from './engine/end-grants.ts';

const SHOWN_LIMIT = 5;

const openChildrenError = (draft: Draft, children: readonly ChildRow[], day: Day): UserError | undefined => {
  // The first of a child's versions says since when it is there; later ones may be facts that are planned.
  const open = new Map<number, ChildRow>();
  for (const child of children) if (!open.has(child.reshId)) open.set(child.reshId, child);
  if (open.size === 0) return undefined;
  const shown = [...open.values()].slice(0, SHOWN_LIMIT).map(({ reshId, name, from }) => {
    const later = from > day ? ` (planned from ${from})` : '';
    return `${reshId} «${name}»${later}`;
  });
  const parents = [...new Set([...open.values()].map(({ parentReshId }) => parentReshId))].map((id) =>
    id === null ? '' : called(id, draft.unit(id)?.versions),
  );
  const planned = [...open.values()].filter(({ from }) => from > day);
  const remedy =
    planned.length === open.size
      ? 'change what is planned for them first'
      : `close or move them first${planned.length > 0 ? '' : ', or pass withDescendants'}`;
  return userError(
    'HAS_OPEN_CHILDREN',
    'reshId',
    `Unit ${parents.slice(0, SHOWN_LIMIT).join(', ')} has ${open.size} open ${open.size === 1 ? 'child' : 'children'} on ${day} or later: ${shown.join(', ')}${open.size > SHOWN_LIMIT ? ', ...' : ''}; ${remedy}.`,
  );
};

/**
 * Plans the end of a unit, and where asked of what stands beneath it on the day, with the grants on what ends.
 *
 * @returns RESH-ids of all that closes
 */
export const planClose = async (
  work: Work,
  {
    reshId,
    withDescendants,
    successorReshIds,
  }: Pick<CloseUnitInput, 'reshId' | 'withDescendants' | 'successorReshIds'>,
): Promise<readonly number[]> => {
  const { workspace, day } = work;
  const { draft } = workspace;
  await workspace.load([reshId]);
  if (!draft.unit(reshId)) {
    draft.errors.push(notFound(reshId, 'reshId'));
    return [];
  }
  const closing = [reshId, ...(withDescendants === true ? await workspace.idsBeneath(reshId, day) : [])];
  await workspace.load(closing);
  const isClosing = new Set(closing);
  const units = closing.flatMap((id) => draft.unit(id) ?? []);
  const children = (await workspace.childrenFrom(closing, day)).filter((child) => !isClosing.has(child.reshId));
  const open = openChildrenError(draft, children, day);
  const errors = [...units.flatMap((unit) => closingError(unit, day) ?? []), ...(open ? [open] : [])];
  const successors = [...new Set(successorReshIds ?? [])];
  await workspace.load(successors);
  for (const id of successors) {
    const versions = draft.unit(id)?.versions;
    const successor = versions && versionOn(id, versions, day);
    if (!versions) errors.push(notFound(id, 'successorReshIds'));
    else if (successor && 'error' in successor) errors.push({ ...successor.error, field: ['successorReshIds'] });
    else if (isClosing.has(id) && id !== reshId)
      errors.push(
        userError(
          'NOT_VALID_ON_DAY',
          'successorReshIds',
          `Unit ${called(id, versions)} closes too; name a unit that is there on ${day}.`,
        ),
      );
  }
  draft.errors.push(...errors);
  if (errors.length > 0) return [];
  const known = await workspace.successionsOf([...closing, ...successors]);
  const becomes = successors.map((to): NewSuccession => ({
    ...{ from: reshId, to, effectiveOn: day },
    ...{ kind: 'REPLACEMENT', extent: successors.length === 1 ? 'FULL' : 'PARTIAL' },
  }));
  const closedBefore = closedBy(units, day);
  planEndingSuccessions(draft, { reshIds: closing, day, closedBefore }, becomes, known, 'successorReshIds');
  for (const unit of units) endUnit(draft, unit, day);
  await endGrantsOn(work, closing);
  return closing;
};

/**
 * Ends the validity of a unit, and where asked of what stands beneath it on the day, from that day on. Facts planned for later fall
 * away; grants on what closes end, today at the earliest.
 */
export const closeUnit = (context: OperationContext, input: CloseUnitInput) =>
  change(context, 'closeUnit', input, async (work) => {
    const { reshId } = input;
    await planClose(work, input);
    const lastDay = work.workspace.draft.unit(reshId)?.versions.at(-1)?.to ?? work.day;
    return { shown: { unit: { reshId, day: dayBefore(lastDay), revision: work.revision } } };
  });
