import type { Day } from './day.ts';
import type { Draft, NewSuccession } from './draft.ts';
import { called } from './plan-place.ts';
import { userError } from './user-error.ts';

/** What one unit became, as the register has it. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

/** Whether successions lead from one unit to another. */
const leadsTo = (edges: readonly Edge[], start: number, goal: number): boolean => {
  const reached = new Set([start]);
  for (const at of reached) {
    if (at === goal) return true;
    for (const { from, to } of edges) if (from === at) reached.add(to);
  }
  return false;
};

/**
 * Plans what a unit becomes from a day on; a unit that it leads back to is refused.
 *
 * @param known successions that the register has of everything that the successors became
 * @param field of the input that names the successors
 */
export const planSuccessions = (
  draft: Draft,
  from: number,
  successors: readonly number[],
  day: Day,
  { kind, extent }: Pick<NewSuccession, 'kind' | 'extent'>,
  known: readonly Edge[],
  field: string,
): void => {
  const edges = [...known, ...draft.successions];
  for (const to of successors) {
    if (leadsTo(edges, to, from))
      draft.errors.push(
        userError(
          'CYCLE',
          field,
          `Unit ${called(to, draft.unit(to)?.versions)} cannot succeed ${called(from, draft.unit(from)?.versions)}: it is that unit, or became it; name another.`,
        ),
      );
    else draft.successions.push({ from, to, kind, extent, effectiveOn: day });
  }
};
