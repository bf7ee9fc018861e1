import type { Day } from './day.ts';

/** Half-open period of days: `to` is the first day outside it, null while open. */
export interface Period {
  readonly from: Day;
  readonly to: Day | null;
}

/** The unbroken period around a day: neighbours that touch count as one, whatever else they say. */
export function findUnbrokenPeriod(periods: readonly Period[], day: Day): Period | undefined {
  return coalescePeriods(
    periods.map(({ from, to }) => ({ from, to })),
    () => true,
  ).find((period) => covers(period, day));
}

/**
 * Joins neighbours that touch and are alike.
 *
 * @param periods in order of their days, without overlap
 * @param areEqual what makes two neighbours one
 * @returns the last of the joined ones, with the first one's beginning
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

/** Whether one period begins on the day on which another ends. */
export function touches(earlier: Period, later: Period): boolean {
  return earlier.to === later.from;
}

/** Whether a day lies in a period. */
export function covers(period: Period, day: Day): boolean {
  return period.from <= day && (period.to === null || day < period.to);
}
