import type { Day } from './day.ts';

/** The two coordinates of every answer: what was known (revision) and the day it is asked about. */
export interface Snapshot {
  readonly revision: number;
  readonly day: Day;
}
