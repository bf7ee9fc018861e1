import type { Day } from '../time/day.ts';
import { coalesce, splitAt } from '../time/timeline.ts';
import type { VersionRow } from '../unit/state.ts';
import type { Draft } from './draft.ts';
import { checkParent } from './parent-rules.ts';
import type { Problem } from './user-error.ts';

/**
 * Gives a child another parent from a day on, for all days on which its parent would have been one of the old parents.
 *
 * @returns the problems of the new parent; with any of them, the draft stays as it is
 */
export function reparent(
  draft: Draft,
  childReshId: number,
  oldParentReshIds: readonly number[],
  newParentReshId: number,
  day: Day,
): Problem[] {
  const versions = draft.unit(childReshId)?.versions ?? [];
  const newParent = { reshId: newParentReshId, versions: draft.unit(newParentReshId)?.versions };
  const rows = splitAt(versions, day);
  const isReparented = (row: VersionRow): boolean =>
    row.from >= day && row.parentReshId !== null && oldParentReshIds.includes(row.parentReshId);
  const problems = rows
    .filter(isReparented)
    .flatMap((row) => checkParent({ reshId: childReshId, type: row.type, versions }, newParent, row));
  if (problems.length > 0) return problems;
  const reparented = rows.map((row) =>
    isReparented(row) ? { ...row, id: undefined, parentReshId: newParentReshId, path: [] } : row,
  );
  draft.set(childReshId, { versions: coalesce(reparented) });
  return [];
}
