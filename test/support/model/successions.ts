import fc from 'fast-check';
import type { Day } from '../../../src/domain/time/day.ts';
import type { Succession } from '../../../src/domain/unit/succession.ts';
import type { History } from './history.ts';
import type { RegisterState } from './register-state.ts';

/** A random draw: from which unit to which, kind, extent, day, and the revisions that contain it. */
export type SuccessionDraw = readonly number[];

export const successionDraws: fc.Arbitrary<SuccessionDraw[]> = fc.array(
  fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
  { maxLength: 10 },
);

/** Adds successions between any units on any days, including those that no mutation would record. */
export function addSuccessions(history: History, draws: readonly SuccessionDraw[]): History {
  return {
    ...history,
    revisions: history.revisions.map((state, revision) =>
      revision === 0 ? state : { ...state, successions: buildSuccessions(history, state, revision, draws) },
    ),
  };
}

function buildSuccessions(
  { days, revisions }: History,
  { timelines }: RegisterState,
  revision: number,
  draws: readonly SuccessionDraw[],
): Succession[] {
  // A withdrawn unit has no successions in the register.
  const reshIds = [...timelines].flatMap(([id, timeline]) => (timeline.length > 0 ? id : []));
  const allReshIds = [...(revisions.at(-1)?.timelines.keys() ?? [])];
  const edges = draws.flatMap(
    ([one = 0, other = 0, on = 0, kind = 0, extent = 0, since = 0, length = 0]): Succession[] => {
      const [fromReshId, toReshId] = [allReshIds[one % allReshIds.length], allReshIds[other % allReshIds.length]];
      const effectiveOn = days[on % days.length];
      const from = 1 + (since % (revisions.length - 1));
      // Half of them are never superseded.
      const to = length % 2 === 0 ? revisions.length : from + 1 + ((length >> 1) % 3);
      if (fromReshId === undefined || toReshId === undefined || effectiveOn === undefined) return [];
      if (fromReshId === toReshId || revision < from || revision >= to) return [];
      if (!reshIds.includes(fromReshId) || !reshIds.includes(toReshId)) return [];
      return [
        {
          fromReshId,
          toReshId,
          effectiveOn,
          kind: (['MERGE', 'SPLIT', 'REPLACEMENT'] as const)[kind % 3] ?? 'MERGE',
          extent: extent % 2 === 0 ? 'FULL' : 'PARTIAL',
        },
      ];
    },
  );
  return removeCircles(edges);
}

/**
 * Removes successions that lead back to their own unit within their day, which the register refuses. Of successions
 * that are equal but for their kind and extent, the last one is kept, since their order is undefined.
 */
export function removeCircles(edges: readonly Succession[]): Succession[] {
  const distinct = new Map(edges.map((edge) => [`${edge.fromReshId}>${edge.toReshId}@${edge.effectiveOn}`, edge]));
  const kept: Succession[] = [];
  const leadsTo = (start: number, goal: number, day: Day): boolean =>
    start === goal ||
    kept.some(
      ({ fromReshId, toReshId, effectiveOn }) =>
        effectiveOn === day && fromReshId === start && leadsTo(toReshId, goal, day),
    );
  for (const edge of distinct.values()) if (!leadsTo(edge.toReshId, edge.fromReshId, edge.effectiveOn)) kept.push(edge);
  return kept;
}
