import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import type { UnitName } from '../../unit/unit-label.ts';
import { defineProblem } from './define.ts';
import type { Problem } from '../user-error.ts';
import type { NamedUnit } from './labels.ts';
import { definePhrase, listFirst, type Message } from './message.ts';
import { describeStart, type CycleStart, type InvalidDay, type UnitWithChildren } from './wording.ts';

// Errors of changing one unit and its place in the tree.

const LISTED_LIMIT = 5;

export const unitNotFound = defineProblem<{ reshId: number }>('NOT_FOUND', {
  en: 'Unit {reshId} is not in the register; correct the RESH-id.',
  nb: 'Enhet {reshId} finnes ikke i registeret; rett RESH-id-en.',
});

export const unitListedTwice = defineProblem<{ unit: NamedUnit }>('DUPLICATE_VALUE', {
  en: 'Unit {unit} is listed twice; keep one.',
  nb: 'Enhet {unit} er oppgitt to ganger; behold én av dem.',
});

export function unitNotValid(values: InvalidDay & { unit: NamedUnit }): Problem {
  return values.valid.length > 0 ? notValidOnDay(values) : unitNeverValid({ unit: values.unit });
}

const notValidOnDay = defineProblem<InvalidDay & { unit: NamedUnit }>('NOT_VALID_ON_DAY', {
  en: 'Unit {unit} is not valid on {day, date}; it is valid {valid, period}. Choose one of those days.',
  nb: 'Enhet {unit} er ikke gyldig {day, date}; den er gyldig {valid, period}. Velg en av disse dagene.',
});

const unitNeverValid = defineProblem<{ unit: NamedUnit }>('NOT_VALID_ON_DAY', {
  en: 'Unit {unit} is valid on no day, because it was registered in error and withdrawn; name another unit.',
  nb: 'Enhet {unit} er ikke gyldig noen dag, fordi den ble registrert ved en feil og trukket tilbake; oppgi en annen.',
});

export const unitAlreadyValid = defineProblem<{ unit: NamedUnit; day: Day }>('ALREADY_VALID', {
  en: 'Unit {unit} is already valid on {day, date}; there is nothing to reopen.',
  nb: 'Enhet {unit} er allerede gyldig {day, date}; det er ingenting å gjenåpne.',
});

export const closingLeavesNoDay = defineProblem<{ unit: NamedUnit; firstDay: Day }>('BAD_PERIOD', {
  en:
    'Unit {unit} begins on {firstDay, date} and must stay valid for at least one day; choose a later day. ' +
    'If it was registered by mistake, use withdrawUnit.',
  nb:
    'Enhet {unit} er gyldig fra og med {firstDay, date} og må være gyldig i minst én dag; velg en senere dag. ' +
    'Hvis den ble registrert ved en feil, bruk withdrawUnit.',
});

export const periodEndsBeforeItBegins = defineProblem<{
  what: 'department' | 'access' | 'site';
  validFrom: Day;
  validTo: Day;
}>('BAD_PERIOD', {
  en:
    '"validTo" is {validTo, date}, but the {what, select, department {department} access {access} other {site}} ' +
    'begins on {validFrom, date}; give a later day, or leave "validTo" out.',
  nb:
    '«validTo» er {validTo, date}, men {what, select, department {enheten} access {tilgangen} other {stedet}} ' +
    'gjelder fra og med {validFrom, date}; oppgi en senere dag, eller utelat «validTo».',
});

export const changeWithoutDay = defineProblem<{ effectiveTo: Day; day: Day }>('BAD_PERIOD', {
  en:
    '"effectiveTo" is {effectiveTo, date}, but the change takes effect on {day, date}; ' +
    'give a later day, or leave "effectiveTo" out.',
  nb:
    '«effectiveTo» er {effectiveTo, date}, men endringen gjelder fra og med {day, date}; ' +
    'oppgi en senere dag, eller utelat «effectiveTo».',
});

/** @param gap first day on which the unit is not valid */
export const unitEndsBefore = defineProblem<{ unit: NamedUnit; effectiveTo: Day; gap: Day }>('BAD_PERIOD', {
  en:
    'Unit {unit} is not valid on {gap, date}, before "effectiveTo" {effectiveTo, date}; ' +
    'give {gap, date}, or leave "effectiveTo" out.',
  nb:
    'Enhet {unit} er ikke gyldig {gap, date}, før «effectiveTo» {effectiveTo, date}; ' +
    'oppgi {gap, date}, eller utelat «effectiveTo».',
});

