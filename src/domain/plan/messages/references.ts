import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import type { CodeKey } from '../../unit/filter.ts';
import { defineProblem, defineWarning } from './define.ts';
import type { NamedUnit } from './labels.ts';

// Errors and warnings about the codes, organization numbers, treatment sites and identifiers of units.
// Those of violated constraints know the key of the row only.

export const codeNotFound = defineProblem<CodeKey>('UNKNOWN_CODE', {
  en: 'Code {code} is not in code set {codeSet}; choose one from codeSet(number: {codeSet}).',
  nb: 'Kode {code} finnes ikke i kodeverk {codeSet}; velg en fra codeSet(number: {codeSet}).',
});

/** Reports the violation of a constraint. */
export const referencedCodeNotFound = defineProblem<{ code: CodeKey }>('UNKNOWN_CODE', {
  en: 'Code {code} is not in the register; correct the code.',
  nb: 'Kode {code} finnes ikke i registeret; rett koden.',
});

export const codeRetired = defineProblem<{ code: CodeKey }>('RETIRED_CODE', {
  en: 'Code {code} is retired and cannot be assigned; choose one that is in use.',
  nb: 'Kode {code} er utgått og kan ikke tildeles; velg en som er i bruk.',
});

export const codeNotValid = defineProblem<{ code: CodeKey; day: Day }>('RETIRED_CODE', {
  en: 'Code {code} is not valid on {day, date} and cannot be assigned; choose one that is in use.',
  nb: 'Kode {code} er ikke gyldig {day, date} og kan ikke tildeles; velg en som er i bruk.',
});

export const codeListedTwice = defineProblem<{ code: CodeKey; field: string }>('DUPLICATE_VALUE', {
  en: 'Code {code} is listed twice in "{field}"; keep one.',
  nb: 'Kode {code} er oppgitt to ganger i «{field}»; behold én av dem.',
});

export const attributeListedTwice = defineProblem<{ attribute: CodeKey }>('DUPLICATE_VALUE', {
  en: 'Attribute {attribute} is listed twice; keep one.',
  nb: 'Attributt {attribute} er oppgitt to ganger; behold én av dem.',
});

export const codeAddedAndEnded = defineProblem<{ code: CodeKey }>('DUPLICATE_VALUE', {
  en: 'Code {code} is also listed in "add"; keep one of the two.',
  nb: 'Kode {code} er også oppgitt i «add»; behold én av dem.',
});

export const codeNotHeld = defineProblem<{ unit: NamedUnit; code: CodeKey; day: Day }>('NOT_FOUND', {
  en: 'Unit {unit} does not have code {code} on {day, date}; leave it out.',
  nb: 'Enhet {unit} har ikke kode {code} {day, date}; utelat den.',
});

export const tooManyCodes = defineProblem<{ field: string; count: number; limit: number }>('TOO_MANY', {
  en: '"{field}" has {count} codes, but one change may have at most {limit}; give fewer.',
  nb: '«{field}» har {count} koder, men én endring kan ha høyst {limit}; oppgi færre.',
});

export const badCheckDigit = defineProblem<{ organizationNumber: string }>('BAD_CHECK_DIGIT', {
  en: 'The last digit of {organizationNumber} is not its check digit; correct the number.',
  nb: 'Det siste sifferet i {organizationNumber} er ikke kontrollsifferet; rett nummeret.',
});

/** Reports the violation of a constraint. */
export const storedNumberHasBadCheckDigit = defineProblem('BAD_CHECK_DIGIT', {
  en: 'An organization number has a wrong check digit; correct the number.',
  nb: 'Et organisasjonsnummer har feil kontrollsiffer; rett nummeret.',
});

/** The period is that on which the other unit has the number. */
export const organizationNumberTaken = defineProblem<{
  organizationNumber: string;
  holder: NamedUnit;
  held: Period;
}>('DUPLICATE_ORGANIZATION_NUMBER', {
  en:
    'Unit {holder} has {organizationNumber} {held, period}; only one unit can have a number on a day. ' +
    'Correct the number, or remove it from that unit first.',
  nb:
    'Enhet {holder} har {organizationNumber} {held, period}; bare én enhet om gangen kan ha et nummer. ' +
    'Rett nummeret, eller fjern det fra den enheten først.',
});

/** Reports a number that a unit would get back by reopening. */
export const regainedNumberTaken = defineProblem<{ organizationNumber: string; holder: NamedUnit; held: Period }>(
  'DUPLICATE_ORGANIZATION_NUMBER',
  {
    en:
      'Unit {holder} has {organizationNumber} {held, period}; only one unit can have a number on a day. ' +
      'Remove it from that unit first.',
    nb:
      'Enhet {holder} har {organizationNumber} {held, period}; bare én enhet om gangen kan ha et nummer. ' +
      'Fjern det fra den enheten først.',
  },
);

/** Reports the violation of a constraint. */
export const organizationNumberOfTwoUnits = defineProblem<{ organizationNumber: string }>(
  'DUPLICATE_ORGANIZATION_NUMBER',
  {
    en:
      'Another unit has organization number {organizationNumber} on some of the days; ' +
      'correct the number, or choose other days.',
    nb:
      'En annen enhet har organisasjonsnummer {organizationNumber} på noen av dagene; ' +
      'rett nummeret, eller velg andre dager.',
  },
);

