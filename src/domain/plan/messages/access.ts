import type { Day } from '../../time/day.ts';
import type { Role } from '../change-input.ts';
import { defineProblem } from './define.ts';
import type { Problem } from '../user-error.ts';
import type { NamedUnit } from './labels.ts';

// Errors of granting and revoking access.

export const administratorNeedsUnit = defineProblem('REQUIRED', {
  en: 'An administrator needs a unit; name it in "reshId".',
  nb: 'En administrator må være knyttet til en enhet; oppgi enheten i «reshId».',
});

export const nationalRoleHasNoUnit = defineProblem<{ role: Role }>('NOT_ALLOWED', {
  en: 'Role {role, role} is national, not tied to a unit; omit "reshId".',
  nb: 'Rollen {role, role} er nasjonal og ikke knyttet til en enhet; utelat «reshId».',
});

/** Reports the violation of a constraint. */
export const roleDoesNotFitUnit = defineProblem('NOT_ALLOWED', {
  en:
    'Administrators are given access to a unit, and national roles to the whole register; ' +
    'give a unit with the role administrator only.',
  nb:
    'Administratorer får tilgang til en enhet, og nasjonale roller til hele registeret; ' +
    'oppgi en enhet bare sammen med rollen administrator.',
});

export const personHasNoName = defineProblem<{ subject: string; day: Day }>('REQUIRED', {
  en: 'The register has no name for "{subject}" on {day, date}; give one.',
  nb: 'Registeret har ikke noe navn for «{subject}» {day, date}; oppgi et navn.',
});

export const grantOnClosedUnit = defineProblem<{ unit: NamedUnit; day: Day }>('NOT_VALID_ON_DAY', {
  en:
    'Unit {unit} is closed on {day, date} and later, so no access to it can be granted; ' +
    'reopen it first, or name another unit.',
  nb:
    'Enhet {unit} er avsluttet fra og med {day, date}, så det kan ikke gis tilgang til den; ' +
    'gjenåpne den først, eller oppgi en annen enhet.',
});

/** @param unit undefined for a national role */
export function grantNotFound(values: { subject: string; role: Role; unit: NamedUnit | undefined; day: Day }): Problem {
  return noSuchGrant({ ...values, hasUnit: values.unit !== undefined });
}

const noSuchGrant = defineProblem<{
  subject: string;
  role: Role;
  unit: NamedUnit | undefined;
  day: Day;
  hasUnit: boolean;
}>('NOT_FOUND', {
  en:
    '"{subject}" does not have role {role, role}{hasUnit, select, true { on unit {unit}} other {}} ' +
    'on {day, date} or later; correct the subject, the role or the day.',
  nb:
    '«{subject}» har ikke rollen {role, role}{hasUnit, select, true { på enhet {unit}} other {}} ' +
    '{day, date} eller senere; kontroller person, rolle og dato.',
});

export const lastOperator = defineProblem<{ subject: string }>('LAST_OPERATOR', {
  en: '"{subject}" is the last operator; add another one first, with grantAccess or "resh operator".',
  nb: '«{subject}» er den siste operatøren; legg til en annen først, med grantAccess eller «resh operator».',
});
