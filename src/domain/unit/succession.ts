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
  /** Successions that lead to the units, by day, then by RESH-ids */
  readonly steps: readonly Edge[];
  /**
   * Those of the steps that took effect on or before the earlier day and were undone by the later one: their unit
   * became valid again, and no succession records its return
   */
  readonly undone: ReadonlySet<Edge>;
  /** RESH-ids of the unit and of all its successors (backwards: predecessors), in ascending order */
  readonly reached: readonly number[];
}

/** Returns whether a trace leads to successors; otherwise it leads to predecessors. */
export function isForward({ since, to }: Pick<TraceQuery, 'since' | 'to'>): boolean {
  return to >= since;
}

/** Compares successions by their days, then by RESH-ids. */
export function compareSuccessions(one: Succession, other: Succession): number {
  return one.effectiveOn === other.effectiveOn
    ? one.fromReshId - other.fromReshId || one.toReshId - other.toReshId
    : one.effectiveOn < other.effectiveOn
      ? -1
      : 1;
}
