import { addDays, type Day } from '../domain/time/day.ts';
import { DEMO_START } from './organizations.ts';

/** A source of pseudorandom choices; the same seed gives the same choices. */
export interface RandomSource {
  /** Returns a number from 0 up to, but not including, 1 */
  next(): number;
  /** Returns an integer from 0 up to, but not including, a limit */
  integerBelow(limit: number): number;
  /** Returns true once in a number of times, on average */
  oneIn(times: number): boolean;
  pick<Item>(from: readonly Item[]): Item;
  /** Returns the first day of a month in the past, often January */
  pastDay(): Day;
  /** Returns the first day of a month in the next 13 months, at least a month ahead */
  plannedDay(): Day;
}

const firstYear = Number(DEMO_START.slice(0, 4)) + 1;

/** @param today day after all past days and before all planned days */
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
    pastDay: () => {
      const year = firstYear + integerBelow(years);
      const month = next() < 0.5 ? 1 : 1 + integerBelow(12);
      return `${year}-${padTwoDigits(month)}-01`;
    },
    // 62 days ahead, the first day of the month is still in the future.
    plannedDay: () => `${addDays(today, 62 + integerBelow(330)).slice(0, 7)}-01`,
  };
}

// Mulberry32 is small, fast and good enough for names and days.
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
