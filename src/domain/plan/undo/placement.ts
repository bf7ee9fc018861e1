import type { Day } from '../../time/day.ts';
import { covers, findFirstUncoveredDay, intersectPeriods, overlap, type Period } from '../../time/period.ts';
import type { VersionRow } from '../../unit/state.ts';
import { listBoundaryDays } from './recorded.ts';

/** A unit or node that cannot have its place in the tree on a day, and the parent that it would have. */
export interface MisplacedRecord<Key> {
  readonly key: Key;
  readonly parent: Key;
  readonly day: Day;
  readonly reason: 'PARENT_NOT_VALID' | 'PARENT_IS_DEPARTMENT' | 'CYCLE';
}

/** A period over which a unit or node has a parent; `type` is absent for nodes. */
export interface PlacedRow<Key> extends Period {
  readonly parent: Key | null;
  readonly type?: VersionRow['type'];
}

/**
 * Returns the records that have a parent which is not valid, is a department above an organization, or is under them;
 * one for each record and reason.
 *
 * @param changed records whose place is checked
 * @param readRows returns the rows of any record above a changed one, and of the changed ones, in order of days
 */
export function findMisplaced<Key>(
  changed: readonly Key[],
  readRows: (key: Key) => readonly PlacedRow<Key>[],
): MisplacedRecord<Key>[] {
  return [...changed.flatMap((key) => checkParents(key, readRows)), ...findCycles(changed, readRows)];
}

function checkParents<Key>(
  key: Key,
  readRows: (key: Key) => readonly PlacedRow<Key>[],
): readonly MisplacedRecord<Key>[] {
  const found = new Map<string, MisplacedRecord<Key>>();
  for (const problem of readRows(key).flatMap((row) => checkRow(key, row, readRows))) {
    const problemKey = `${String(problem.parent)} ${problem.reason}`;
    if (!found.has(problemKey)) found.set(problemKey, problem);
  }
  return [...found.values()];
}

function checkRow<Key>(
  key: Key,
  row: PlacedRow<Key>,
  readRows: (key: Key) => readonly PlacedRow<Key>[],
): MisplacedRecord<Key>[] {
  const { parent } = row;
  if (parent === null) return [];
  const parentRows = readRows(parent);
  const gap = findFirstUncoveredDay(parentRows, row);
  if (gap !== undefined) return [{ key, parent, day: gap, reason: 'PARENT_NOT_VALID' }];
  const department = parentRows.find((above) => above.type === 'DEPARTMENT' && overlap(above, row));
  const shared = department && row.type === 'ORGANIZATION' ? intersectPeriods(department, row) : undefined;
  return shared ? [{ key, parent, day: shared.from, reason: 'PARENT_IS_DEPARTMENT' }] : [];
}

/** Returns the changed records that are above themselves, each with the first day. */
function findCycles<Key>(
  changed: readonly Key[],
  readRows: (key: Key) => readonly PlacedRow<Key>[],
): MisplacedRecord<Key>[] {
  const parentOn = (key: Key, day: Day): Key | null => readRows(key).find((row) => covers(row, day))?.parent ?? null;
  const found = new Map<Key, MisplacedRecord<Key>>();
  for (const day of listBoundaryDays([...listWithAncestors(changed, readRows)].flatMap(readRows))) {
    const ended = new Set<Key>();
    for (const start of changed) {
      const path = new Set<Key>();
      let current: Key | null = start;
      while (current !== null && !path.has(current) && !ended.has(current)) {
        path.add(current);
        current = parentOn(current, day);
      }
      const parent = parentOn(start, day);
      if (current === start && path.size > 0 && parent !== null && !found.has(start))
        found.set(start, { key: start, parent, day, reason: 'CYCLE' });
      if (current === null || ended.has(current)) for (const key of path) ended.add(key);
    }
  }
  return [...found.values()];
}

function listWithAncestors<Key>(keys: readonly Key[], readRows: (key: Key) => readonly PlacedRow<Key>[]): Set<Key> {
  const listed = new Set(keys);
  for (const key of listed) for (const { parent } of readRows(key)) if (parent !== null) listed.add(parent);
  return listed;
}