/** Reports the violation of a constraint. */
export const periodWithoutDay = defineProblem('BAD_PERIOD', {
  en: 'A period ends on or before its first day; choose a later end, or an earlier first day.',
  nb: 'En periode slutter på eller før sin første dag; velg en senere slutt eller en tidligere første dag.',
});

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
  const plannedCount = children.filter(({ from }) => from > day).length;
  return hasOpenChildren({
    parentCount: parents.length,
    units: listFirst('unit', parents, LISTED_LIMIT),
    childCount: children.length,
    day,
    children: listFirst(
      'child',
      children.map((child) =>
        child.from > day ? plannedChild({ child, plannedFrom: child.from }) : openChild({ child }),
      ),
      LISTED_LIMIT,
    ),
    isMore: children.length > LISTED_LIMIT,
    planned: plannedCount === children.length ? 'all' : plannedCount > 0 ? 'some' : 'none',
  });
}

const openChild = definePhrase<{ child: UnitName }>({ en: '{child}', nb: '{child}' });

const plannedChild = definePhrase<{ child: UnitName; plannedFrom: Day }>({
  en: '{child} (planned from {plannedFrom, date})',
  nb: '{child} (planlagt fra og med {plannedFrom, date})',
});

const hasOpenChildren = defineProblem<{
  parentCount: number;
  units: Message;
  childCount: number;
  day: Day;
  children: Message;
  isMore: boolean;
  planned: 'all' | 'some' | 'none';
}>('HAS_OPEN_CHILDREN', {
  en:
    '{parentCount, plural, one {Unit {units} has} other {Units {units} have}} ' +
    '{childCount} {childCount, plural, one {open child} other {open children}} on {day, date} or later: ' +
    '{children}{isMore, select, true {, ...} other {}}; {planned, select, ' +
    'all {change what is planned for {childCount, plural, one {it} other {them}} first} ' +
    'some {close or move them first} ' +
    'other {close or move {childCount, plural, one {it} other {them}} first, or pass withDescendants}}.',
  nb:
    '{parentCount, plural, one {Enhet {units} har} other {Enhetene {units} har}} ' +
    '{childCount} {childCount, plural, one {åpen underenhet} other {åpne underenheter}} {day, date} eller senere: ' +
    '{children}{isMore, select, true {, ...} other {}}; {planned, select, ' +
    'all {endre først det som er planlagt for {childCount, plural, one {den} other {dem}}} ' +
    'some {avslutt eller flytt dem først} ' +
    'other {avslutt eller flytt {childCount, plural, one {den} other {dem}} først, eller oppgi withDescendants}}.',
});

export function withdrawnUnitHasChildren({ unit, children }: UnitWithChildren): Problem {
  const count = children.length;
  return hasOrHadUnits({
    unit,
    count,
    children: listFirst('child', children, LISTED_LIMIT),
    isMore: count > LISTED_LIMIT,
  });
}

const hasOrHadUnits = defineProblem<{ unit: NamedUnit; count: number; children: Message; isMore: boolean }>(
  'HAS_OPEN_CHILDREN',
  {
    en:
      'Unit {unit} has or had {count} {count, plural, one {unit} other {units}} under it: ' +
      '{children}{isMore, select, true {, ...} other {}}; ' +
      'first {count, plural, one {withdraw it, or move it on all of its days} ' +
      'other {withdraw them, or move them on all of their days}}.',
    nb:
      'Enhet {unit} har eller har hatt {count} {count, plural, one {underenhet} other {underenheter}}: ' +
      '{children}{isMore, select, true {, ...} other {}}; ' +
      '{count, plural, one {trekk den tilbake først, eller flytt den for alle dagene den er gyldig} ' +
      'other {trekk dem tilbake først, eller flytt dem for alle dagene de er gyldige}}.',
  },
);

export const withdrawnUnitHasSuccessions = defineProblem<{ unit: NamedUnit }>('HAS_SUCCESSIONS', {
  en:
    'Unit {unit} became another unit, or another unit became it, so it cannot be withdrawn. ' +
    'First reopen the closed unit on the day it closed, or close this unit instead.',
  nb:
    'Enhet {unit} er blitt til en annen enhet, eller en annen enhet er blitt til den, så den kan ikke trekkes ' +
    'tilbake. Gjenåpne først den avsluttede enheten på dagen den ble avsluttet, eller avslutt denne enheten i stedet.',
});

/** The field of the input, or of the step, names the new parent. */
export const newParentMissing = defineProblem<{ field: string }>('REQUIRED', {
  en: '"{field}" is missing: name the new parent, or pass null to make an organization a root.',
  nb: '«{field}» mangler: oppgi den nye overordnede enheten, eller null for å gjøre en organisasjon til rot.',
});

