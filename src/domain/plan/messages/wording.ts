import type { Day } from '../../time/day.ts';
import { coalescePeriods, type Period } from '../../time/period.ts';
import { unitLabel } from '../../unit/unit-label.ts';

// Phrases that messages share: units, days and lists in words.

/** A unit that a message names, by the name of its last version. */
export interface NamedUnit {
  readonly reshId: number;
  readonly versions: readonly { readonly name: string }[] | undefined;
}

/** Returns the label of a unit in messages: `108597 "Akutten"`. */
export function formatUnit({ reshId, versions }: NamedUnit): string {
  return unitLabel({ reshId, name: versions?.at(-1)?.name ?? 'unknown' });
}

/** A unit with some of its children, which a message lists. */
export interface UnitWithChildren {
  readonly unit: NamedUnit;
  readonly childReshIds: readonly number[];
}

/** A day on which something is not valid, and the periods over which it is. */
export interface InvalidDay {
  readonly day: Day;
  readonly periods: readonly Period[];
}

/** Returns a message that a unit or node is not valid on a day. */
export function notValidOnDay(subject: string, { day, periods }: InvalidDay): string {
  return `${subject} is not valid on ${day}; it is valid ${formatPeriods(periods)}. Choose one of those days.`;
}

/** Returns the days of a timeline in words: `from 2020-01-01 to 2021-01-01 (exclusive) and from 2022-01-01 on`. */
export function formatPeriods(periods: readonly Period[]): string {
  const unbroken = coalescePeriods(
    periods.map(({ from, to }) => ({ from, to })),
    () => true,
  );
  return unbroken.length > 0 ? unbroken.map(formatPeriod).join(' and ') : 'on no day';
}

/** Returns a period in words: `from 2020-01-01 on`. */
export function formatPeriod({ from, to }: Period): string {
  return to === null ? `from ${from} on` : `from ${from} to ${to} (exclusive)`;
}

/** The first day of a cycle, and the first day of the period over which a unit or node would get the parent. */
export interface CycleStart {
  readonly cycleFrom: Day;
  readonly firstDay: Day;
}

/** Returns the start of a fact in words: `on` the first day in question, or `from` a later day `on`. */
export function formatStart(start: Day, firstDay: Day): string {
  return start > firstDay ? `from ${start} on` : `on ${firstDay}`;
}

/** Returns a number with its noun: `1 unit`, `2 units`. */
export function formatCount(count: number, singular: string, plural: string): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** Returns the first entries of a list, separated by commas. */
export function formatFirst(entries: readonly (string | number)[], limit: number): string {
  return entries.slice(0, limit).join(', ');
}
