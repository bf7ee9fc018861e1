import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import { unitLabel, type UnitName } from '../../unit/unit-label.ts';
import type { Problem } from '../user-error.ts';
import {
  formatCount,
  formatFirst,
  formatPeriod,
  formatStart,
  formatUnit,
  notValidOnDay,
  type CycleStart,
  type InvalidDay,
  type NamedUnit,
  type UnitWithChildren,
} from './wording.ts';

// Errors of changing one unit and its place in the tree.

const LISTED_LIMIT = 5;

export function unitNotFound({ reshId }: { reshId: number }): Problem {
  return { code: 'NOT_FOUND', message: `Unit ${reshId} is not in the register; correct the RESH-id.` };
}

export function unitNotValid({ unit, ...invalidDay }: InvalidDay & { unit: NamedUnit }): Problem {
  return { code: 'NOT_VALID_ON_DAY', message: notValidOnDay(`Unit ${formatUnit(unit)}`, invalidDay) };
}

export function unitAlreadyValid({ unit, day }: { unit: NamedUnit; day: Day }): Problem {
  return {
    code: 'ALREADY_VALID',
    message: `Unit ${formatUnit(unit)} is already valid on ${day}; there is nothing to reopen.`,
  };
}

export function closingLeavesNoDay({ unit, firstDay }: { unit: NamedUnit; firstDay: Day }): Problem {
  return {
    code: 'BAD_PERIOD',
    message:
      `Unit ${formatUnit(unit)} begins on ${firstDay} and must stay valid for at least one day; choose a later day. ` +
      'If it was registered by mistake, use withdrawUnit.',
  };
}

export function periodEndsBeforeItBegins({
  what,
  from,
  validTo,
}: {
  what: 'department' | 'access' | 'site';
  from: Day;
  validTo: Day;
}): Problem {
  return {
    code: 'BAD_PERIOD',
    message: `"validTo" is ${validTo}, but the ${what} begins on ${from}; give a later day, or leave "validTo" out.`,
  };
}

/** Reports the violation of a constraint. */
export function periodWithoutDay(): Problem {
  return {
    code: 'BAD_PERIOD',
    message: 'A period ends on or before its first day; choose a later end, or an earlier first day.',
  };
}

/** A child that would lose its parent if the parent closed, with the first day on which it is a child. */
export interface OpenChild extends UnitName {
  readonly from: Day;
}

export function unitHasOpenChildren({
  parents,
  children,
  day,
}: {
  parents: readonly NamedUnit[];
  children: readonly OpenChild[];
  day: Day;
}): Problem {
  const listed = children.map((child) => formatOpenChild(child, day));
  const subject = parents.length === 1 ? 'Unit' : 'Units';
  const verb = parents.length === 1 ? 'has' : 'have';
  const more = children.length > LISTED_LIMIT ? ', ...' : '';
  return {
    code: 'HAS_OPEN_CHILDREN',
    message:
      `${subject} ${formatFirst(parents.map(formatUnit), LISTED_LIMIT)} ${verb} ` +
      `${formatCount(children.length, 'open child', 'open children')} on ${day} or later: ` +
      `${formatFirst(listed, LISTED_LIMIT)}${more}; ${describeOpenChildrenRemedy(children, day)}.`,
  };
}

function formatOpenChild(child: OpenChild, day: Day): string {
  const label = unitLabel(child);
  return child.from > day ? `${label} (planned from ${child.from})` : label;
}

function describeOpenChildrenRemedy(children: readonly OpenChild[], day: Day): string {
  const plannedCount = children.filter(({ from }) => from > day).length;
  if (plannedCount === children.length) return 'change what is planned for them first';
  return plannedCount > 0 ? 'close or move them first' : 'close or move them first, or pass withDescendants';
}

export function withdrawnUnitHasChildren({ unit, childReshIds }: UnitWithChildren): Problem {
  return {
    code: 'HAS_OPEN_CHILDREN',
    message:
      `Unit ${formatUnit(unit)} has or had ${formatCount(childReshIds.length, 'unit', 'units')} under it: ` +
      `${formatFirst(childReshIds, LISTED_LIMIT)}; first withdraw them, or move them on all of their days.`,
  };
}

export function withdrawnUnitHasSuccessions({ unit }: { unit: NamedUnit }): Problem {
  return {
    code: 'HAS_SUCCESSIONS',
    message:
      `Unit ${formatUnit(unit)} became another unit, or another unit became it, so it cannot be withdrawn. ` +
      'First reopen the closed unit on the day it closed, or close this unit instead.',
  };
}

/** @param field field of the input, or of the step, that names the new parent */
export function newParentMissing({ field }: { field: string }): Problem {
  return {
    code: 'REQUIRED',
    message: `"${field}" is missing: name the new parent, or pass null to make an organization a root.`,
  };
}

/** @param days on which the unit is a department; undefined if it is never an organization */
export function departmentAsRoot({ unit, days }: { unit: NamedUnit | undefined; days: Period | undefined }): Problem {
  const subject = unit ? `Unit ${formatUnit(unit)}` : 'The new unit';
  const when = days ? ` ${formatPeriod(days)}` : '';
  return {
    code: 'WRONG_PARENT_TYPE',
    message: `${subject} is a department${when}, and only an organization can be a root; name a parent.`,
  };
}

/** Reports the violation of a constraint. */
export function departmentWithoutParent(): Problem {
  return { code: 'WRONG_PARENT_TYPE', message: 'A department has no parent; place it under a unit.' };
}

/** @param days on which the unit is an organization; undefined if it is never a department */
export function organizationUnderDepartment({
  unit,
  parent,
  days,
}: {
  unit: NamedUnit;
  parent: NamedUnit;
  days: Period | undefined;
}): Problem {
  const rule = days
    ? `unit ${formatUnit(unit)} is an organization ${formatPeriod(days)}, when its parent must be an organization`
    : 'the parent of an organization must be an organization';
  return {
    code: 'WRONG_PARENT_TYPE',
    message: `Unit ${formatUnit(parent)} is a department, and ${rule}; name one.`,
  };
}

export function unitOwnParent({ unit }: { unit: NamedUnit }): Problem {
  return { code: 'CYCLE', message: `Unit ${formatUnit(unit)} cannot be its own parent; name another unit.` };
}

export function parentUnderUnit({
  unit,
  parent,
  cycleFrom,
  firstDay,
}: CycleStart & { unit: NamedUnit; parent: NamedUnit }): Problem {
  return {
    code: 'CYCLE',
    message:
      `Unit ${formatUnit(parent)} is under unit ${formatUnit(unit)} ${formatStart(cycleFrom, firstDay)}; ` +
      'name a unit outside it.',
  };
}

/** @param gap day of the period on which the parent is not valid */
export function parentNotValid({ parent, period, gap }: { parent: NamedUnit; period: Period; gap: Day }): Problem {
  const alternative = period.to === null ? ', or end the unit before that day' : '';
  return {
    code: 'PARENT_CLOSED',
    message:
      `Unit ${formatUnit(parent)} is not valid on ${gap}, and the unit would be under it ${formatPeriod(period)}; ` +
      `name a parent that is valid on all those days${alternative}.`,
  };
}
