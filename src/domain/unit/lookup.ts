import { dayBefore, type Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';

/** What became of a RESH-id on a day. */
export type LookupOutcome = 'FOUND' | 'CLOSED' | 'NOT_YET_VALID' | 'WITHDRAWN' | 'UNKNOWN';

/** A look-up's outcome, and where there is something to show, the version and the day it is shown as. */
export interface Lookup<Version> {
  readonly outcome: LookupOutcome;
  readonly found?: { readonly version: Version; readonly seenOn: Day };
}

/**
 * Finds a unit's version for a day: the one valid then; in a gap or after the end the last one before, on its last day;
 * before the beginning the first one, on its first day.
 *
 * @param timeline the unit's versions as known, in the order of their days
 * @param isRegistered whether the RESH-id was ever given: one without versions was withdrawn
 */
export function lookUpVersion<Version extends Period>(
  timeline: readonly Version[],
  isRegistered: boolean,
  day: Day,
): Lookup<Version> {
  const current = timeline.find((version) => covers(version, day));
  if (current) return { outcome: 'FOUND', found: { version: current, seenOn: day } };
  const before = timeline.findLast((version) => version.to !== null && version.to <= day);
  if (before?.to) return { outcome: 'CLOSED', found: { version: before, seenOn: dayBefore(before.to) } };
  const [first] = timeline;
  if (first) return { outcome: 'NOT_YET_VALID', found: { version: first, seenOn: first.from } };
  return { outcome: isRegistered ? 'WITHDRAWN' : 'UNKNOWN' };
}
