import type { Day } from '../../time/day.ts';
import type { MappingNodeKey, Role } from '../change-input.ts';
import type { Problem } from '../user-error.ts';
import { nodeLabel } from './mapping-nodes.ts';
import { formatUnit, type NamedUnit } from './wording.ts';

// Errors and notes of undoing a change.

export function revisionNotFound({ revision, newest }: { revision: number; newest: number }): Problem {
  return {
    code: 'NOT_FOUND',
    message: `Revision ${revision} is not in the register, whose newest is ${newest}; correct the number.`,
  };
}

export function changeTooLarge({ revision, limit }: { revision: number; limit: number }): Problem {
  return {
    code: 'NOT_UNDOABLE',
    message:
      `Revision ${revision} changed more than ${limit} units, too many to undo as one change; ` +
      'load the earlier files with "resh import --sync" instead.',
  };
}

export function codeListsChanged({ revision }: { revision: number }): Problem {
  return {
    code: 'NOT_UNDOABLE',
    message:
      `Revision ${revision} loaded code lists, which units may use by now; ` +
      'load the earlier files with "resh import --sync" instead.',
  };
}

/** @param revisions that changed the field after the change to undo */
export function fieldChangedLater({
  unit,
  field,
  day,
  revisions,
}: {
  unit: NamedUnit;
  field: string;
  day: Day;
  revisions: readonly number[];
}): Problem {
  return { code: 'CONFLICT', message: describeLaterChange(`Unit ${formatUnit(unit)}`, field, day, revisions) };
}

export function nodeFieldChangedLater({
  node,
  field,
  day,
  revisions,
}: {
  node: MappingNodeKey;
  field: string;
  day: Day;
  revisions: readonly number[];
}): Problem {
  return { code: 'CONFLICT', message: describeLaterChange(`Node ${nodeLabel(node)}`, field, day, revisions) };
}

export function personChangedLater({
  subject,
  field,
  day,
  revisions,
}: {
  subject: string;
  field: string;
  day: Day;
  revisions: readonly number[];
}): Problem {
  return { code: 'CONFLICT', message: describeLaterChange(`Person "${subject}"`, field, day, revisions) };
}

function describeLaterChange(subject: string, field: string, day: Day, revisions: readonly number[]): string {
  return (
    `${subject}: "${field}" was changed again in ${formatRevisions(revisions)}, on ${day} and perhaps later days; ` +
    `${undoFirst(revisions)}.`
  );
}

/** @param omitted number of errors beyond those listed */
export function moreConflicts({ omitted }: { omitted: number }): Problem {
  return { code: 'CONFLICT', message: `... and ${omitted} more; undo the later changes first.` };
}

/** @param revisions that changed the child after the change to undo */
export function childNeedsUnit({
  unit,
  child,
  day,
  revisions,
}: {
  unit: NamedUnit;
  child: NamedUnit;
  day: Day;
  revisions: readonly number[];
}): Problem {
  return {
    code: 'CONFLICT',
    message:
      `Unit ${formatUnit(child)} cannot be under unit ${formatUnit(unit)} on ${day} once the change is undone` +
      `${since(revisions)}; ${undoFirst(revisions)}, or move it elsewhere.`,
  };
}

/** @param revision that recorded the succession */
export function successionNeedsUnit({
  unit,
  from,
  to,
  day,
  revision,
}: {
  unit: NamedUnit;
  from: number;
  to: number;
  day: Day;
  revision: number;
}): Problem {
  return {
    code: 'CONFLICT',
    message:
      `Unit ${formatUnit(unit)} would not be valid when unit ${from} becomes unit ${to} on ${day}, ` +
      `which revision ${revision} recorded; ${undoFirst([revision])}.`,
  };
}

/** @param revisions that changed the successor after the change to undo */
export function formerSuccessorWithdrawn({
  unit,
  to,
  day,
  revisions,
}: {
  unit: NamedUnit;
  to: number;
  day: Day;
  revisions: readonly number[];
}): Problem {
  return {
    code: 'CONFLICT',
    message:
      `Unit ${formatUnit(unit)} would become unit ${to} on ${day}, which is withdrawn${since(revisions)}; ` +
      `${undoFirst(revisions)}.`,
  };
}

