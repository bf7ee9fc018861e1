import fc from 'fast-check';
import type { Succession } from '../../../src/domain/unit/succession.ts';
import type { History } from './history.ts';
import type { RegisterState } from './register-state.ts';

/** What random numbers ask for: which unit becomes which, how, on which day, and the revisions that know of it. */
export type SuccessionDraw = readonly number[];

/** Draws of up to ten successions. */
export const successionDraws: fc.Arbitrary<SuccessionDraw[]> = fc.array(
  fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
  { maxLength: 10 },
);

/** A history in which any unit becomes any other on any day: also what no change of ours would record, such as units that become each other. */
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
  // A unit that was withdrawn has none, as the register has it.
  const reshIds = [...timelines].flatMap(([id, timeline]) => (timeline.length > 0 ? id : []));
  const allReshIds = [...(revisions.at(-1)?.timelines.keys() ?? [])];
  const edges = draws.flatMap(
    ([one = 0, other = 0, on = 0, kind = 0, extent = 0, since = 0, length = 0]): Succession[] => {
      const [fromReshId, toReshId] = [allReshIds[one % allReshIds.length], allReshIds[other % allReshIds.length]];
      const effectiveOn = days[on % days.length];
      const from = 1 + (since % (revisions.length - 1));
      // Half of them are known to the end.
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
  // Each once: which of two alike comes first says nothing.
  return [...new Map(edges.map((edge) => [`${edge.fromReshId}>${edge.toReshId}@${edge.effectiveOn}`, edge])).values()];
}
