import { dayBefore, type Day } from '../time/day.ts';
import { coalescePeriods, compareByFirstDay, covers, type Period } from '../time/period.ts';

/** What the histories read of a version. */
export interface VersionWithPath extends Period {
  readonly parentReshId: number | null;
  readonly path: readonly number[];
}

/** Periods in which a unit's parent was one and the same, oldest first. */
export function coalesceByParent<Version extends VersionWithPath>(timeline: readonly Version[]): Version[] {
  return coalescePeriods(timeline, (one, other) => one.parentReshId === other.parentReshId);
}

/** Periods in which a unit's whole path was one and the same, oldest first; so also when a unit above it moved. */
export function coalesceByPath<Version extends VersionWithPath>(timeline: readonly Version[]): Version[] {
  return coalescePeriods(timeline, hasSamePath);
}

function hasSamePath(one: VersionWithPath, other: VersionWithPath): boolean {
  return one.path.join() === other.path.join();
}

/**
 * Day on which a period is shown: the snapshot's where that lies within, else its last day, or its first while open.
 */
export function chooseDisplayDay(period: Period, day: Day): Day {
  return covers(period, day) ? day : period.to === null ? period.from : dayBefore(period.to);
}

/** A version with the revisions between which it was what the register knew. */
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
 * Everything ever stated of a unit: facts, their days, and the revisions that recorded and superseded the statement.
 *
 * Neighbours that differ in the path only are one statement, and a revision that only cut or joined rows for the path's
 * sake neither records nor supersedes one.
 *
 * @param rows every row recorded of the unit, in any order
 * @param factsKey a row's facts as a comparable text: days, revisions and path left out
 * @returns in the order of recording, then of days
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