/** @param revisions that changed the parent after the change to undo */
export function formerParentNotValid({
  unit,
  parent,
  day,
  revisions,
}: {
  unit: NamedUnit;
  parent: NamedUnit;
  day: Day;
  revisions: readonly number[];
}): Problem {
  return {
    code: 'PARENT_CLOSED',
    message:
      `Unit ${formatUnit(unit)} would be under unit ${formatUnit(parent)} on ${day}, which is not valid on that day` +
      `${since(revisions)}; ${undoFirst(revisions)}.`,
  };
}

/** @param revisions that changed units of the cycle after the change to undo */
export function formerPlaceInCycle({
  unit,
  day,
  revisions,
}: {
  unit: NamedUnit;
  day: Day;
  revisions: readonly number[];
}): Problem {
  return {
    code: 'CYCLE',
    message: `Unit ${formatUnit(unit)} would be under itself on ${day}${since(revisions)}; ${undoFirst(revisions)}.`,
  };
}

/** @param revisions that changed the parent after the change to undo */
export function formerParentIsDepartment({
  unit,
  parent,
  day,
  revisions,
}: {
  unit: NamedUnit;
  parent: NamedUnit;
  day: Day;
  revisions: readonly number[];
}): Problem {
  return {
    code: 'WRONG_PARENT_TYPE',
    message:
      `Organization ${formatUnit(unit)} would be under department ${formatUnit(parent)} on ${day}` +
      `${since(revisions)}; ${undoFirst(revisions)}.`,
  };
}

/** @param revision that last changed the child */
export function childNodeNeedsNode({
  node,
  child,
  day,
  revision,
}: {
  node: MappingNodeKey;
  child: MappingNodeKey;
  day: Day;
  revision: number;
}): Problem {
  return {
    code: 'CONFLICT',
    message:
      `Node ${nodeLabel(node)} would not be valid on ${day}, but node ${nodeLabel(child)}, last changed in revision ` +
      `${revision}, is under it on that day; ${undoFirst([revision])}, or move it elsewhere.`,
  };
}

export function formerParentNodeNotValid({
  node,
  parent,
  day,
}: {
  node: MappingNodeKey;
  parent: MappingNodeKey;
  day: Day;
}): Problem {
  return {
    code: 'PARENT_CLOSED',
    message:
      `Node ${nodeLabel(node)} would be under node ${nodeLabel(parent)} on ${day}, which is not valid on that day; ` +
      'undo the later change of that node first.',
  };
}

export function formerNodePlaceInCycle({ node, day }: { node: MappingNodeKey; day: Day }): Problem {
  return {
    code: 'CYCLE',
    message: `Node ${nodeLabel(node)} would be under itself on ${day}; undo the later change of its parent first.`,
  };
}

function formatRevisions(revisions: readonly number[]): string {
  const last = revisions.at(-1);
  if (last === undefined) return 'a later revision';
  const others = revisions.slice(0, -1);
  return others.length === 0 ? `revision ${last}` : `revisions ${others.join(', ')} and ${last}`;
}

function since(revisions: readonly number[]): string {
  return revisions.length === 0 ? '' : `, since ${formatRevisions(revisions)}`;
}

function undoFirst(revisions: readonly number[]): string {
  if (revisions.length === 0) return 'undo the later changes first';
  return revisions.length === 1 ? 'undo that revision first' : 'undo those revisions first, the newest one first';
}

// Notes.

/** Notes that access which the change ended stays ended. */
export function accessNotGivenBack({
  subject,
  role,
  reshId,
}: {
  subject: string;
  role: Role;
  reshId: number | null;
}): string {
  const place = reshId === null ? '' : ` on unit ${reshId}`;
  return `"${subject}" does not get role ${role}${place} back, which the change ended; grant it again if needed.`;
}

/** @param day first day on which the node changes */
export function nodeGoesBack({ node, day }: { node: MappingNodeKey; day: Day }): string {
  return `Node ${nodeLabel(node)} is what it was before the change from ${day} on; no unit changes.`;
}

/** Notes that a treatment site which the change registered stays in the register. */
export function siteStaysRegistered({ organizationNumber }: { organizationNumber: string }): string {
  return `Treatment site ${organizationNumber} stays registered.`;
}
