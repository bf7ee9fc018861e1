import { addDays, type Day } from '../domain/time/day.ts';
import { DEMO_START } from './organizations.ts';

/** Choices that look random and are the same for the same seed. */
export interface RandomSource {
  /** From 0 up to, not including, 1 */
  next(): number;
  /** From 0 up to, not including, a whole number */
  integerBelow(limit: number): number;
  /** True once in so many times */
  oneIn(times: number): boolean;
  pick<Item>(from: readonly Item[]): Item;
  /** The first day of a month in the past, often of a year */
  pastDay(): Day;
  /** The first day of a month in the coming year or so */
  plannedDay(): Day;
}

const firstYear = Number(DEMO_START.slice(0, 4)) + 1;

/** @param today day that past days are before and planned days after */
export function createRandomSource(seed: number, today: Day): RandomSource {
  const next = createMulberry32(seed);
  const integerBelow = (limit: number): number => Math.floor(next() * limit);
  const years = Number(today.slice(0, 4)) - firstYear;
  return {
    next,
    integerBelow,
    oneIn: (times) => next() * times < 1,
    pick: (from) => {
      const item = from[integerBelow(from.length)];
      if (item === undefined) throw new Error('Nothing to pick from.');
      return item;
    },
    pastDay: () => `${firstYear + integerBelow(years)}-${next() < 0.5 ? '01' : padTwoDigits(1 + integerBelow(12))}-01`,
    // Two months on, the first of the month is still to come.
    plannedDay: () => `${addDays(today, 62 + integerBelow(330)).slice(0, 7)}-01`,
  };
}

// Mulberry32: small, quick and good enough for names and days.
function createMulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function padTwoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
