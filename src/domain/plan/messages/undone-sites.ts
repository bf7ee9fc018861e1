import type { Day } from '../../time/day.ts';
import type { UnitName } from '../../unit/unit-label.ts';
import type { Problem } from '../user-error.ts';
import { defineNote, defineProblem } from './define.ts';
import { describeLater, type LaterInWords, type LaterRevisions } from './later-revisions.ts';

// Errors and notes of undoing a change of treatment sites.

/** A field of a site that later revisions changed again. */
interface LaterSiteField {
  readonly organizationNumber: string;
  readonly field: string;
  readonly day: Day;
}

export function siteFieldChangedLater({
  revisions,
  organizationNumber,
  field,
}: LaterSiteField & LaterRevisions): Problem {
  return siteFieldChanged({ organizationNumber, field, ...describeLater(revisions) });
}

const siteFieldChanged = defineProblem<Omit<LaterSiteField, 'day'> & LaterInWords>('CONFLICT', {
  en: 'Treatment site {organizationNumber}: "{field}" was changed again in {later}; {remedy}.',
  nb: 'Behandlingssted {organizationNumber}: «{field}» ble endret igjen i {later}; {remedy}.',
});

export const siteNeededByUnit = defineProblem<{ organizationNumber: string; unit: UnitName; day: Day }>('SITE_IN_USE', {
  en:
    'Treatment site {organizationNumber} would not be valid on {day, date}, but unit {unit} is connected to it on ' +
    'that day; connect the unit to another site first, or disconnect it with disconnectTreatmentSite.',
  nb:
    'Behandlingssted {organizationNumber} ville ikke være gyldig {day, date}, men enhet {unit} er knyttet til det ' +
    'den dagen; knytt enheten først til et annet behandlingssted, eller koble den fra med disconnectTreatmentSite.',
});

/** Notes that a treatment site which the change registered stays in the register. */
export const siteStaysRegistered = defineNote<{ organizationNumber: string }>('TREATMENT_SITE_KEPT', {
  en: 'Treatment site {organizationNumber} stays registered, because units use it.',
  nb: 'Behandlingssted {organizationNumber} forblir registrert, fordi enheter bruker det.',
});

/** Notes that a treatment site which the change registered is in the register no longer. */
export const siteUnregistered = defineNote<{ organizationNumber: string }>('TREATMENT_SITE_RESTORED', {
  en: 'Treatment site {organizationNumber} is no longer registered; its number can be registered again.',
  nb: 'Behandlingssted {organizationNumber} er ikke lenger registrert; nummeret kan registreres på nytt.',
});

export const siteRestored = defineNote<{ organizationNumber: string }>('TREATMENT_SITE_RESTORED', {
  en: 'Treatment site {organizationNumber} is what it was before the change.',
  nb: 'Behandlingssted {organizationNumber} er slik det var før endringen.',
});
