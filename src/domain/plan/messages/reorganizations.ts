import type { Day } from '../../time/day.ts';
import type { Problem } from '../user-error.ts';
import { formatFirst, formatUnit, type NamedUnit, type UnitWithChildren } from './wording.ts';

// Errors of closing, merging, splitting and reorganizing units.

const LISTED_CHILDREN_LIMIT = 10;

export function successorCloses({ unit, day }: { unit: NamedUnit; day: Day }): Problem {
  return {
    code: 'NOT_VALID_ON_DAY',
    message: `Unit ${formatUnit(unit)} closes in the same change; name a unit that is valid on ${day}.`,
  };
}

export function successorPrecedes({ from, to }: { from: NamedUnit; to: NamedUnit }): Problem {
  return {
    code: 'CYCLE',
    message:
      `Unit ${formatUnit(to)} cannot succeed unit ${formatUnit(from)}: it is that unit, or became it; ` +
      'name another.',
  };
}

/** Reports the violation of a constraint. */
export function unitSucceedsItself(): Problem {
  return { code: 'NOT_ALLOWED', message: 'A unit cannot become itself; name another unit.' };
}

/** @param dayBefore the day before the succession, on which the unit must be valid */
export function sourceNotValid({ unit, dayBefore, day }: { unit: NamedUnit; dayBefore: Day; day: Day }): Problem {
  return {
    code: 'NOT_VALID_ON_DAY',
    message:
      `Unit ${formatUnit(unit)} is not valid on ${dayBefore}, so it cannot become another unit on ${day}; ` +
      'choose another day.',
  };
}

export function mergeSourcesMissing(): Problem {
  return { code: 'REQUIRED', message: 'Name at least one unit to merge.' };
}

export function tooManyMergeSources({ count, limit }: { count: number; limit: number }): Problem {
  return {
    code: 'TOO_MANY',
    message: `${count} units are named, but at most ${limit} can be merged in one change; make several changes.`,
  };
}

export function mergeTargetMissing(): Problem {
  return {
    code: 'REQUIRED',
    message: 'Name what the units become: an existing unit in "targetReshId", or a new one in "target".',
  };
}

export function mergeTargetNotValid({ unit, gap, day }: { unit: NamedUnit; gap: Day; day: Day }): Problem {
  return {
    code: 'PARENT_CLOSED',
    message:
      `Unit ${formatUnit(unit)} is not valid on ${gap}, and the target of a merger must be valid from ${day} on; ` +
      'name another unit.',
  };
}

export function mergeTargetUnderSource({ unit }: { unit: NamedUnit }): Problem {
  return { code: 'CYCLE', message: `Unit ${formatUnit(unit)} is under a unit that closes; move it out first.` };
}

export function tooFewParts(): Problem {
  return { code: 'REQUIRED', message: 'Name at least two parts, or at least one with "keepSource".' };
}

export function tooManyParts({ count, limit }: { count: number; limit: number }): Problem {
  return {
    code: 'TOO_MANY',
    message: `${count} parts are named, but at most ${limit} are allowed; make several changes.`,
  };
}

export function partIsSource({ reshId }: { reshId: number }): Problem {
  return {
    code: 'NOT_ALLOWED',
    message:
      `Unit ${reshId} cannot be a part of itself; leave it out, and pass "keepSource" to keep it ` +
      'with the children that no part gets.',
  };
}

export function partNamedTwice({ reshId }: { reshId: number }): Problem {
  return { code: 'DUPLICATE_VALUE', message: `Unit ${reshId} is named as two parts; combine them into one.` };
}

export function factOfExistingPart({ reshId, fact }: { reshId: number; fact: string }): Problem {
  return {
    code: 'NOT_ALLOWED',
    message:
      `Unit ${reshId} already exists, and "${fact}" is for new units only; ` +
      'leave it out, and use updateUnit instead.',
  };
}

export function notAChild({ childReshId, unit, day }: { childReshId: number; unit: NamedUnit; day: Day }): Problem {
  return {
    code: 'NOT_FOUND',
    message: `Unit ${childReshId} is not a child of unit ${formatUnit(unit)} on ${day} or later; leave it out.`,
  };
}

export function childOfTwoParts({ childReshId }: { childReshId: number }): Problem {
  return { code: 'DUPLICATE_VALUE', message: `Unit ${childReshId} is named as a child of two parts; keep one.` };
}

export function childrenWithoutPart({ unit, childReshIds }: UnitWithChildren): Problem {
  return {
    code: 'HAS_OPEN_CHILDREN',
    message:
      `Unit ${formatUnit(unit)} has ${childReshIds.length} children that no part gets: ` +
      `${formatFirst(childReshIds, LISTED_CHILDREN_LIMIT)}; name each in a part, or keep the unit with "keepSource".`,
  };
}

export function stepsMissing(): Problem {
  return { code: 'REQUIRED', message: 'Give at least one step.' };
}

export function tooManySteps({ count, limit }: { count: number; limit: number }): Problem {
  return {
    code: 'TOO_MANY',
    message: `${count} steps are given, but one change may have at most ${limit}; make several changes.`,
  };
}

/** Reports a merge step without a target. */
export function stepTargetMissing(): Problem {
  return {
    code: 'REQUIRED',
    message: 'Name what the units become: an existing unit in "target", or a new one in "newTarget".',
  };
}

export function keyNotFound({ key }: { key: string }): Problem {
  return {
    code: 'NOT_FOUND',
    message:
      `No earlier step gives a unit the key "${key}"; ` +
      'add the key to the step that creates the unit, or name a RESH-id.',
  };
}

export function keyTaken({ key }: { key: string }): Problem {
  return { code: 'DUPLICATE_VALUE', message: `Key "${key}" already names another unit; choose another key.` };
}

export function keyOfExistingUnit(): Problem {
  return { code: 'NOT_ALLOWED', message: 'Only a new unit can be given a key; leave "key" out for an existing unit.' };
}
