import type { CloseUnitInput } from '../domain/change-input.ts';
import { dayBefore, type Day } from '../domain/day.ts';
import { Draft } from '../domain/draft.ts';
import { covers } from '../domain/period.ts';
import { endedGrants, holdsFrom } from '../domain/plan-grants.ts';
import { called, notFound, versionOn } from '../domain/plan-place.ts';
import { endedOn, type Row } from '../domain/timeline.ts';
import { detailLists, type UnitState } from '../domain/unit-state.ts';
import { userError, type UserError } from '../domain/user-error.ts';
import {
  readChildrenFrom,
  readGrantsOn,
  readIdsBeneath,
  readUnitStates,
  type ChildRow,
} from '../store/change-reader.ts';
import { change, type OperationContext } from './change.ts';

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

/**
 * Ends the validity of a unit, and where asked of what stands beneath it on the day, from that day on. Facts planned for later fall
 * away; grants on what closes end, today at the earliest.
 */
export const closeUnit = (context: OperationContext, input: CloseUnitInput) =>
  change(context, 'closeUnit', input, async ({ tx, day, today, revision }) => {
    const { reshId } = input;
    const withDescendants = input.withDescendants === true;
    const own = (await readUnitStates(tx, [reshId])).get(reshId);
    const row = own?.versions.find((version) => covers(version, day));
    const beneath = withDescendants && row ? await readIdsBeneath(tx, row.path, day) : [];
    const closing = [reshId, ...beneath];
    const units = [...(await readUnitStates(tx, closing)).values()];
    const draft = new Draft(units);
    if (!own) draft.errors.push(notFound(reshId, 'reshId'));
    draft.errors.push(...units.flatMap((unit) => closingError(unit, day) ?? []));
    const children = (await readChildrenFrom(tx, closing, day)).filter((child) => !closing.includes(child.reshId));
    const open = openChildrenError(draft, children, day, withDescendants);
    if (open && own) draft.errors.push(open);
    if (draft.errors.length > 0) return { draft, shown: {} };

    for (const unit of units) close(draft, unit, day);
    const grantsEnd = day > today ? day : today;
    const grants = (await readGrantsOn(tx, closing)).filter((grant) => holdsFrom(grant, grantsEnd));
    draft.grants = endedGrants(grants, grantsEnd);
    const lastDay = draft.unit(reshId)?.versions.at(-1)?.to ?? day;
    return { draft, shown: { unit: { reshId, day: dayBefore(lastDay), revision } } };
  });
