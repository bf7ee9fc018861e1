import type { UnstorableCharacter } from '../../text/text-problem.ts';
import { defineProblem } from './define.ts';
import type { Problem } from '../user-error.ts';

// Errors of the texts and lists of an input; a field is named by its path.

export const textNotStorable = defineProblem<UnstorableCharacter & { field: string }>('TEXT_INVALID', {
  en:
    'The text in "{field}" has {kind, select, NUL {a NUL character} UNPAIRED_SURROGATE {an unpaired surrogate} ' +
    'other {the replacement character U+FFFD}} at position {position}; ' +
    '{kind, select, REPLACEMENT_CHARACTER {write the character that was lost there, in UTF-8} other {remove it}}.',
  nb:
    'Teksten i «{field}» har {kind, select, NUL {et NUL-tegn} UNPAIRED_SURROGATE {et uparet surrogattegn} ' +
    'other {erstatningstegnet U+FFFD}} i posisjon {position}; ' +
    '{kind, select, REPLACEMENT_CHARACTER {skriv tegnet som gikk tapt der, i UTF-8} other {fjern det}}.',
});

export const textEmpty = defineProblem<{ field: string }>('TEXT_INVALID', {
  en: '"{field}" is empty; give a value.',
  nb: '«{field}» mangler innhold; oppgi en verdi.',
});

export const textTooLong = defineProblem<{ field: string; length: number; limit: number }>('TEXT_INVALID', {
  en: '"{field}" has {length} characters, but at most {limit} are allowed; shorten it.',
  nb: '«{field}» har {length} tegn, men høyst {limit} er tillatt; forkort teksten.',
});

export const textHasControlCharacter = defineProblem<{ field: string }>('TEXT_INVALID', {
  en: '"{field}" contains a line break or another control character; write it on one line.',
  nb: '«{field}» inneholder et linjeskift eller et annet kontrolltegn; skriv teksten på én linje.',
});

export const reasonHasControlCharacter = defineProblem<{ field: string }>('TEXT_INVALID', {
  en: '"{field}" contains a control character other than a line break or a tab; remove it.',
  nb: '«{field}» inneholder et annet kontrolltegn enn linjeskift eller tabulator; fjern det.',
});

export const textHasDirectionMark = defineProblem<{ field: string }>('TEXT_INVALID', {
  en: '"{field}" contains an invisible character that changes the writing direction; remove it.',
  nb: '«{field}» inneholder et usynlig tegn som endrer skriveretningen; fjern det.',
});

export const notAnEmailAddress = defineProblem<{ text: string }>('TEXT_INVALID', {
  en: '"{text}" is not an e-mail address; correct it.',
  nb: '«{text}» er ikke en e-postadresse; rett den.',
});

export const notAWebAddress = defineProblem<{ text: string }>('TEXT_INVALID', {
  en: '"{text}" is not a web address; give one that begins with https:// or http://.',
  nb: '«{text}» er ikke en nettadresse; oppgi en som begynner med https:// eller http://.',
});

export const notATelephoneNumber = defineProblem<{ text: string }>('TEXT_INVALID', {
  en: '"{text}" is not a telephone number; write one such as "73 82 20 00" or "+47 73 82 20 00".',
  nb: '«{text}» er ikke et telefonnummer; skriv et som «73 82 20 00» eller «+47 73 82 20 00».',
});

/** `restored` is the code with the zero that a spreadsheet may have dropped, or EMPTY. */
export const notAPostalCode = defineProblem<{ text: string; restored: string }>('TEXT_INVALID', {
  en:
    '"{text}" is not a Norwegian postal code, which has four digits; ' +
    '{restored, select, EMPTY {correct it, or give the "country" of the address} ' +
    'other {write {restored}; the first zero was dropped}}.',
  nb:
    '«{text}» er ikke et norsk postnummer, som har fire sifre; ' +
    '{restored, select, EMPTY {rett det, eller oppgi «country» for adressen} ' +
    'other {skriv {restored}; den første nullen har falt bort}}.',
});

export const notALanguageTag = defineProblem<{ text: string }>('TEXT_INVALID', {
  en: '"{text}" is not a language tag; write one such as "en" or "se".',
  nb: '«{text}» er ikke en språkkode; skriv en som «en» eller «se».',
});

export const notACountryCode = defineProblem<{ text: string }>('TEXT_INVALID', {
  en: '"{text}" is not a country code; write two capital letters such as "NO".',
  nb: '«{text}» er ikke en landkode; skriv to store bokstaver som «NO».',
});

/** @param canKeep whether the owner has a name, which stays if the field is omitted */
export function nameRequired({ of: owner, canKeep }: { of: 'unit' | 'node' | 'site'; canKeep: boolean }): Problem {
  return ownerNeedsName({ owner, canKeep });
}

const ownerNeedsName = defineProblem<{ owner: 'unit' | 'node' | 'site'; canKeep: boolean }>('REQUIRED', {
  en:
    'A {owner, select, unit {unit} node {node} other {treatment site}} must have a name; give one' +
    '{canKeep, select, true {, or leave "name" out to keep it} other {}}.',
  nb:
    '{owner, select, unit {En enhet} node {En node} other {Et behandlingssted}} må ha et navn; oppgi et' +
    '{canKeep, select, true {, eller utelat «name» for å beholde det} other {}}.',
});

/** Reports the violation of a constraint. */
export const unitNameBlank = defineProblem('TEXT_INVALID', {
  en: 'The name of a unit is blank; give a name.',
  nb: 'En enhet mangler navn; oppgi et navn.',
});

export const tooManyEntries = defineProblem<{ field: string; count: number; limit: number }>('TOO_MANY', {
  en: '"{field}" has {count} entries, but at most {limit} are allowed; give fewer.',
  nb: '«{field}» har {count} oppføringer, men høyst {limit} er tillatt; oppgi færre.',
});

export const tooManyAddressLines = defineProblem<{ count: number; limit: number }>('TOO_MANY', {
  en: 'The address has {count} lines, but at most {limit} are allowed; give fewer.',
  nb: 'Adressen har {count} linjer, men høyst {limit} er tillatt; oppgi færre.',
});

export const entryListedTwice = defineProblem<{ field: string; entry: string }>('DUPLICATE_VALUE', {
  en: '"{entry}" is listed twice in "{field}"; keep one.',
  nb: '«{entry}» er oppgitt to ganger i «{field}»; behold én av dem.',
});

export function fieldsExclusive({ fields }: { fields: readonly [string, string] }): Problem {
  const [field, otherField] = fields;
  return exclusiveFields({ field, otherField });
}

const exclusiveFields = defineProblem<{ field: string; otherField: string }>('NOT_ALLOWED', {
  en: '"{field}" and "{otherField}" exclude each other; give only one.',
  nb: '«{field}» og «{otherField}» kan ikke brukes sammen; oppgi bare én av dem.',
});
