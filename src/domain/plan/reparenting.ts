import type { Day } from '../time/day.ts';
import { coalesce, splitAt } from '../time/timeline.ts';
import type { Draft } from './draft.ts';
import { validateParent } from './parent-rules.ts';

/**
 * Hands a child over to another parent: for those days from a given one on on which it would have stood beneath one of the
 * sources.
 *
 * @param field of the input that names the new parent
 */
export function reparent(
  draft: Draft,
  childReshId: number,
  oldParentReshIds: readonly number[],
  newParentReshId: number,
  day: Day,
  field: readonly string[],
): void {
  const versions = draft.unit(childReshId)?.versions ?? [];
  const newParent = { reshId: newParentReshId, versions: draft.unit(newParentReshId)?.versions };
  const rows = splitAt(versions, day);
  const isReparented = (row: (typeof rows)[number]): boolean =>
    row.from >= day && row.parentReshId !== null && oldParentReshIds.includes(row.parentReshId);
  const errors = rows
    .filter(isReparented)
    .flatMap((row) => validateParent({ reshId: childReshId, type: row.type, versions }, newParent, row, ''))
    .map((error) => ({ ...error, field }));
  draft.errors.push(...errors);
  if (errors.length > 0) return;
  draft.set(childReshId, {
    versions: coalesce(
      rows.map((row) => (isReparented(row) ? { ...row, id: undefined, parentReshId: newParentReshId, path: [] } : row)),
    ),
  });
}