/** @param days on which the unit is a department; undefined if it is never an organization */
export function departmentAsRoot({ unit, days }: { unit: NamedUnit | undefined; days: Period | undefined }): Problem {
  return rootIsDepartment({ unit, isNew: unit === undefined, department: days, hasDays: days !== undefined });
}

const rootIsDepartment = defineProblem<{
  unit: NamedUnit | undefined;
  isNew: boolean;
  department: Period | undefined;
  hasDays: boolean;
}>('WRONG_PARENT_TYPE', {
  en:
    '{isNew, select, true {The new unit} other {Unit {unit}}} is a department' +
    '{hasDays, select, true { {department, period}} other {}}, and only an organization can be a root; name a parent.',
  nb:
    '{isNew, select, true {Den nye enheten} other {Enhet {unit}}} er en avdeling' +
    '{hasDays, select, true { {department, period}} other {}}, og bare en organisasjon kan være rot; ' +
    'oppgi en overordnet enhet.',
});

/** Reports that the path of a unit is too long to be stored. */
export const treeTooDeep = defineProblem('TOO_MANY', {
  en: 'A unit would be under too many others; the tree can have 200 levels. Place it nearer to the root.',
  nb: 'En enhet ville ligge under for mange andre; treet kan ha 200 nivåer. Plasser den nærmere roten.',
});

/** Reports the violation of a constraint. */
export const departmentWithoutParent = defineProblem('WRONG_PARENT_TYPE', {
  en: 'A department has no parent; place it under a unit.',
  nb: 'En avdeling mangler overordnet enhet; plasser den under en enhet.',
});

/** @param days on which the unit is an organization; undefined if it is never a department */
export function organizationUnderDepartment(values: {
  unit: NamedUnit;
  parent: NamedUnit;
  days: Period | undefined;
}): Problem {
  const { days, ...units } = values;
  return parentIsDepartment({ ...units, organization: days, hasDays: days !== undefined });
}

const parentIsDepartment = defineProblem<{
  unit: NamedUnit;
  parent: NamedUnit;
  organization: Period | undefined;
  hasDays: boolean;
}>('WRONG_PARENT_TYPE', {
  en:
    'Unit {parent} is a department, and {hasDays, select, ' +
    'true {unit {unit} is an organization {organization, period}, when its parent must be an organization} ' +
    'other {the parent of an organization must be an organization}}; name one.',
  nb:
    'Enhet {parent} er en avdeling, og {hasDays, select, ' +
    'true {enhet {unit} er en organisasjon {organization, period}, og må da ligge under en organisasjon} ' +
    'other {en organisasjon må ligge under en organisasjon}}; oppgi en organisasjon.',
});

export const unitOwnParent = defineProblem<{ unit: NamedUnit }>('CYCLE', {
  en: 'Unit {unit} cannot be its own parent; name another unit.',
  nb: 'Enhet {unit} kan ikke være sin egen overordnede enhet; oppgi en annen enhet.',
});

export function parentUnderUnit({
  unit,
  parent,
  cycleFrom,
  firstDay,
}: CycleStart & { unit: NamedUnit; parent: NamedUnit }): Problem {
  return parentIsDescendant({ unit, parent, start: describeStart(cycleFrom, firstDay) });
}

const parentIsDescendant = defineProblem<{ unit: NamedUnit; parent: NamedUnit; start: Message }>('CYCLE', {
  en: 'Unit {parent} is under unit {unit} {start}; name a unit outside it.',
  nb: 'Enhet {parent} ligger under enhet {unit} {start}; oppgi en enhet som ikke ligger under den.',
});

/** @param gap day of the period on which the parent is not valid */
export function parentNotValid(values: { parent: NamedUnit; period: Period; gap: Day }): Problem {
  const { period, ...gap } = values;
  return parentClosed({ ...gap, placed: period, isOpen: period.to === null });
}

const parentClosed = defineProblem<{ parent: NamedUnit; placed: Period; gap: Day; isOpen: boolean }>('PARENT_CLOSED', {
  en:
    'Unit {parent} is not valid on {gap, date}, and the unit would be under it {placed, period}; ' +
    'name a parent that is valid on all those days' +
    '{isOpen, select, true {, or end the unit before that day} other {}}.',
  nb:
    'Enhet {parent} er ikke gyldig {gap, date}, og enheten ville ligge under den {placed, period}; ' +
    'oppgi en overordnet enhet som er gyldig på alle disse dagene' +
    '{isOpen, select, true {, eller avslutt enheten før den dagen} other {}}.',
});
