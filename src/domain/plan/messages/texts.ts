import type { Problem } from '../user-error.ts';

// Errors of the texts and lists of an input; a field is named by its path.

export function textNotStorable({ field, problem }: { field: string; problem: string }): Problem {
  return { code: 'TEXT_INVALID', message: `The text in "${field}" ${problem}; remove it.` };
}

export function textEmpty({ field }: { field: string }): Problem {
  return { code: 'TEXT_INVALID', message: `"${field}" is empty; give a value.` };
}

export function textTooLong({ field, length, limit }: { field: string; length: number; limit: number }): Problem {
  return {
    code: 'TEXT_INVALID',
    message: `"${field}" has ${length} characters, but at most ${limit} are allowed; shorten it.`,
  };
}

export function textHasControlCharacter({ field }: { field: string }): Problem {
  return {
    code: 'TEXT_INVALID',
    message: `"${field}" contains a line break or another control character; write it on one line.`,
  };
}

export function textHasDirectionMark({ field }: { field: string }): Problem {
  return {
    code: 'TEXT_INVALID',
    message: `"${field}" contains an invisible character that changes the writing direction; remove it.`,
  };
}

export function notAnEmailAddress({ text }: { text: string }): Problem {
  return { code: 'TEXT_INVALID', message: `"${text}" is not an e-mail address; correct it.` };
}

export function notAWebAddress({ text }: { text: string }): Problem {
  return {
    code: 'TEXT_INVALID',
    message: `"${text}" is not a web address; give one that begins with https:// or http://.`,
  };
}

export function notALanguageTag({ text }: { text: string }): Problem {
  return { code: 'TEXT_INVALID', message: `"${text}" is not a language tag; write one such as "en" or "se".` };
}

export function notACountryCode({ text }: { text: string }): Problem {
  return { code: 'TEXT_INVALID', message: `"${text}" is not a country code; write two capital letters such as "NO".` };
}

/** @param canKeep whether the owner has a name, which stays if the field is omitted */
export function nameRequired({ of: owner, canKeep }: { of: 'unit' | 'node'; canKeep: boolean }): Problem {
  const alternative = canKeep ? ', or leave "name" out to keep it' : '';
  return { code: 'REQUIRED', message: `A ${owner} must have a name; give one${alternative}.` };
}

/** Reports the violation of a constraint. */
export function unitNameBlank(): Problem {
  return { code: 'TEXT_INVALID', message: 'The name of a unit is blank; give a name.' };
}

export function tooManyEntries({ field, count, limit }: { field: string; count: number; limit: number }): Problem {
  return {
    code: 'TOO_MANY',
    message: `"${field}" has ${count} entries, but at most ${limit} are allowed; give fewer.`,
  };
}

export function tooManyAddressLines({ count, limit }: { count: number; limit: number }): Problem {
  return { code: 'TOO_MANY', message: `The address has ${count} lines, but at most ${limit} are allowed; give fewer.` };
}

export function entryListedTwice({ field, entry }: { field: string; entry: string }): Problem {
  return { code: 'DUPLICATE_VALUE', message: `"${entry}" is listed twice in "${field}"; keep one.` };
}

export function fieldsExclusive({ fields }: { fields: readonly [string, string] }): Problem {
  const [one, other] = fields;
  return { code: 'NOT_ALLOWED', message: `"${one}" and "${other}" exclude each other; give only one.` };
}
