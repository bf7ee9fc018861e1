/** A calendar day without a clock, as ISO text: '2026-11-23'. Text order is time order. */
export type Day = string;

/** The earliest day that can be written. */
export const FIRST_DAY: Day = '0001-01-01';

const MILLISECONDS_PER_DAY = 86_400_000;

/** Returns whether text is a day that exists, written as ISO: 2023-02-29 is not. Years run from 0001 to 9999. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

export function dayBefore(day: Day): Day {
  return addDays(day, -1);
}

/** Returns the day a number of days after another, or before it if the number is negative. */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

/** Returns the same day a number of years later; 29 February becomes 1 March where there is none. */
export function addYears(day: Day, years: number): Day {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString().slice(0, 10);
}

const osloDayFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo', dateStyle: 'short' });

const MILLISECONDS_PER_HOUR = 3_600_000;
let lastHour = { hour: -1, day: '' };

/** Returns the calendar day in Oslo at an instant: the register's days are Oslo days. */
export function toOsloDay(instant: Date): Day {
  // Days have begun on the hour since long before 1970; most calls ask for today, and formatting takes a microsecond.
  const hour = Math.floor(instant.getTime() / MILLISECONDS_PER_HOUR);
  if (hour !== lastHour.hour || hour < 0) lastHour = { hour, day: osloDayFormat.format(instant) };
  return lastHour.day;
}