export const siteNotFound = defineProblem<{ organizationNumber: string }>('NOT_FOUND', {
  en: 'Treatment site {organizationNumber} is not in the register; register it with registerTreatmentSite first.',
  nb: 'Behandlingssted {organizationNumber} finnes ikke i registeret; registrer det først med registerTreatmentSite.',
});

/** Reports the violation of a constraint. */
export const referencedSiteNotFound = defineProblem<{ organizationNumber: string }>('NOT_FOUND', {
  en: 'Treatment site {organizationNumber} is not in the register; register it first, or correct the number.',
  nb: 'Behandlingssted {organizationNumber} finnes ikke i registeret; registrer det først, eller rett nummeret.',
});

export const siteNotValid = defineProblem<{ organizationNumber: string; day: Day }>('SITE_NOT_VALID', {
  en: 'Treatment site {organizationNumber} is not valid on {day, date}; choose another site or other days.',
  nb: 'Behandlingssted {organizationNumber} er ikke gyldig {day, date}; velg et annet sted eller andre dager.',
});

/** Reports the site that a unit would get back by reopening. */
export const regainedSiteNotValid = defineProblem<{ organizationNumber: string; day: Day }>('SITE_NOT_VALID', {
  en:
    'Treatment site {organizationNumber} is not valid on {day, date}; ' +
    'name another site in "treatmentSite", or pass null for none.',
  nb:
    'Behandlingssted {organizationNumber} er ikke gyldig {day, date}; ' +
    'oppgi et annet sted i «treatmentSite», eller null for ikke noe sted.',
});

export const siteAlreadyRegistered = defineProblem<{ organizationNumber: string; name: string }>(
  'DUPLICATE_ORGANIZATION_NUMBER',
  {
    en: 'Treatment site {organizationNumber} is already registered as "{name}"; use it, or correct the number.',
    nb: 'Behandlingssted {organizationNumber} er allerede registrert som «{name}»; bruk det, eller rett nummeret.',
  },
);

/** Reports the violation of a constraint. */
export const siteNumberTaken = defineProblem<{ organizationNumber: string }>('DUPLICATE_ORGANIZATION_NUMBER', {
  en: 'Treatment site {organizationNumber} is already registered; use it, or correct the number.',
  nb: 'Behandlingssted {organizationNumber} er allerede registrert; bruk det, eller rett nummeret.',
});

/** Warns that a site has the number of a unit. */
export const siteHasNumberOfUnit = defineWarning<{ organizationNumber: string; unit: NamedUnit }>(
  'SITE_IS_ENTERPRISE_NUMBER',
  {
    en:
      '{organizationNumber} is the organization number of unit {unit}; ' +
      'a treatment site should have the number of an establishment.',
    nb:
      '{organizationNumber} er organisasjonsnummeret til enhet {unit}; ' +
      'et behandlingssted bør ha nummeret til en underenhet i Enhetsregisteret.',
  },
);

/** Warns that a unit is connected to its enterprise. */
export const siteIsEnterprise = defineWarning<{ organizationNumber: string }>('SITE_IS_ENTERPRISE_NUMBER', {
  en: "{organizationNumber} is the enterprise's own number; statistics need the number of an establishment.",
  nb:
    '{organizationNumber} er foretakets eget nummer; ' +
    'statistikken trenger nummeret til en underenhet i Enhetsregisteret.',
});

/** Warns that a unit offers services at no treatment site. */
export const serviceWithoutSite = defineWarning<{ unit: NamedUnit }>('NO_TREATMENT_SITE', {
  en: 'Unit {unit} has service codes but no treatment site; connect one with connectTreatmentSite.',
  nb: 'Enhet {unit} har tjenestekoder, men ikke noe behandlingssted; knytt den til et med connectTreatmentSite.',
});

export const specialistDesignationFixed = defineProblem<{ designation: string }>('NOT_ALLOWED', {
  en: 'A contract specialist always has designation {designation}; leave "designation" out.',
  nb: 'En avtalespesialist har alltid betegnelsen {designation}; utelat «designation».',
});

export const notARegion = defineProblem<{ unit: NamedUnit }>('WRONG_PARENT_TYPE', {
  en: 'Unit {unit} is not a region: it has a parent. Name the root of its tree.',
  nb: 'Enhet {unit} er ikke en region: den har en overordnet enhet. Oppgi roten i treet.',
});

export const systemReserved = defineProblem<{ system: string }>('RESERVED_SYSTEM', {
  en:
    'The register itself assigns identifiers in {system}; ' +
    'a RESH-id never changes, and updateUnit sets the organization number.',
  nb:
    'Registeret tildeler selv identifikatorer i {system}; ' +
    'en RESH-id endres aldri, og updateUnit setter organisasjonsnummeret.',
});

/** Warns that two units have one identifier. */
export const identifierTaken = defineWarning<{ holder: NamedUnit; system: string; value: string }>(
  'DUPLICATE_IDENTIFIER',
  {
    en: 'Unit {holder} also has {value} in {system}; check which of the two units it belongs to.',
    nb: 'Enhet {holder} har også {value} i {system}; kontroller hvilken av de to enhetene den tilhører.',
  },
);
