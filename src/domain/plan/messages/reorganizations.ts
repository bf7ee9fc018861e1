import type { Day } from '../../time/day.ts';
import type { Problem } from '../user-error.ts';
import { defineProblem } from './define.ts';
import type { NamedUnit } from './labels.ts';
import { listFirst, type Message } from './message.ts';
import type { UnitWithChildren } from './wording.ts';

// Errors of closing, merging, splitting and reorganizing units.

const LISTED_CHILDREN_LIMIT = 10;

export const successorCloses = defineProblem<{ unit: NamedUnit; day: Day }>('NOT_VALID_ON_DAY', {
  en: 'Unit {unit} closes in the same change; name a unit that is valid on {day, date}.',
  nb: 'Enhet {unit} avsluttes i samme endring; oppgi en enhet som er gyldig {day, date}.',
});

export const successorPrecedes = defineProblem<{ unit: NamedUnit; successor: NamedUnit }>('CYCLE', {
  en: 'Unit {successor} cannot succeed unit {unit}: it is that unit, or becomes it on the same day; name another.',
  nb:
    'Enhet {successor} kan ikke erstatte enhet {unit}: de er samme enhet, eller den første blir til den andre samme ' +
    'dag; oppgi en annen enhet.',
});

export const returnWithoutGap = defineProblem<{ unit: NamedUnit; day: Day }>('NOT_ALLOWED', {
  en:
    'Unit {unit} closed on {day, date}, so reopening it on that day leaves no gap in which it was another unit; ' +
    'leave out "predecessorReshIds", or choose a later day.',
  nb:
    'Enhet {unit} ble avsluttet {day, date}, så når den gjenåpnes samme dag, har den aldri vært en annen enhet; ' +
    'utelat «predecessorReshIds», eller velg en senere dag.',
});

/** Reports the violation of a constraint. */
export const unitSucceedsItself = defineProblem('NOT_ALLOWED', {
  en: 'A unit cannot become itself; name another unit.',
  nb: 'En enhet kan ikke bli til seg selv; oppgi en annen enhet.',
});

/** The unit must be valid on the day before the succession. */
export const sourceNotValid = defineProblem<{ unit: NamedUnit; dayBefore: Day; day: Day }>('NOT_VALID_ON_DAY', {
  en:
    'Unit {unit} is not valid on {dayBefore, date}, so it cannot become another unit on {day, date}; ' +
    'choose another day.',
  nb:
    'Enhet {unit} er ikke gyldig {dayBefore, date}, så den kan ikke bli til en annen enhet {day, date}; ' +
    'velg en annen dag.',
});

export const mergeSourcesMissing = defineProblem('REQUIRED', {
  en: 'Name at least one unit to merge.',
  nb: 'Oppgi minst én enhet som skal slås sammen.',
});

export const tooManyMergeSources = defineProblem<{ count: number; limit: number }>('TOO_MANY', {
  en: '{count} units are named, but at most {limit} can be merged in one change; make several changes.',
  nb: '{count} enheter er oppgitt, men høyst {limit} kan slås sammen i én endring; gjør flere endringer.',
});

export const mergeTargetMissing = defineProblem('REQUIRED', {
  en: 'Name what the units become: an existing unit in "targetReshId", or a new one in "newTarget".',
  nb: 'Oppgi hva enhetene blir til: en eksisterende enhet i «targetReshId», eller en ny i «newTarget».',
});

export const mergeTargetNotValid = defineProblem<{ unit: NamedUnit; gap: Day; day: Day }>('PARENT_CLOSED', {
  en:
    'Unit {unit} is not valid on {gap, date}, and the target of a merger must be valid from {day, date} on; ' +
    'name another unit.',
  nb:
    'Enhet {unit} er ikke gyldig {gap, date}, og enheten som andre slås sammen til, må være gyldig fra og med ' +
    '{day, date}; oppgi en annen enhet.',
});

export const mergeTargetUnderSource = defineProblem<{ unit: NamedUnit }>('CYCLE', {
  en: 'Unit {unit} is under a unit that closes; move it out first.',
  nb: 'Enhet {unit} ligger under en enhet som avsluttes; flytt den ut først.',
});

export const tooFewParts = defineProblem('REQUIRED', {
  en: 'Name at least two parts, or at least one with "keepSource".',
  nb: 'Oppgi minst to deler, eller minst én sammen med «keepSource».',
});

export const tooManyParts = defineProblem<{ count: number; limit: number }>('TOO_MANY', {
  en: '{count} parts are named, but at most {limit} are allowed; make several changes.',
  nb: '{count} deler er oppgitt, men høyst {limit} er tillatt; gjør flere endringer.',
});

