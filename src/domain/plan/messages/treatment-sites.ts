import type { Day } from '../../time/day.ts';
import type { UnitName } from '../../unit/unit-label.ts';
import type { Problem } from '../user-error.ts';
import { defineNote, defineProblem } from './define.ts';
import type { NamedUnit } from './labels.ts';
import type { Message } from './message.ts';
import { describeStart, type InvalidDay } from './wording.ts';

// Errors and notes of changing treatment sites.

/** A treatment site, by its number and the name that it has. */
interface NamedSite {
  readonly organizationNumber: string;
  readonly name: string;
}

export const siteNotValidOnDay = defineProblem<InvalidDay & { organizationNumber: string }>('NOT_VALID_ON_DAY', {
  en:
    'Treatment site {organizationNumber} is not valid on {day, date}; it is valid {valid, period}. ' +
    'Choose one of those days, or reopen it with reopenTreatmentSite.',
  nb:
    'Behandlingssted {organizationNumber} er ikke gyldig {day, date}; det er gyldig {valid, period}. ' +
    'Velg en av disse dagene, eller gjenåpne det med reopenTreatmentSite.',
});

export const siteClosingLeavesNoDay = defineProblem<{ organizationNumber: string; firstDay: Day }>('BAD_PERIOD', {
  en:
    'Treatment site {organizationNumber} begins on {firstDay, date} and must stay valid for at least one day; ' +
    'choose a later day. If it was registered by mistake, undo the change that registered it.',
  nb:
    'Behandlingssted {organizationNumber} er gyldig fra og med {firstDay, date} og må være gyldig i minst én dag; ' +
    'velg en senere dag. Hvis det ble registrert ved en feil, angre endringen som registrerte det.',
});

export const siteAlreadyValid = defineProblem<NamedSite & { day: Day }>('ALREADY_VALID', {
  en: 'Treatment site {organizationNumber} "{name}" is already valid on {day, date}; there is nothing to reopen.',
  nb: 'Behandlingssted {organizationNumber} «{name}» er allerede gyldig {day, date}; det er ingenting å gjenåpne.',
});

/** @param from first day, from the closing on, on which the example is connected to the site */
export function siteInUse({
  from,
  day,
  ...values
}: {
  organizationNumber: string;
  unitCount: number;
  unit: UnitName;
  from: Day;
  day: Day;
}): Problem {
  return unitsUseSite({ ...values, start: describeStart(from, day) });
}

const unitsUseSite = defineProblem<{ organizationNumber: string; unitCount: number; unit: UnitName; start: Message }>(
  'SITE_IN_USE',
  {
    en:
      'Treatment site {organizationNumber} is in use by ' +
      '{unitCount, plural, one {1 unit, {unit} {start}; connect it to another site first} ' +
      'other {{unitCount} units, such as {unit} {start}; connect them to another site first}}, ' +
      'or disconnect with disconnectTreatmentSite.',
    nb:
      'Behandlingssted {organizationNumber} er i bruk av ' +
      '{unitCount, plural, one {1 enhet, {unit} {start}; knytt den først til et annet behandlingssted} ' +
      'other {{unitCount} enheter, for eksempel {unit} {start}; knytt dem først til et annet behandlingssted}}, ' +
      'eller koble fra med disconnectTreatmentSite.',
  },
);

// Notes.

export const siteChanges = defineNote<NamedSite & { day: Day; unitCount: number }>('TREATMENT_SITE_CHANGES', {
  en:
    'Treatment site {organizationNumber} "{name}" changes from {day, date} on; ' +
    '{unitCount, plural, one {1 unit is} other {{unitCount} units are}} connected to it then or later.',
  nb:
    'Behandlingssted {organizationNumber} «{name}» endres fra og med {day, date}; ' +
    '{unitCount, plural, one {1 enhet} other {{unitCount} enheter}} er knyttet til det da eller senere.',
});

export const siteEnds = defineNote<NamedSite & { day: Day }>('TREATMENT_SITE_ENDS', {
  en: 'Treatment site {organizationNumber} "{name}" ends on {day, date}; no unit is connected to it then or later.',
  nb:
    'Behandlingssted {organizationNumber} «{name}» opphører {day, date}; ' +
    'ingen enhet er knyttet til det da eller senere.',
});

export const siteReopens = defineNote<NamedSite & { day: Day }>('TREATMENT_SITE_BEGINS', {
  en: 'Treatment site {organizationNumber} "{name}" is valid again from {day, date} on.',
  nb: 'Behandlingssted {organizationNumber} «{name}» er gyldig igjen fra og med {day, date}.',
});

export const sitePlanDropped = defineNote<NamedSite & { planned: Day }>('PLANNED_CHANGE_DROPPED', {
  en: 'The change of treatment site {organizationNumber} "{name}" planned for {planned, date} is dropped.',
  nb: 'Endringen av behandlingssted {organizationNumber} «{name}» som var planlagt til {planned, date}, faller bort.',
});

/** @param organizationNumber number of an example */
export const sitesPassOn = defineNote<{
  siteCount: number;
  organizationNumber: string;
  target: NamedUnit;
  day: Day;
}>('TREATMENT_SITE_CHANGES', {
  en:
    '{siteCount, plural, one {Treatment site {organizationNumber} belongs} ' +
    'other {{siteCount} treatment sites, such as {organizationNumber}, belong}} ' +
    'to unit {target} as legal entity from {day, date} on.',
  nb:
    '{siteCount, plural, one {Behandlingssted {organizationNumber} hører} ' +
    'other {{siteCount} behandlingssteder, for eksempel {organizationNumber}, hører}} ' +
    'til enhet {target} som juridisk enhet fra og med {day, date}.',
});
