import type { Day } from '../../time/day.ts';
import type { MappingNodeKey } from '../change-input.ts';
import { defineProblem, defineWarning } from './define.ts';
import type { NamedUnit } from './labels.ts';

// Errors and warnings of every change: its idempotency key, its expected revision, its day, and whether it alters
// anything.

export const idempotencyKeyLength = defineProblem<{ limit: number }>('TEXT_INVALID', {
  en: '"idempotencyKey" must have 1 to {limit} characters; a UUID works well.',
  nb: '«idempotencyKey» må ha 1 til {limit} tegn; en UUID passer godt.',
});

export const idempotencyKeyReused = defineProblem<{ key: string; revision: number }>('IDEMPOTENCY_KEY_REUSED', {
  en:
    'The idempotency key "{key}" was already used with another input, in revision {revision}; ' +
    'use a new key for each change.',
  nb:
    'Idempotensnøkkelen «{key}» er allerede brukt med andre opplysninger, i revisjon {revision}; ' +
    'bruk en ny nøkkel for hver endring.',
});

export const expectedRevisionAhead = defineProblem<{ expected: number; newest: number }>('CONFLICT', {
  en: 'Revision {expected} is expected, but the newest is {newest}; read the unit again.',
  nb: 'Du oppga revisjon {expected}, men den nyeste er {newest}; hent enheten på nytt.',
});

/** The revisions that optimistic locking compares. */
interface ChangedSince {
  readonly expected: number;
  readonly changedIn: number;
  readonly newest: number;
}

export const unitChangedSince = defineProblem<ChangedSince & { unit: NamedUnit }>('CONFLICT', {
  en:
    'Unit {unit} was changed in revision {changedIn}, after the expected {expected}; ' +
    'the newest revision is {newest}. Read it again before you decide.',
  nb:
    'Enhet {unit} ble endret i revisjon {changedIn}, etter revisjon {expected}, som du oppga; ' +
    'den nyeste revisjonen er {newest}. Hent enheten på nytt før du bestemmer deg.',
});

export const nodeChangedSince = defineProblem<ChangedSince & { node: MappingNodeKey }>('CONFLICT', {
  en:
    'Node {node} was changed in revision {changedIn}, after the expected {expected}; ' +
    'the newest revision is {newest}. Read it again before you decide.',
  nb:
    'Node {node} ble endret i revisjon {changedIn}, etter revisjon {expected}, som du oppga; ' +
    'den nyeste revisjonen er {newest}. Hent noden på nytt før du bestemmer deg.',
});

export const siteChangedSince = defineProblem<ChangedSince & { organizationNumber: string }>('CONFLICT', {
  en:
    'Treatment site {organizationNumber} was changed in revision {changedIn}, after the expected {expected}; ' +
    'the newest revision is {newest}. Read it again before you decide.',
  nb:
    'Behandlingssted {organizationNumber} ble endret i revisjon {changedIn}, etter revisjon {expected}, ' +
    'som du oppga; den nyeste revisjonen er {newest}. Hent behandlingsstedet på nytt før du bestemmer deg.',
});

/** Warns that a change alters nothing. */
export const nothingChanges = defineWarning('NO_CHANGES', {
  en: 'The register already is as requested; the change is recorded but alters nothing.',
  nb: 'Registeret er allerede slik det ble bedt om; endringen blir registrert, men endrer ingenting.',
});

/** Warns that the year of a change may be mistyped. */
export const dayFarAhead = defineWarning<{ day: Day; years: number }>('DAY_FAR_AHEAD', {
  en: 'The change takes effect on {day, date}, more than {years} years ahead; check the year.',
  nb: 'Endringen gjelder fra og med {day, date}, mer enn {years} år fram i tid; kontroller årstallet.',
});
