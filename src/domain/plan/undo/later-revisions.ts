import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import type { UnitName } from '../../unit/unit-label.ts';
import { listBoundaryDays, type Recorded } from './recorded.ts';
import { findLaterRevisions, type EXISTENCE, type RecordHistory } from './three-way-merge.ts';
import { createHistory } from './undo-record.ts';

/** The facts of a unit that may stand in the way of an undo, over a period. */
export interface PlacementRow extends Period {
  readonly reshId: number;
  readonly name: string;
  readonly parentReshId: number | null;
  readonly type: string;
  readonly organizationNumber: string | null;
}

export type PlacementField = 'parentReshId' | 'type' | 'organizationNumber' | typeof EXISTENCE;

/** Finds the later changes that stand in the way of an undo, by the facts and days that they changed. */
export class LaterChanges {
  private readonly histories = new Map<number, RecordHistory>();
  private readonly names = new Map<number, string>();

  /**
   * @param rows rows of units that are known at the revision or later
   * @param revision revision of the change to undo
   */
  constructor(
    rows: readonly Recorded<PlacementRow>[],
    private readonly revision: number,
  ) {
    const rowsByUnit = new Map<number, Recorded<PlacementRow>[]>();
    for (const recorded of rows) {
      this.names.set(recorded.row.reshId, recorded.row.name);
      const known = rowsByUnit.get(recorded.row.reshId);
      if (known) known.push(recorded);
      else rowsByUnit.set(recorded.row.reshId, [recorded]);
    }
    for (const [reshId, unitRows] of rowsByUnit)
      this.histories.set(reshId, createHistory(unitRows, ['parentReshId', 'type', 'organizationNumber']));
  }

  /**
   * Returns the later revisions that gave some fields of units the values that they have on the days in question, in
   * order. Once these are undone, the fields have other values.
   */
  find(reshIds: readonly number[], fields: readonly PlacementField[], days: readonly Day[]): number[] {
    const revisions = reshIds.flatMap((reshId) => {
      const history = this.histories.get(reshId);
      if (!history) return [];
      return fields.flatMap((field) =>
        days.flatMap((day) => findLaterRevisions(history, this.revision, field, day).slice(-1)),
      );
    });
    return [...new Set(revisions)].sort((one, other) => one - other);
  }

  /** Returns a unit with one of its names, also if it is withdrawn by now. */
  nameUnit(reshId: number): UnitName {
    return { reshId, name: this.names.get(reshId) ?? '?' };
  }

  /** Returns the days on which facts of units may change, and the first days of periods, in order. */
  listDays(reshIds: readonly number[], periods: readonly Period[]): Day[] {
    const days = reshIds.flatMap((reshId) => this.histories.get(reshId)?.boundaries ?? []);
    return [...new Set([...days, ...listBoundaryDays(periods)])].sort();
  }
}
