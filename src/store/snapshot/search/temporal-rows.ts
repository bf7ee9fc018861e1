import type { Day } from '../../../domain/time/day.ts';
import type { Snapshot } from '../../../domain/time/snapshot.ts';
import { findLowerBound } from '../lower-bound.ts';
import { GrowingList } from './growing-list.ts';

/** A row that holds in a period, as known at some revisions. */
export interface TemporalRow {
  readonly id: number;
  /** Null if the row holds on all days before its end */
  readonly from: Day | null;
  readonly to: Day | null;
  readonly recordedRev: number;
  readonly supersededRev: number | null;
}

/** After all days and revisions. */
const NEVER = 2_147_483_647;

/**
 * Rows about units or sites, recorded and superseded as in the database, each known by its index. They are kept as
 * columns of numbers: searches look at many rows in turn.
 */
export class TemporalRows {
  readonly #ids: number[] = [];
  readonly #reshIds = new GrowingList();
  readonly #from = new GrowingList();
  readonly #to = new GrowingList();
  readonly #recorded = new GrowingList();
  readonly #superseded = new GrowingList();

  /**
   * Adds a row, and returns its index.
   *
   * @param reshId unit of the row; any number for a row about something else
   * @throws RangeError if the id is not greater than all others
   */
  add({ id, from, to, recordedRev, supersededRev }: TemporalRow, reshId: number): number {
    if (id <= (this.#ids.at(-1) ?? 0)) throw new RangeError(`Row ${id} comes after a later one.`);
    this.#ids.push(id);
    this.#reshIds.push(reshId);
    this.#from.push(from === null ? 0 : toNumber(from));
    this.#to.push(to === null ? NEVER : toNumber(to));
    this.#recorded.push(recordedRev);
    this.#superseded.push(supersededRev ?? NEVER);
    return this.#ids.length - 1;
  }

  supersede(id: number, revision: number): void {
    const row = findLowerBound(this.#ids.length, (index) => this.idOf(index) < id);
    if (this.#ids[row] !== id) throw new RangeError(`Row ${id} is superseded and was never recorded.`);
    this.#superseded.set(row, revision);
  }

  idOf(row: number): number {
    return this.#ids[row] as number;
  }

  reshIdOf(row: number): number {
    return this.#reshIds.at(row);
  }

  /** Returns the rows about a unit. */
  rowsOf(reshId: number): number[] {
    return this.#reshIds.indexesOf(reshId);
  }

  /** Returns a function that says when a row is valid, seen from a snapshot; undefined if it is not known there. */
  seenFrom({ revision, day }: Snapshot): (row: number) => 'past' | 'present' | 'future' | undefined {
    const dayNumber = toNumber(day);
    return (row) => {
      if (this.#recorded.at(row) > revision || this.#superseded.at(row) <= revision) return undefined;
      if (this.#from.at(row) > dayNumber) return 'future';
      return this.#to.at(row) > dayNumber ? 'present' : 'past';
    };
  }
}

/** Returns a day as a number that orders days. */
function toNumber(day: Day): number {
  return Number(day.replaceAll('-', ''));
}
