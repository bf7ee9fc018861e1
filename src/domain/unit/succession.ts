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
export interface TraceQuery {
  readonly reshId: number;
  /** Day as of which the unit is meant */
  readonly since: Day;
  /** Day to go to: before `since` the way leads to what the unit came from */
  readonly to: Day;
}

/** Result of following successions. */
export interface SuccessionTrace<Edge> {
  /** Successions followed, by their days, then RESH-ids */
  readonly steps: readonly Edge[];
  /** RESH-ids of the unit itself and of all it became (or came from), by RESH-id */
  readonly reached: readonly number[];
}

/**
 * Follows successions from a unit as of one day to another day.
 *
 * Only what takes effect between the two days counts, and in the order of time: of a unit that was reached by a
 * succession, those on or after that one's day (backwards: on or before it). So what a unit gave away before another
 * became part of it is no part of what the other became. Chains, diamonds and cycles end.
 *
 * @param edges successions as known that can be reached from the unit, in any order
 */
export function traverseSuccessions<Edge extends Succession>(
  { reshId, since, to }: TraceQuery,
  edges: readonly Edge[],
): SuccessionTrace<Edge> {
  const forward = isForward({ since, to });
  const edgesByDay = new Map<Day, Edge[]>();
  for (const edge of edges.toSorted(compareSuccessions)) {
    const [after, until] = forward ? [since, to] : [to, since];
    if (edge.effectiveOn <= after || edge.effectiveOn > until) continue;
    const dayEdges = edgesByDay.get(edge.effectiveOn);
    if (dayEdges) dayEdges.push(edge);
    else edgesByDay.set(edge.effectiveOn, [edge]);
  }
  const reached = new Set([reshId]);
  const steps = new Set<Edge>();
  const days = [...edgesByDay.values()];
  for (const dayEdges of forward ? days : days.reverse()) traverseDay(dayEdges, forward, reached, steps);
  return {
    steps: [...steps].sort(compareSuccessions),
    reached: [...reached].sort((one, other) => one - other),
  };
}

/** Tells whether a trace leads to what a unit becomes; else it leads to what the unit came from. */
export function isForward({ since, to }: Pick<TraceQuery, 'since' | 'to'>): boolean {
  return to >= since;
}

function compareSuccessions(one: Succession, other: Succession): number {
  return one.effectiveOn === other.effectiveOn
    ? one.fromReshId - other.fromReshId || one.toReshId - other.toReshId
    : one.effectiveOn < other.effectiveOn
      ? -1
      : 1;
}

/** Follows what takes effect on one day, so that a chain within the day is followed to its end. */
function traverseDay<Edge extends Succession>(
  dayEdges: readonly Edge[],
  forward: boolean,
  reached: Set<number>,
  steps: Set<Edge>,
): void {
  let stepCount: number;
  do {
    stepCount = steps.size;
    for (const edge of dayEdges) {
      const [source, target] = forward ? [edge.fromReshId, edge.toReshId] : [edge.toReshId, edge.fromReshId];
      if (!reached.has(source)) continue;
      steps.add(edge);
      reached.add(target);
    }
  } while (stepCount < steps.size);
}
