import { formatUnit } from '../../domain/plan/messages/labels.ts';
import type { NumberConflict } from '../../domain/plan/number-conflicts.ts';
import type { PlanConflicts } from '../../domain/plan/planned-conflicts.ts';
import type { Day } from '../../domain/time/day.ts';
import type { UnitState } from '../../domain/unit/state.ts';

/** The reason that a unit cannot get its desired state, or cannot close. */
export interface SyncConflict {
  readonly reshId: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly problem: string;
  readonly remedy: string;
}

type Units = ReadonlyMap<number, UnitState>;
type ParentConflict = PlanConflicts['parentConflicts'][number];

/**
 * Describes the conflict of a unit with its parent, or of a unit that would close or become a department with its
 * child.
 *
 * @param fileIds RESH-ids of the units that differ in the file
 */
export function describeParentConflict(
  conflict: ParentConflict,
  units: Units,
  { absent, fileIds }: { readonly absent: ReadonlySet<number>; readonly fileIds: ReadonlySet<number> },
  day: Day,
): SyncConflict {
  const { reshId, parentReshId, reason } = conflict;
  if (reason === 'PARENT_CLOSED' && absent.has(parentReshId))
    return {
      reshId: parentReshId,
      column: null,
      value: null,
      problem:
        `unit ${label(parentReshId, units)} is missing from the file and would close, ` +
        `but unit ${label(reshId, units)}, which the file does not cover, is under it on ${day}`,
      remedy: `move or close unit ${reshId} first, or add unit ${parentReshId} to the file`,
    };
  if (reason === 'WRONG_PARENT_TYPE' && !fileIds.has(reshId))
    return {
      reshId: parentReshId,
      column: 'type',
      value: 'DEPARTMENT',
      problem:
        `is a department, but unit ${label(reshId, units)}, which the file does not cover, ` +
        `is an organization under it on ${day}`,
      remedy: `correct the type, or move unit ${reshId} first`,
    };
  return {
    reshId,
    column: 'parent_resh_id',
    value: String(parentReshId),
    problem: describeParentProblem(conflict, units, day),
    remedy: 'correct the parent',
  };
}

function describeParentProblem({ reshId, parentReshId, reason }: ParentConflict, units: Units, day: Day): string {
  const [unit, parent] = [label(reshId, units), label(parentReshId, units)];
  if (reason === 'CYCLE') return `leads back to unit ${unit} itself, through units that the file does not cover`;
  if (reason === 'WRONG_PARENT_TYPE') return `is the department ${parent}, and unit ${unit} is an organization`;
  return `is unit ${parent}, which is not valid on ${day}`;
}

/** Describes two units with one organization number on the day, as a conflict of the unit that the file has. */
export function describeNumberConflict(
  { reshId, otherReshId, organizationNumber }: NumberConflict,
  units: Units,
  fileIds: ReadonlySet<number>,
  day: Day,
): SyncConflict {
  const [own, other] = fileIds.has(reshId) ? [reshId, otherReshId] : [otherReshId, reshId];
  return {
    reshId: own,
    column: 'organization_number',
    value: organizationNumber,
    problem: `is the number of unit ${label(other, units)} on ${day}`,
    remedy: 'an organization number belongs to one unit: correct the row, or free the number first',
  };
}

/** Describes a unit that would be withdrawn although it has a successor or a predecessor. */
export function describeSuccessionConflict(reshId: number, units: Units, day: Day): SyncConflict {
  return {
    reshId,
    column: null,
    value: null,
    problem:
      `unit ${label(reshId, units)} is missing from the file, begins on ${day}, ` +
      'and has a successor or a predecessor',
    remedy: 'add it to the file, or choose a later day',
  };
}

function label(reshId: number, units: Units): string {
  return formatUnit({ reshId, versions: units.get(reshId)?.versions });
}
