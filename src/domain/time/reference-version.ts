import type { Day } from './day.ts';
import { covers, type Period } from './period.ts';

/**
 * Returns the row of a timeline that decides about scope: the one valid today, else the next to come, else the last.
 *
 * @param timeline a unit's versions as known, in the order of their days
 * @returns undefined for an empty timeline only
 */
export function findReferenceVersion<Version extends Period>(
  timeline: readonly Version[],
  today: Day,
): Version | undefined {
  return (
    timeline.find((version) => covers(version, today)) ?? timeline.find(({ from }) => from > today) ?? timeline.at(-1)
  );
}
