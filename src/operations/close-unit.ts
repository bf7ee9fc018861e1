import type { CloseUnitInput } from '../domain/change-input.ts';
import { dayBefore, type Day } from '../domain/day.ts';
import type { Draft } from '../domain/draft.ts';
import { covers } from '../domain/period.ts';
import { endedGrants, holdsFrom } from '../domain/plan-grants.ts';
import { called, notFound, versionOn } from '../domain/plan-place.ts';
import { endedOn, type Row } from '../domain/timeline.ts';
import { detailLists, type UnitState } from '../domain/unit-state.ts';
import { userError, type UserError } from '../domain/user-error.ts';
import { readGrantsOn, type ChildRow } from '../store/change-reader.ts';
import { change, type OperationContext, type Work } from './change.ts';

const SHOWN_LIMIT = 5;

const closingError = ({ reshId, versions }: UnitState, day: Day): UserError | undefined => {
  const [first] = versions;
  if (first && day === first.from)
    return userError(
      'BAD_PERIOD',
      'effectiveOn',
      `Unit ${called(reshId, versions)} begins on ${first.from}, and closing leaves it at least a day; choose a later day. Whatever was registered in error is withdrawn.`,
    );
  // A unit that already closes on the day is asked for what is so.
  const endsThen = versions.some(({ to }) => to === day);
  const found = versionOn(reshId, versions, day);
  return 'error' in found && !endsThen ? found.error : undefined;
};

const openChildrenError = (
  draft: Draft,
  children: readonly ChildRow[],
  day: Day,
  withDescendants: boolean,
): UserError | undefined => {
  const open = new Map(children.map((child) => [child.reshId, child]));
  if (open.size === 0) return undefined;
  const shown = [...open.values()].slice(0, SHOWN_LIMIT).map(({ reshId, name, from }) => {
    const later = from > day ? ` (planned from ${from})` : '';
    return `${reshId} «${name}»${later}`;
  });
  const parents = [...new Set([...open.values()].map(({ parentReshId }) => parentReshId))].map((id) =>
    id === null ? '' : called(id, draft.unit(id)?.versions),
  );
  const isPlanned = [...open.values()].some(({ from }) => from > day);
  return userError(
    'HAS_OPEN_CHILDREN',
    'reshId',
    `Unit ${parents.slice(0, SHOWN_LIMIT).join(', ')} has ${open.size} open ${open.size === 1 ? 'child' : 'children'} on ${day} or later: ${shown.join(', ')}${open.size > SHOWN_LIMIT ? ', ...' : ''}; ${
      withDescendants || isPlanned
        ? 'change what is planned for them first'
        : 'close or move them first, or pass withDescendants'
    }.`,
  );
};

/** What ends with a unit, or was planned for it and falls away, a sentence each. */
const fallingAway = ({ reshId, versions, codes }: UnitState, day: Day): string[] => {
  const row = versions.find((version) => covers(version, day));
  const planned = versions.filter(({ from }) => from > day);
  const held = codes.filter((code) => covers(code, day)).map(({ codeSet, code }) => `${codeSet}:${code}`);
  return [
    ...(row?.treatmentSiteNumber
      ? [`Unit ${called(reshId, versions)} leaves treatment site ${row.treatmentSiteNumber}.`]
      : []),
    ...(held.length > 0 ? [`Codes of unit ${called(reshId, versions)} end: ${held.join(', ')}.`] : []),
    ...planned.map(({ from }) => `What was planned for unit ${called(reshId, versions)} from ${from} on falls away.`),
  ];
};

const close = (draft: Draft, unit: UnitState, day: Day): void => {
  draft.notes.push(...fallingAway(unit, day));
  const ended = Object.fromEntries(detailLists.map((list) => [list, endedOn<Row>(unit[list], day)]));
  draft.set(unit.reshId, { versions: endedOn(unit.versions, day), ...ended });
};

/** Plans the end of a unit, and where asked of what stands beneath it on the day, with the grants on what ends. */
export const planClose = async (
  { tx, workspace, day, today }: Work,
  { reshId, withDescendants }: Pick<CloseUnitInput, 'reshId' | 'withDescendants'>,
): Promise<void> => {
  const { draft } = workspace;
  await workspace.load([reshId]);
  if (!draft.unit(reshId)) return void draft.errors.push(notFound(reshId, 'reshId'));
  const closing = [reshId, ...(withDescendants === true ? await workspace.idsBeneath(reshId, day) : [])];
  await workspace.load(closing);
  const units = closing.flatMap((id) => draft.unit(id) ?? []);
  const children = (await workspace.childrenFrom(closing, day)).filter((child) => !closing.includes(child.reshId));
  const open = openChildrenError(draft, children, day, withDescendants === true);
  const errors = [...units.flatMap((unit) => closingError(unit, day) ?? []), ...(open ? [open] : [])];
  draft.errors.push(...errors);
  if (errors.length > 0) return;
  for (const unit of units) close(draft, unit, day);
  const grantsEnd = day > today ? day : today;
  const grants = (await readGrantsOn(tx, closing)).filter((grant) => holdsFrom(grant, grantsEnd));
  draft.endGrants(endedGrants(grants, grantsEnd));
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
