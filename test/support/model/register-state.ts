import type { Day } from '../../../src/domain/time/day.ts';
import type { Succession } from '../../../src/domain/unit/succession.ts';

/** Facts of a unit on a day. */
export interface Facts {
  readonly parentReshId: number | null;
  readonly type: 'ORGANIZATION' | 'DEPARTMENT';
  readonly name: string;
  readonly shortName: string | null;
  readonly organizationNumber: string | null;
  readonly treatmentSiteNumber: string | null;
}

/** Facts over a half-open period of days. */
export interface DatedFacts extends Facts {
  readonly from: Day;
  readonly to: Day | null;
}

/** State of the register at a revision: the timeline of each unit, empty if it was withdrawn. */
export interface RegisterState {
  readonly timelines: ReadonlyMap<number, readonly DatedFacts[]>;
  /** Boundaries between equal rows, as `reshId@day`: an undone change leaves rows split although nothing changes */
  readonly redundantBoundaries: ReadonlySet<string>;
  readonly successions: readonly Succession[];
}

/** State at revision 0, 1, 2 ... */
export type Revisions = readonly RegisterState[];

export const emptyState: RegisterState = { timelines: new Map(), redundantBoundaries: new Set(), successions: [] };

/** Returns the RESH-ids from the root to the unit itself, found by walking from parent to parent. */
export function pathOn(state: RegisterState, reshId: number, day: Day): number[] | undefined {
  const path: number[] = [];
  let current: number | null = reshId;
  while (current !== null) {
    const facts = factsOn(state, current, day);
    if (!facts) return undefined;
    if (path.includes(current)) throw new Error(`The model has a cycle at ${current} on ${day}.`);
    path.unshift(current);
    current = facts.parentReshId;
  }
  return path;
}

/** Returns the facts of a unit on a day; undefined if it is not valid. */
export function factsOn({ timelines }: RegisterState, reshId: number, day: Day): Facts | undefined {
  const datedFacts = timelines.get(reshId)?.find(({ from, to }) => from <= day && (to === null || day < to));
  if (!datedFacts) return undefined;
  const { from: _from, to: _to, ...facts } = datedFacts;
  return facts;
}

/** Returns the days on which anything begins or ends; nothing changes between two of them. */
export function findBoundaries({ timelines }: RegisterState): Day[] {
  return [
    ...new Set(
      [...timelines.values()].flatMap((timeline) => timeline.flatMap(({ from, to }) => (to ? [from, to] : from))),
    ),
  ].sort();
}

/** A period with one value. */
export interface ValuePeriod<Value> {
  readonly from: Day;
  readonly to: Day | null;
  readonly value: Value;
}

/** Returns the periods in which a value stays the same and is defined, found by evaluating it at every boundary. */
export function findPeriods<Value>(
  boundaries: readonly Day[],
  valueOn: (day: Day) => Value | undefined,
): ValuePeriod<Value>[] {
  const found: ValuePeriod<Value>[] = [];
  boundaries.forEach((from, index) => {
    const value = valueOn(from);
    if (value === undefined) return;
    const to = boundaries[index + 1] ?? null;
    const last = found.at(-1);
    if (last?.to === from && JSON.stringify(last.value) === JSON.stringify(value))
      found[found.length - 1] = { from: last.from, to, value };
    else found.push({ from, to, value });
  });
  return found;
}