export const partIsSource = defineProblem<{ unit: NamedUnit }>('NOT_ALLOWED', {
  en:
    'Unit {unit} cannot be a part of itself; leave it out, and pass "keepSource" to keep it ' +
    'with the children that no part gets.',
  nb:
    'Enhet {unit} kan ikke være en del av seg selv; utelat den, og oppgi «keepSource» for å beholde den ' +
    'med de underenhetene som ingen del får.',
});

export const partNamedTwice = defineProblem<{ unit: NamedUnit }>('DUPLICATE_VALUE', {
  en: 'Unit {unit} is named as two parts; combine them into one.',
  nb: 'Enhet {unit} er oppgitt som to deler; slå dem sammen til én.',
});

export const factOfExistingPart = defineProblem<{ unit: NamedUnit; fact: string }>('NOT_ALLOWED', {
  en: 'Unit {unit} already exists, and "{fact}" is for new units only; leave it out, and use updateUnit instead.',
  nb: 'Enhet {unit} finnes allerede, og «{fact}» gjelder bare nye enheter; utelat den, og bruk updateUnit i stedet.',
});

export const notAChild = defineProblem<{ child: NamedUnit; unit: NamedUnit; day: Day }>('NOT_FOUND', {
  en: 'Unit {child} is not a child of unit {unit} on {day, date} or later; leave it out.',
  nb: 'Enhet {child} er ikke underenhet av enhet {unit} {day, date} eller senere; utelat den.',
});

export const childOfTwoParts = defineProblem<{ child: NamedUnit }>('DUPLICATE_VALUE', {
  en: 'Unit {child} is named as a child of two parts; keep one.',
  nb: 'Enhet {child} er oppgitt som underenhet av to deler; behold én.',
});

export function childrenWithoutPart({ unit, children }: UnitWithChildren): Problem {
  const listed = listFirst('child', children, LISTED_CHILDREN_LIMIT);
  const count = children.length;
  return childrenLeft({ unit, count, children: listed, isMore: count > LISTED_CHILDREN_LIMIT });
}

const childrenLeft = defineProblem<{ unit: NamedUnit; count: number; children: Message; isMore: boolean }>(
  'HAS_OPEN_CHILDREN',
  {
    en:
      'Unit {unit} has {count} {count, plural, one {child} other {children}} that no part gets: ' +
      '{children}{isMore, select, true {, ...} other {}}; ' +
      'name {count, plural, one {it in a part} other {each in a part}}, or keep the unit with "keepSource".',
    nb:
      'Enhet {unit} har {count} {count, plural, one {underenhet} other {underenheter}} som ingen del får: ' +
      '{children}{isMore, select, true {, ...} other {}}; ' +
      'oppgi {count, plural, one {den i en del} other {hver av dem i en del}}, eller behold enheten med «keepSource».',
  },
);

export const stepsMissing = defineProblem('REQUIRED', {
  en: 'Give at least one step.',
  nb: 'Oppgi minst ett steg.',
});

export const tooManySteps = defineProblem<{ count: number; limit: number }>('TOO_MANY', {
  en: '{count} steps are given, but one change may have at most {limit}; make several changes.',
  nb: '{count} steg er oppgitt, men én endring kan ha høyst {limit}; gjør flere endringer.',
});

/** Reports a merge step without a target. */
export const stepTargetMissing = defineProblem('REQUIRED', {
  en: 'Name what the units become: an existing unit in "target", or a new one in "newTarget".',
  nb: 'Oppgi hva enhetene blir til: en eksisterende enhet i «target», eller en ny i «newTarget».',
});

export const keyNotFound = defineProblem<{ key: string }>('NOT_FOUND', {
  en:
    'No earlier step gives a unit the key "{key}"; ' +
    'add the key to the step that creates the unit, or name a RESH-id.',
  nb:
    'Ingen tidligere steg gir en enhet nøkkelen «{key}»; ' +
    'legg nøkkelen til steget som oppretter enheten, eller oppgi en RESH-id.',
});

export const keyTaken = defineProblem<{ key: string }>('DUPLICATE_VALUE', {
  en: 'Key "{key}" already names another unit; choose another key.',
  nb: 'Nøkkelen «{key}» brukes allerede for en annen enhet; velg en annen nøkkel.',
});

export const keyOfExistingUnit = defineProblem('NOT_ALLOWED', {
  en: 'Only a new unit can be given a key; leave "key" out for an existing unit.',
  nb: 'Bare en ny enhet kan få en nøkkel; utelat «key» for en eksisterende enhet.',
});
