import type { Day } from '../time/day.ts';

/** How one unit became another, and whether all of it or a part went over. */
export interface Succession {
  readonly fromReshId: number;
  readonly toReshId: number;
  readonly kind: 'MERGE' | 'SPLIT' | 'REPLACEMENT';
  readonly extent: 'FULL' | 'PARTIAL';
  readonly effectiveOn: Day;
}

/** Where one comes from a unit as of a day, and goes to another day. */
export interface Journey {
  readonly reshId: number;
  /** Day as of which the unit is meant */
  readonly since: Day;
  /** Day to go to: before `since` the way leads to what the unit came from */
  readonly to: Day;
}

/** What was met on the way. */
export interface Followed<Edge> {
  /** Successions followed, by their days, then RESH-ids */
  readonly steps: readonly Edge[];
  /** RESH-ids of the unit itself and of all it became (or came from), by RESH-id */
  readonly reached: readonly number[];
}

const inOrder = (one: Succession, other: Succession): number =>
  one.effectiveOn === other.effectiveOn
    ? one.fromReshId - other.fromReshId || one.toReshId - other.toReshId
    : one.effectiveOn < other.effectiveOn
      ? -1
      : 1;

/** Whether the way leads to what a unit becomes; else to what it came from. */
export const leadsForward = ({ since, to }: Pick<Journey, 'since' | 'to'>): boolean => to >= since;

/** Follows what takes effect on one day, so that a chain within the day is followed to its end. */
const followDay = <Edge extends Succession>(
  ofDay: readonly Edge[],
  forward: boolean,
  reached: Set<number>,
  steps: Set<Edge>,
): void => {
  for (let before = -1; before < steps.size;) {
    before = steps.size;
    for (const edge of ofDay) {
      const [here, there] = forward ? [edge.fromReshId, edge.toReshId] : [edge.toReshId, edge.fromReshId];
      if (!reached.has(here)) continue;
      steps.add(edge);
      reached.add(there);
    }
  }
};

/**
 * Follows successions from a unit as of one day to another day.
 *
 * Only what takes effect between the two days counts, and in the order of time: of a unit that was reached by a succession,
 * those on or after that one's day (backwards: on or before it). So what a unit gave away before another became part of it is
 * no part of what the other became. Chains, diamonds and cycles end.
 *
 * @param edges successions as known that can be reached from the unit, in any order
 */
export const follow = <Edge extends Succession>(
  { reshId, since, to }: Journey,
  edges: readonly Edge[],
): Followed<Edge> => {
  const forward = leadsForward({ since, to });
  const byDay = new Map<Day, Edge[]>();
  for (const edge of edges.toSorted(inOrder)) {
    const [after, until] = forward ? [since, to] : [to, since];
    if (edge.effectiveOn <= after || edge.effectiveOn > until) continue;
    const ofDay = byDay.get(edge.effectiveOn);
    if (ofDay) ofDay.push(edge);
    else byDay.set(edge.effectiveOn, [edge]);
  }
  const reached = new Set([reshId]);
  const steps = new Set<Edge>();
  const days = [...byDay.values()];
  for (const ofDay of forward ? days : days.reverse()) followDay(ofDay, forward, reached, steps);
  return {
    steps: [...steps].sort(inOrder),
    reached: [...reached].sort((one, other) => one - other),
  };
};
