import type { Day } from './day.ts';
import { covers, type Period } from './period.ts';

/**
 * Returns the version of a unit that decides about scope: the one valid today, else the next one, else the last one.
 *
 * @param timeline versions of the unit, in order of days
 * @returns undefined only if the timeline is empty
 */
export function findReferenceVersion<Version extends Period>(
  timeline: readonly Version[],
  today: Day,
): Version | undefined {
  return (
    timeline.find((version) => covers(version, today)) ?? timeline.find(({ from }) => from > today) ?? timeline.at(-1)
  );
}
