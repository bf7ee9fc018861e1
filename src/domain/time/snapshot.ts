import type { Day } from './day.ts';

/** The two coordinates of every read: a revision (system time) and a day (valid time). */
export interface Snapshot {
  readonly revision: number;
  readonly day: Day;
}
