import { findFirstUncoveredDay, overlap, type Period } from '../time/period.ts';
import type { VersionRow } from '../unit/state.ts';
import {
  departmentAsRoot,
  organizationUnderDepartment,
  parentNotValid,
  parentUnderUnit,
  unitNotFound,
  unitOwnParent,
} from './messages/units.ts';
import type { Problem } from './user-error.ts';

/** A unit that gets a parent; without versions if it is new. */
export interface Child {
  readonly reshId: number;
  /** On all days of the period */
  readonly type: VersionRow['type'];
  readonly versions: readonly VersionRow[];
}

/** A unit that becomes a parent; without versions if the register has no such unit. */
export interface Parent {
  readonly reshId: number;
  readonly versions: readonly VersionRow[] | undefined;
}

/**
 * Returns the problems of a unit as a child of a parent over a period (rules 2, 3 and 4 of the tree).
 *
 * @param parent null if the unit becomes a root
 */
export function checkParent(unit: Child, parent: Parent | null, period: Period): Problem[] {
  const days = findTypeDays(unit, period);
  if (!parent) return unit.type === 'ORGANIZATION' ? [] : [departmentAsRoot({ unit: nameExisting(unit), days })];
  const { reshId, versions } = parent;
  if (!versions || versions.length === 0) return [unitNotFound({ reshId })];
  const overlapping = versions.filter((row) => overlap(row, period));
  const problems = checkCycle(unit, parent, overlapping, period);
  const gap = findFirstUncoveredDay(versions, period);
  if (gap !== undefined) problems.push(parentNotValid({ parent, period, gap }));
  if (unit.type === 'ORGANIZATION' && overlapping.some((row) => row.type === 'DEPARTMENT'))
    problems.push(organizationUnderDepartment({ unit, parent, days }));
  return problems;
}

/** Returns the days on which a unit has its type, if it has the other type on other days. */
function findTypeDays({ type, versions }: Child, period: Period): Period | undefined {
  return versions.some((row) => row.type !== type) ? period : undefined;
}

function nameExisting(unit: Child): Child | undefined {
  return unit.versions.length > 0 ? unit : undefined;
}

function checkCycle(unit: Child, parent: Parent, overlapping: readonly VersionRow[], period: Period): Problem[] {
  const row = overlapping.find(({ path }) => path.includes(unit.reshId));
  if (!row) return [];
  return parent.reshId === unit.reshId
    ? [unitOwnParent({ unit })]
    : [parentUnderUnit({ unit, parent, cycleFrom: row.from, firstDay: period.from })];
}
