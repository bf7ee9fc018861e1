import { intersectPeriods, type Period } from '../../time/period.ts';
import { insertRow, removePeriod, type Row } from '../../time/timeline.ts';

/** Replaces the days of a period in some rows by those of former rows. */
export function restoreRows<R extends Row>(
  rows: readonly R[],
  former: readonly R[],
  period: Period,
  isRestored: (row: R) => boolean,
): R[] {
  const kept = rows.flatMap((row) => (isRestored(row) ? removePeriod([row], period) : [row]));
  return clipRows(former.filter(isRestored), period).reduce<R[]>((list, row) => insertRow(list, row), kept);
}

/** Replaces the rows of a period by changed ones. */
export function patchRows<R extends Row>(rows: readonly R[], period: Period, patch: (row: R) => R): R[] {
  return clipRows(rows, period).reduce<R[]>((list, row) => insertRow(removePeriod(list, row), patch(row)), [...rows]);
}

/** Returns the parts of rows in a period, as new rows. */
export function clipRows<R extends Row>(rows: readonly R[], period: Period): R[] {
  return rows.flatMap((row) => {
    const shared = intersectPeriods(row, period);
    return shared ? [{ ...row, ...shared, id: undefined }] : [];
  });
}
