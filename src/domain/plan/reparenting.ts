import type { Day } from '../time/day.ts';
import type { Draft } from './draft.ts';
import { placeErrors } from './parent-rules.ts';
import { joined, parted } from '../time/timeline.ts';

/**
 * Hands a child over to another parent: for those days from a given one on on which it would have stood beneath one of the
 * sources.
 *
 * @param field of the input that names the new parent
 */
export const handOver = (
  draft: Draft,
  childReshId: number,
  sources: readonly number[],
  targetReshId: number,
  day: Day,
  field: readonly string[],
): void => {
  const versions = draft.unit(childReshId)?.versions ?? [];
  const target = { reshId: targetReshId, versions: draft.unit(targetReshId)?.versions };
  const rows = parted(versions, day);
  const isHandedOver = (row: (typeof rows)[number]): boolean =>
    row.from >= day && row.parentReshId !== null && sources.includes(row.parentReshId);
  const errors = rows
    .filter(isHandedOver)
    .flatMap((row) => placeErrors({ reshId: childReshId, type: row.type, versions }, target, row, ''))
    .map((error) => ({ ...error, field }));
  draft.errors.push(...errors);
  if (errors.length > 0) return;
  draft.set(childReshId, {
    versions: joined(
      rows.map((row) => (isHandedOver(row) ? { ...row, id: undefined, parentReshId: targetReshId, path: [] } : row)),
    ),
  });
};
