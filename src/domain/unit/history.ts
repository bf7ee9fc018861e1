import { dayBefore, type Day } from '../time/day.ts';
import { coalescePeriods, compareByFirstDay, covers, type Period } from '../time/period.ts';

/** The facts of a version that histories read. */
export interface VersionWithPath extends Period {
  readonly parentReshId: number | null;
  readonly path: readonly number[];
}

/** Returns the periods over which the parent of a unit is the same, oldest first. */
export function coalesceByParent<Version extends VersionWithPath>(timeline: readonly Version[]): Version[] {
  return coalescePeriods(timeline, (one, other) => one.parentReshId === other.parentReshId);
}

/** Returns the periods over which the whole path of a unit is the same, oldest first. */
export function coalesceByPath<Version extends VersionWithPath>(timeline: readonly Version[]): Version[] {
  return coalescePeriods(timeline, hasSamePath);
}

function hasSamePath(one: VersionWithPath, other: VersionWithPath): boolean {
  return one.path.join() === other.path.join();
}

/**
 * Returns the day on which a period is shown: a given day if it is within, else its last day, or its first while open.
 */
export function chooseDisplayDay(period: Period, day: Day): Day {
  if (covers(period, day)) return day;
  return period.to === null ? period.from : dayBefore(period.to);
}

/** A version with the revisions that recorded and superseded it. */
export interface RecordedVersion extends Period {
  readonly recordedRev: number;
  readonly supersededRev: number | null;
}

interface Statement<Version> {
  readonly version: Version;
  readonly recordedRev: number;
  supersededRev: number | null;
}

/**
 * Returns all statements ever recorded about a unit: facts over a period, with the revisions that recorded and
 * superseded them.
 *
 * Adjacent rows that differ only in the path are one statement. A revision that only split or joined rows because of
 * their paths neither records nor supersedes a statement.
 *
 * @param rows all rows of the unit, at all revisions, in any order
 * @param factsKey returns the facts of a row as a comparable text, without days, revisions and path
 * @returns in order of recording, then of days
 */
export function buildStatements<Version extends RecordedVersion>(
  rows: readonly Version[],
  factsKey: (row: Version) => string,
): Statement<Version>[] {
  const revisions = [
    ...new Set(
      rows.flatMap(({ recordedRev, supersededRev }) =>
        supersededRev === null ? [recordedRev] : [recordedRev, supersededRev],
      ),
    ),
  ].sort((one, other) => one - other);
  const statements: Statement<Version>[] = [];
  let openStatements = new Map<string, Statement<Version>>();
  for (const revision of revisions) {
    const current = rows
      .filter((row) => row.recordedRev <= revision && (row.supersededRev === null || row.supersededRev > revision))
      .sort(compareByFirstDay);
    const currentStatements = new Map<string, Statement<Version>>();
    for (const version of coalescePeriods(current, (one, other) => factsKey(one) === factsKey(other))) {
      const key = JSON.stringify([version.from, version.to, factsKey(version)]);
      const statement = openStatements.get(key) ?? { version, recordedRev: revision, supersededRev: null };
      if (!openStatements.has(key)) statements.push(statement);
      currentStatements.set(key, statement);
    }
    for (const [key, statement] of openStatements) if (!currentStatements.has(key)) statement.supersededRev = revision;
    openStatements = currentStatements;
  }
  return statements;
}
