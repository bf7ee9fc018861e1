import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import type { NamedUnit } from './labels.ts';
import { definePhrase, type Message } from './message.ts';

// Values and phrases that messages share.

/** A unit with some of its children, which a message lists. */
export interface UnitWithChildren {
  readonly unit: NamedUnit;
  readonly children: readonly NamedUnit[];
}

/** A day on which something is not valid, and the periods over which it is. */
export interface InvalidDay {
  readonly day: Day;
  readonly valid: readonly Period[];
}

/** The first day of a cycle, and the first day of the period over which a unit or node would get the parent. */
export interface CycleStart {
  readonly cycleFrom: Day;
  readonly firstDay: Day;
}

/** Returns the start of a fact in words: `on` the first day in question, or `from` a later day `on`. */
export function describeStart(start: Day, firstDay: Day): Message {
  return start > firstDay ? fromDay({ day: start }) : onDay({ day: firstDay });
}

const fromDay = definePhrase<{ day: Day }>({ en: 'from {day, date} on', nb: 'fra og med {day, date}' });
const onDay = definePhrase<{ day: Day }>({ en: 'on {day, date}', nb: '{day, date}' });
