import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import type { Problem } from '../user-error.ts';
import { defineProblem } from './define.ts';
import type { NamedUnit } from './labels.ts';
import { describeLater, type LaterInWords, type LaterRevisions } from './later-revisions.ts';

// Errors of undoing a change: numbers, sites and successions that units cannot get back.

/** An organization number that a unit would get back, and the unit that has it over a period. */
interface NumberOfHolder extends LaterRevisions {
  readonly unit: NamedUnit;
  readonly organizationNumber: string;
  readonly holder: NamedUnit;
  readonly held: Period;
}

/** The revisions gave the number to the holder. */
export function formerNumberTaken({ revisions, ...values }: NumberOfHolder): Problem {
  return numberTaken({ ...values, ...describeLater(revisions) });
}

const numberTaken = defineProblem<Omit<NumberOfHolder, 'revisions'> & LaterInWords>('DUPLICATE_ORGANIZATION_NUMBER', {
  en:
    'Unit {unit} would get {organizationNumber} back {held, period}, but unit {holder} has it then{since}; ' +
    '{remedy}, or remove the number from unit {holder} with updateUnit.',
  nb:
    'Enhet {unit} ville få tilbake {organizationNumber} {held, period}, men enhet {holder} har nummeret da{since}; ' +
    '{remedy}, eller fjern nummeret fra enhet {holder} med updateUnit.',
});

/** A treatment site that a unit would get back on a day on which the site is not valid. */
interface SiteOnDay {
  readonly unit: NamedUnit;
  readonly organizationNumber: string;
  readonly day: Day;
}

/** Reports a site that the revisions ended. */
export function formerSiteNotValid({ revisions, ...values }: SiteOnDay & LaterRevisions): Problem {
  return siteEnded({ ...values, ...describeLater(revisions) });
}

const siteEnded = defineProblem<SiteOnDay & LaterInWords>('SITE_NOT_VALID', {
  en:
    'Unit {unit} would get treatment site {organizationNumber} back, which is not valid on {day, date}{since}; ' +
    '{remedy}, or reopen the site with reopenTreatmentSite.',
  nb:
    'Enhet {unit} ville få tilbake behandlingssted {organizationNumber}, som ikke er gyldig {day, date}{since}; ' +
    '{remedy}, eller gjenåpne behandlingsstedet med reopenTreatmentSite.',
});

/** The revision recorded the succession. */
export const successionNeedsUnit = defineProblem<{
  unit: NamedUnit;
  predecessor: NamedUnit;
  successor: NamedUnit;
  day: Day;
  revision: number;
}>('CONFLICT', {
  en:
    'Unit {unit} would not be valid when unit {predecessor} becomes unit {successor} on {day, date}, ' +
    'which revision {revision} recorded; undo that revision first.',
  nb:
    'Enhet {unit} ville ikke være gyldig når enhet {predecessor} blir til enhet {successor} {day, date}, ' +
    'slik revisjon {revision} registrerte; angre denne revisjonen først.',
});

/** A succession that an undo would give back. */
interface FormerSuccession extends LaterRevisions {
  readonly unit: NamedUnit;
  readonly successor: NamedUnit;
  readonly day: Day;
}

type SuccessionInWords = Omit<FormerSuccession, 'revisions'> & LaterInWords;

/** The revisions withdrew the successor. */
export function formerSuccessorWithdrawn({ revisions, ...values }: FormerSuccession): Problem {
  return successorWithdrawn({ ...values, ...describeLater(revisions) });
}

const successorWithdrawn = defineProblem<SuccessionInWords>('CONFLICT', {
  en: 'Unit {unit} would become unit {successor} on {day, date}, but that unit is withdrawn{since}; {remedy}.',
  nb: 'Enhet {unit} ville bli til enhet {successor} {day, date}, men den enheten er trukket tilbake{since}; {remedy}.',
});

/** The revisions ended the unit before the day. */
export function formerPredecessorNotValid({ revisions, ...values }: FormerSuccession): Problem {
  return predecessorNotValid({ ...values, ...describeLater(revisions) });
}

const predecessorNotValid = defineProblem<SuccessionInWords>('NOT_VALID_ON_DAY', {
  en: 'Unit {unit} would become unit {successor} on {day, date}, but is not valid on the day before{since}; {remedy}.',
  nb: 'Enhet {unit} ville bli til enhet {successor} {day, date}, men er ikke gyldig dagen før{since}; {remedy}.',
});

/** The revisions recorded successions from the successor to the unit. */
export function formerSuccessorPrecedes({ revisions, ...values }: FormerSuccession): Problem {
  return successorBecameUnit({ ...values, ...describeLater(revisions) });
}

const successorBecameUnit = defineProblem<SuccessionInWords>('CYCLE', {
  en: 'Unit {unit} would become unit {successor} on {day, date}, but came from it{since}; {remedy}.',
  nb: 'Enhet {unit} ville bli til enhet {successor} {day, date}, men har selv oppstått fra den{since}; {remedy}.',
});
