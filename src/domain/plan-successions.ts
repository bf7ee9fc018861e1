import type { Day } from './day.ts';
import type { Draft, KnownSuccession, NewSuccession } from './draft.ts';
import { called } from './plan-place.ts';
import { userError } from './user-error.ts';

/** Whether successions lead from one unit to another. */
const leadsTo = (edges: readonly NewSuccession[], start: number, goal: number): boolean => {
  const reached = new Set([start]);
  for (const at of reached) {
    if (at === goal) return true;
    for (const { from, to } of edges) if (from === at) reached.add(to);
  }
  return false;
};

const isSame = (one: NewSuccession, other: NewSuccession): boolean =>
  one.from === other.from &&
  one.to === other.to &&
  one.kind === other.kind &&
  one.extent === other.extent &&
  one.effectiveOn === other.effectiveOn;

/**
 * Plans what a unit becomes from a day on; a unit that it leads back to is refused, and what is known already is not said again.
 *
 * @param known successions that the register has of the unit, and of everything that it and the successors became
 * @param field of the input that names the successors
 */
export const planSuccessions = (
  draft: Draft,
  from: number,
  successors: readonly number[],
  day: Day,
  { kind, extent }: Pick<NewSuccession, 'kind' | 'extent'>,
  known: readonly KnownSuccession[],
  field: string,
): void => {
  for (const to of successors) {
    const edges = [
      ...known.filter(({ id }) => !draft.endedSuccessions.some((ended) => ended.id === id)),
      ...draft.successions,
    ];
    const succession = { from, to, kind, extent, effectiveOn: day };
    if (leadsTo(edges, to, from))
      draft.errors.push(
        userError(
          'CYCLE',
          field,
          `Unit ${called(to, draft.unit(to)?.versions)} cannot succeed ${called(from, draft.unit(from)?.versions)}: it is that unit, or became it; name another.`,
        ),
      );
    else if (!edges.some((edge) => isSame(edge, succession))) draft.successions.push(succession);
  }
};

/**
 * Takes back what units were to become, and notes it: a unit that closes before the day never does.
 *
 * @param known successions that the register has of the units, among others
 * @param neverComes whether what was to be on a day never comes to be
 */
export const endSuccessions = (
  draft: Draft,
  reshIds: readonly number[],
  known: readonly KnownSuccession[],
  neverComes: (effectiveOn: Day) => boolean,
): void => {
  const units = new Set(reshIds);
  const ended = known.filter(
    ({ id, from, effectiveOn }) =>
      units.has(from) && neverComes(effectiveOn) && !draft.endedSuccessions.some((earlier) => earlier.id === id),
  );
  draft.endedSuccessions.push(...ended);
  draft.notes.push(
    ...ended.map(
      ({ from, to, effectiveOn }) =>
        `That unit ${called(from, draft.unit(from)?.versions)} becomes unit ${to} on ${effectiveOn} falls away.`,
    ),
  );
};
