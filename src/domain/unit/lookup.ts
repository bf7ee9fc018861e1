import { dayBefore, type Day } from '../time/day.ts';
import { covers, type Period } from '../time/period.ts';

/** Outcome of looking up a RESH-id on a day. */
export type LookupOutcome = 'FOUND' | 'CLOSED' | 'NOT_YET_VALID' | 'WITHDRAWN' | 'UNKNOWN';

/** The outcome of a lookup; if there is a version to show, the version and the day on which it is shown. */
export interface Lookup<Version> {
  readonly outcome: LookupOutcome;
  readonly found?: { readonly version: Version; readonly seenOn: Day };
}

/**
 * Finds the version of a unit for a day: the one valid then; in a gap or after the end, the previous one on its last
 * day; before the beginning, the first one on its first day.
 *
 * @param timeline versions of the unit, in order of days
 * @param isRegistered whether the RESH-id was ever assigned; a registered unit without versions was withdrawn
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
