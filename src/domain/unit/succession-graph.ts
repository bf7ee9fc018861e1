import { dayBefore, type Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';
import { compareSuccessions, isForward, type Succession, type SuccessionTrace, type TraceQuery } from './succession.ts';

/** A succession, and the day on which its unit is valid again; null if it never is, or if it never closed. */
interface GraphEdge<Edge> {
  readonly edge: Edge;
  readonly undoneOn: Day | null;
}

/** A unit that came back to itself: its RESH-id, and the first day on which it is valid again. */
interface Return {
  readonly reshId: number;
  readonly day: Day;
}

/**
 * Successions in the order of time.
 *
 * What a closed unit was passes to its successors, until the unit is valid again: on that day it returns, from wherever
 * it has passed to since. So a succession of a unit that closed holds from its day to the next first day of the unit,
 * and a succession of a unit that stayed valid, which gave away a part, holds for good.
 *
 * A partial succession back to a unit on the day on which it is valid again, from a unit that it had passed to, records
 * its return, so nothing else follows it.
 */
export class SuccessionGraph<Edge extends Succession> {
  /** Successions to follow, by day */
  private readonly edges: readonly GraphEdge<Edge>[];
  /** Successions that record a return */
  private readonly returnEdges: readonly Edge[];

  /**
   * @param edges all successions that are connected with the units to trace, in any order
   * @param timelines versions of the units, each in order of days
   */
  constructor(
    edges: readonly Edge[],
    private readonly timelines: ReadonlyMap<number, readonly Period[]>,
  ) {
    const followed: GraphEdge<Edge>[] = [];
    const returnEdges: Edge[] = [];
    for (const edge of edges.toSorted(compareSuccessions)) {
      if (recordsReturn(edge, followed)) returnEdges.push(edge);
      else followed.push({ edge, undoneOn: this.findDayUndone(edge) });
    }
    this.edges = followed;
    this.returnEdges = returnEdges;
  }

  /** Follows successions from a unit as of one day to another day. Backwards is the inverse of forwards. */
  trace(query: TraceQuery): SuccessionTrace<Edge> {
    return isForward(query) ? this.traceForward(query) : this.traceBackward(query);
  }

  private traceForward({ reshId, since, to }: TraceQuery): SuccessionTrace<Edge> {
    const received = follow(holdingOn(this.edges, since), 'backward', new Map([[reshId, since]]));
    const returns = listReturns(received, to);
    const arrivals = new Map([[reshId, since]]);
    for (const { reshId: home, day } of returns) extend(arrivals, home, day, 'forward');
    const followed = follow(this.holdingBetween(since, to), 'forward', arrivals);
    const undone = new Set<Edge>();
    const steps = new Set([...followed].map(({ edge }) => edge));
    for (const each of returns) {
      const recorded = this.findRecordedReturn(each, reshId, steps);
      for (const edge of recorded) steps.add(edge);
      if (recorded.length > 0) continue;
      for (const { edge } of findWay(received, each, reshId, since)) undone.add(edge);
    }
    return buildTrace(steps, undone, arrivals.keys());
  }

  private traceBackward({ reshId, since, to }: TraceQuery): SuccessionTrace<Edge> {
    const departures = new Map([[reshId, since]]);
    const followed = follow(this.holdingBetween(to, since), 'backward', departures);
    const holding = holdingOn(this.edges, to);
    const returns = listReturns(holding, since).filter(({ reshId: home, day }) => day <= (departures.get(home) ?? ''));
    const reached = new Set(departures.keys());
    const undone = new Set<Edge>();
    const steps = new Set([...followed].map(({ edge }) => edge));
    for (const each of returns) {
      const arrivals = new Map<number, Day>();
      const passed = follow(holding, 'forward', arrivals, each);
      for (const holder of arrivals.keys()) {
        reached.add(holder);
        if (!this.isValid(holder, to)) continue;
        const recorded = this.findRecordedReturn(each, holder, steps);
        for (const edge of recorded) steps.add(edge);
        if (recorded.length > 0) continue;
        for (const { edge } of findWay(passed, each, holder, to)) undone.add(edge);
      }
    }
    return buildTrace(steps, undone, reached);
  }

  /** Returns the successions that hold on a day and took effect after an earlier one. */
  private holdingBetween(earlier: Day, later: Day): GraphEdge<Edge>[] {
    return holdingOn(this.edges, later).filter(({ edge }) => edge.effectiveOn > earlier);
  }

  /** Returns the successions that record a return from a unit, and those followed that lead back on the same day. */
  private findRecordedReturn({ reshId, day }: Return, holder: number, followed: ReadonlySet<Edge>): Edge[] {
    return [...this.returnEdges, ...followed].filter(
      ({ fromReshId, toReshId, effectiveOn }) => fromReshId === holder && toReshId === reshId && effectiveOn === day,
    );
  }

  private isValid(reshId: number, day: Day): boolean {
    return (this.timelines.get(reshId) ?? []).some((version) => covers(version, day));
  }

  private findDayUndone({ fromReshId, effectiveOn }: Edge): Day | null {
    const timeline = this.timelines.get(fromReshId) ?? [];
    if (this.isValid(fromReshId, effectiveOn)) return null;
    return timeline.find(({ from }) => from > effectiveOn)?.from ?? null;
  }
}

/** Returns whether a partial succession leads back to a unit on the day on which that unit is valid again. */
function recordsReturn<Edge extends Succession>(edge: Edge, earlier: readonly GraphEdge<Edge>[]): boolean {
  const { fromReshId, toReshId, effectiveOn } = edge;
  if (edge.extent !== 'PARTIAL') return false;
  const arrivals = new Map<number, Day>();
  follow(holdingOn(earlier, dayBefore(effectiveOn)), 'forward', arrivals, { reshId: toReshId, day: effectiveOn });
  return arrivals.has(fromReshId);
}

/** Returns the successions that have taken effect by a day and are not undone by then. */
function holdingOn<Edge extends Succession>(edges: readonly GraphEdge<Edge>[], day: Day): GraphEdge<Edge>[] {
  return edges.filter(({ edge, undoneOn }) => edge.effectiveOn <= day && (undoneOn === null || undoneOn > day));
}

/** Returns the returns by a day of units whose successions are given, each once. */
function listReturns<Edge extends Succession>(edges: Iterable<GraphEdge<Edge>>, until: Day): Return[] {
  const returns = new Map<string, Return>();
  for (const { edge, undoneOn } of edges) {
    if (undoneOn === null || undoneOn > until) continue;
    returns.set(`${edge.fromReshId}@${undoneOn}`, { reshId: edge.fromReshId, day: undoneOn });
  }
  return [...returns.values()];
}

/** Returns the successions by which a unit that returns had passed to another one by a day. */
function findWay<Edge extends Succession>(
  edges: Iterable<GraphEdge<Edge>>,
  start: Return,
  holder: number,
  day: Day,
): Iterable<GraphEdge<Edge>> {
  const leadingAway = [...edges].filter(({ edge }) => edge.toReshId !== start.reshId);
  const received = follow(leadingAway, 'backward', new Map([[holder, day]]));
  return follow([...received], 'forward', new Map(), start);
}

/**
 * Follows successions in the order of time, including chains within a day.
 *
 * @param edges by day
 * @param bounds RESH-ids to follow from, each from a day on (backwards: until a day); those reached are added
 * @param start also follow the successions of a unit that its return undoes
 * @returns the successions followed, by day
 */
function follow<Edge extends Succession>(
  edges: readonly GraphEdge<Edge>[],
  direction: 'forward' | 'backward',
  bounds: Map<number, Day>,
  start?: Return,
): Set<GraphEdge<Edge>> {
  const followed = new Set<GraphEdge<Edge>>();
  const tryEdge = (each: GraphEdge<Edge>): void => {
    const { fromReshId, toReshId, effectiveOn } = each.edge;
    const [near, far] = direction === 'forward' ? [fromReshId, toReshId] : [toReshId, fromReshId];
    const bound = bounds.get(near);
    const isBound = bound !== undefined && (direction === 'forward' ? bound <= effectiveOn : bound >= effectiveOn);
    if (!isBound && !(start && fromReshId === start.reshId && each.undoneOn === start.day)) return;
    followed.add(each);
    extend(bounds, far, effectiveOn, direction);
  };
  for (const dayEdges of groupByDay(edges, direction)) {
    let count: number;
    do {
      count = followed.size;
      for (const each of dayEdges) tryEdge(each);
    } while (count < followed.size);
  }
  return new Set(edges.filter((each) => followed.has(each)));
}

/** Moves the bound of a unit to an earlier day (backwards: a later one). */
function extend(bounds: Map<number, Day>, reshId: number, day: Day, direction: 'forward' | 'backward'): void {
  const bound = bounds.get(reshId);
  if (bound === undefined || (direction === 'forward' ? day < bound : day > bound)) bounds.set(reshId, day);
}

/** Groups successions by day, in the order of the direction. */
function groupByDay<Edge extends Succession>(
  edges: readonly GraphEdge<Edge>[],
  direction: 'forward' | 'backward',
): GraphEdge<Edge>[][] {
  const edgesByDay = new Map<Day, GraphEdge<Edge>[]>();
  for (const each of edges) {
    const dayEdges = edgesByDay.get(each.edge.effectiveOn);
    if (dayEdges) dayEdges.push(each);
    else edgesByDay.set(each.edge.effectiveOn, [each]);
  }
  const days = [...edgesByDay.values()];
  return direction === 'forward' ? days : days.reverse();
}

function buildTrace<Edge extends Succession>(
  steps: ReadonlySet<Edge>,
  undone: ReadonlySet<Edge>,
  reached: Iterable<number>,
): SuccessionTrace<Edge> {
  return {
    steps: [...steps, ...undone].sort(compareSuccessions),
    undone,
    reached: [...reached].sort((one, other) => one - other),
  };
}
