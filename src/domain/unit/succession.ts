import type { Day } from '../time/day.ts';

/** A succession: how a unit became another one, and whether wholly or in part. */
export interface Succession {
  readonly fromReshId: number;
  readonly toReshId: number;
  readonly kind: 'MERGE' | 'SPLIT' | 'REPLACEMENT';
  readonly extent: 'FULL' | 'PARTIAL';
  readonly effectiveOn: Day;
}

/** A unit as of one day, and the day to which its successions are followed. */
export interface TraceQuery {
  readonly reshId: number;
  /** Day of the unit */
  readonly since: Day;
  /** Target day; if it is before `since`, the trace leads to predecessors */
  readonly to: Day;
}

/** Result of following successions. */
export interface SuccessionTrace<Edge> {
  /** Successions followed, by day, then by RESH-ids */
  readonly steps: readonly Edge[];
  /** RESH-ids of the unit and of all its successors (backwards: predecessors), in ascending order */
  readonly reached: readonly number[];
}

/**
 * Follows successions from a unit as of one day to another day.
 *
 * Only successions between the two days count, in order of time: after reaching a unit by a succession, only those on
 * or after its day (backwards: on or before it) are followed. So the parts that a unit gave away before another unit
 * merged into it are not successors of that other unit. The traversal ends on chains, diamonds and cycles.
 *
 * @param edges successions that can be reached from the unit, in any order
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

/** Returns whether a trace leads to successors; otherwise it leads to predecessors. */
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

/** Follows the successions of one day, including chains within the day. */
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
