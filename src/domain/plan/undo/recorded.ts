import type { Day } from '../../time/day.ts';
import { covers, type Period } from '../../time/period.ts';

/** A row of the register, with the revisions that recorded and superseded it. */
export interface Recorded<R> {
  readonly row: R;
  readonly recordedRev: number;
  /** Null while the row is current */
  readonly supersededRev: number | null;
}

/** Returns the rows that are known at a revision. */
export function selectKnown<R>(rows: readonly Recorded<R>[], revision: number): R[] {
  return rows.filter((recorded) => isKnown(recorded, revision)).map(({ row }) => row);
}

/** Returns the rows that hold on a day, as known at a revision. */
export function selectKnownOn<R extends Period>(rows: readonly Recorded<R>[], revision: number, day: Day): R[] {
  return rows.filter((recorded) => covers(recorded.row, day) && isKnown(recorded, revision)).map(({ row }) => row);
}

function isKnown({ recordedRev, supersededRev }: Recorded<unknown>, revision: number): boolean {
  return recordedRev <= revision && (supersededRev === null || supersededRev > revision);
}

/** Returns the first and the following days of periods, once each and in order. */
export function listBoundaryDays(periods: readonly Period[]): Day[] {
  return [...new Set(periods.flatMap(({ from, to }) => (to === null ? [from] : [from, to])))].sort();
}

/** Returns the revisions that recorded or superseded rows, once each and in order. */
export function listRevisions(rows: readonly Recorded<unknown>[]): number[] {
  const revisions = rows.flatMap(({ recordedRev, supersededRev }) =>
    supersededRev === null ? [recordedRev] : [recordedRev, supersededRev],
  );
  return [...new Set(revisions)].sort((one, other) => one - other);
}
