import type { Day } from '../../time/day.ts';
import type { Role } from '../change-input.ts';
import type { Problem } from '../user-error.ts';
import { formatUnit, type NamedUnit } from './wording.ts';

// Errors of granting and revoking access.

export function administratorNeedsUnit(): Problem {
  return { code: 'REQUIRED', message: 'An administrator needs a unit; name it in "reshId".' };
}

export function nationalRoleHasNoUnit({ role }: { role: Role }): Problem {
  return { code: 'NOT_ALLOWED', message: `Role ${role} is national, not tied to a unit; omit "reshId".` };
}

/** Reports the violation of a constraint. */
export function roleDoesNotFitUnit(): Problem {
  return {
    code: 'NOT_ALLOWED',
    message:
      'Administrators are given access to a unit, and national roles to the whole register; ' +
      'give a unit with the role ADMINISTRATOR only.',
  };
}

export function personHasNoName({ subject, day }: { subject: string; day: Day }): Problem {
  return { code: 'REQUIRED', message: `The register has no name for "${subject}" on ${day}; give one.` };
}

export function grantOnClosedUnit({ unit, day }: { unit: NamedUnit; day: Day }): Problem {
  return {
    code: 'NOT_VALID_ON_DAY',
    message:
      `Unit ${formatUnit(unit)} is closed on ${day} and later, so no access to it can be granted; ` +
      'reopen it first, or name another unit.',
  };
}

export function grantNotFound({
  subject,
  role,
  reshId,
  day,
}: {
  subject: string;
  role: Role;
  reshId: number | null;
  day: Day;
}): Problem {
  const place = reshId === null ? '' : ` on unit ${reshId}`;
  return {
    code: 'NOT_FOUND',
    message:
      `"${subject}" does not have role ${role}${place} on ${day} or later; ` +
      'correct the subject, the role or the day.',
  };
}

export function lastOperator({ subject }: { subject: string }): Problem {
  return {
    code: 'LAST_OPERATOR',
    message: `"${subject}" is the last operator; add another one first, with grantAccess or "resh operator".`,
  };
}
