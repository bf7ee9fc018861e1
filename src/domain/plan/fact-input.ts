import { isEmailAddress } from '../text/email-address.ts';
import { isNorwegianPostalCode, restorePostalCode } from '../text/postal-code.ts';
import { isTelephoneNumber } from '../text/telephone-number.ts';
import { factFields, lineFacts, type LineFact } from '../unit/facts.ts';
import type { AddressRow, ContactPointRow, NameRow } from '../unit/state.ts';
import type { AddressInput, ContactPointInput, FactsInput, LocalizedNameInput } from './change-input.ts';
import { TextReader } from './input-text.ts';
import type { PlainAddressInput } from './treatment-sites/site-input.ts';
import type { Issues } from './issues.ts';
import {
  entryListedTwice,
  nameRequired,
  notACountryCode,
  notALanguageTag,
  notAPostalCode,
  notATelephoneNumber,
  notAWebAddress,
  notAnEmailAddress,
  tooManyAddressLines,
  tooManyEntries,
} from './messages/texts.ts';

/** Values of a row, without its period. */
export type RowValues<R> = Omit<R, 'id' | 'from' | 'to'>;

type LineFactPatch = Partial<Record<LineFact, string | null>>;

/** Facts of a unit to set; absent facts stay as they are. */
export interface FactPatch extends LineFactPatch {
  readonly name?: string;
  readonly names?: readonly RowValues<NameRow>[];
  readonly addresses?: readonly RowValues<AddressRow>[];
  readonly contactPoints?: readonly RowValues<ContactPointRow>[];
}

export const LIST_LIMIT = 50;
export const ADDRESS_LINE_LIMIT = 10;
const languageTag = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const countryCode = /^[A-Z]{2}$/;

/**
 * Reads the facts of an input, and adds errors for invalid ones.
 *
 * @param isNew whether the unit is new, so that a name is required
 */
export function readFacts(issues: Issues, input: FactsInput, isNew = false): FactPatch {
  const texts = new TextReader(issues);
  if (input.name === null) issues.add('name', nameRequired({ of: 'unit', canKeep: !isNew }));
  return {
    ...(typeof input.name === 'string' && { name: texts.readLine(input.name, ['name']) }),
    ...readLineFacts(texts, input),
    ...(input.internationalNames !== undefined && {
      names: readList(issues, 'internationalNames', input.internationalNames, {
        getKey: ({ language }) => language,
        read: (name, path) => readName(issues, name, path),
      }),
    }),
    ...(input.addresses !== undefined && {
      addresses: readList(issues, 'addresses', input.addresses, {
        getKey: ({ type }) => type,
        read: (address, path) => ({ type: address.type, ...readAddress(issues, address, path) }),
      }),
    }),
    ...(input.contactPoints !== undefined && {
      contactPoints: readList(issues, 'contactPoints', input.contactPoints, {
        getKey: ({ type, value }) => `${type} ${value}`,
        read: (contactPoint, path) => readContactPoint(issues, contactPoint, path),
      }),
    }),
  };
}

function readLineFacts(texts: TextReader, input: FactsInput): LineFactPatch {
  const patch: LineFactPatch = {};
  for (const fact of lineFacts) {
    const { field } = factFields[fact];
    const text = input[field];
    if (text !== undefined) patch[fact] = texts.readOptionalLine(text, [field]);
  }
  return patch;
}

function readList<Item, Value>(
  issues: Issues,
  field: string,
  items: readonly Item[] | null,
  { getKey, read }: { getKey: (value: Value) => string; read: (item: Item, path: readonly string[]) => Value },
): Value[] {
  const list = items ?? [];
  if (list.length > LIST_LIMIT) issues.add(field, tooManyEntries({ field, count: list.length, limit: LIST_LIMIT }));
  const seen = new Set<string>();
  return list.map((item, index) => {
    const path = [field, String(index)];
    const value = read(item, path);
    const entry = getKey(value);
    if (seen.has(entry)) issues.add(path, entryListedTwice({ field, entry }));
    seen.add(entry);
    return value;
  });
}

function readName(issues: Issues, { language, name }: LocalizedNameInput, path: readonly string[]): RowValues<NameRow> {
  if (!languageTag.test(language)) issues.add([...path, 'language'], notALanguageTag({ text: language }));
  return { language, name: new TextReader(issues).readLine(name, [...path, 'name']) };
}

/** Reads an address in the form in which it is stored. */
export function readAddress(
  issues: Issues,
  { lines, postalCode, city, country }: PlainAddressInput,
  path: readonly string[],
): Omit<RowValues<AddressRow>, 'type'> {
  const texts = new TextReader(issues);
  if (typeof country === 'string' && !countryCode.test(country))
    issues.add([...path, 'country'], notACountryCode({ text: country }));
  if (lines.length > ADDRESS_LINE_LIMIT)
    issues.add([...path, 'lines'], tooManyAddressLines({ count: lines.length, limit: ADDRESS_LINE_LIMIT }));
  return {
    lines: lines.map((line, index) => texts.readLine(line, [...path, 'lines', String(index)])),
    postalCode: readPostalCode(issues, { postalCode, country }, [...path, 'postalCode']),
    city: texts.readOptionalLine(city, [...path, 'city']),
    country: country ?? null,
  };
}

/** Reads a postal code, which must be Norwegian unless the address is in another country. */
function readPostalCode(
  issues: Issues,
  { postalCode, country }: Pick<AddressInput, 'postalCode' | 'country'>,
  path: readonly string[],
): string | null {
  const text = new TextReader(issues).readOptionalLine(postalCode, path);
  if (text !== null && (country ?? 'NO') === 'NO' && !isNorwegianPostalCode(text))
    issues.add(path, notAPostalCode({ text, restored: restorePostalCode(text) ?? 'EMPTY' }));
  return text;
}

/** Reads a contact point. Programs follow a web address, so it must be safe to follow. */
function readContactPoint(
  issues: Issues,
  { type, value }: ContactPointInput,
  path: readonly string[],
): RowValues<ContactPointRow> {
  const valuePath = [...path, 'value'];
  const text = new TextReader(issues).readLine(value, valuePath);
  if (type === 'EMAIL' && !isEmailAddress(text)) issues.add(valuePath, notAnEmailAddress({ text }));
  if (type === 'TELEPHONE' && !isTelephoneNumber(text)) issues.add(valuePath, notATelephoneNumber({ text }));
  if (type === 'WEB' && !isWebAddress(text)) issues.add(valuePath, notAWebAddress({ text }));
  return { type, value: text };
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text);
}
