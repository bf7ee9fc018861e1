import { FIRST_DAY, type Day } from './day.ts';

/** Half-open period of days: `to` is the first day outside it, null while open. */
export interface Period {
  readonly from: Day;
  readonly to: Day | null;
}

/** The period of all days. */
export const ALL_DAYS: Period = { from: FIRST_DAY, to: null };

/** Returns whether a day lies in a period. */
export function covers(period: Period, day: Day): boolean {
  return period.from <= day && (period.to === null || day < period.to);
}

/** Returns whether two periods share a day. */
export function overlap(one: Period, other: Period): boolean {
  return (one.to === null || one.to > other.from) && (other.to === null || other.to > one.from);
}

/** Returns the days that two periods share; undefined if they share none. */
export function intersectPeriods(one: Period, other: Period): Period | undefined {
  const from = one.from > other.from ? one.from : other.from;
  const to = one.to === null || (other.to !== null && other.to < one.to) ? other.to : one.to;
  return to === null || from < to ? { from, to } : undefined;
}

/** Returns whether one period begins on the day on which another ends. */
export function touches(earlier: Period, later: Period): boolean {
  return earlier.to === later.from;
}

/** Compares periods by their first days. */
export function compareByFirstDay(one: Period, other: Period): number {
  return one.from < other.from ? -1 : one.from > other.from ? 1 : 0;
}

/**
 * Joins adjacent periods that touch and are equal.
 *
 * @param periods in order of days, without overlap
 * @param areEqual returns whether two adjacent periods are equal
 * @returns each run of joined periods as its last one, with the first day of its first one
 */
export function coalescePeriods<Item extends Period>(
  periods: readonly Item[],
  areEqual: (earlier: Item, later: Item) => boolean,
): Item[] {
  const coalesced: Item[] = [];
  for (const period of periods) {
    const last = coalesced.at(-1);
    if (last && touches(last, period) && areEqual(last, period))
      coalesced[coalesced.length - 1] = { ...period, from: last.from };
    else coalesced.push(period);
  }
  return coalesced;
}

/**
 * Returns the unbroken period around a day: periods that touch count as one, whatever their values.
 *
 * @param periods in order of days, without overlap
 * @returns undefined if the day is in none of them
 */
export function findUnbrokenPeriod(periods: readonly Period[], day: Day): Period | undefined {
  return coalescePeriods(
    periods.map(({ from, to }) => ({ from, to })),
    () => true,
  ).find((period) => covers(period, day));
}

/**
 * Returns the first day of a period that no other period covers; undefined if all its days are covered.
 *
 * @param periods in order of first days
 */
export function findFirstUncoveredDay(periods: readonly Period[], { from, to }: Period): Day | undefined {
  let day: Day = from;
  for (const period of periods) {
    if (period.from > day) break;
    if (period.to === null) return undefined;
    if (period.to > day) day = period.to;
    if (to !== null && day >= to) return undefined;
  }
  return day;
}
