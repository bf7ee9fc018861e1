import type { Day } from '../time/day.ts';
import { findUnbrokenPeriod } from '../time/period.ts';
import { setFact, setList } from '../time/timeline.ts';
import { factFields, lineFacts, type LineFact } from '../unit/facts.ts';
import type { AddressRow, ContactPointRow, NameRow, VersionRow } from '../unit/state.ts';
import type { AddressInput, ContactPointInput, FactsInput, LocalizedNameInput } from './change-input.ts';
import type { Draft } from './draft.ts';
import { isEmailAddress, type TextReader } from './input-text.ts';
import { userError } from './user-error.ts';

type RowValues<R> = Omit<R, 'id' | 'from' | 'to'>;

/** Facts of a unit that are to be set; those absent are kept. */
export interface FactPatch extends Partial<Record<LineFact, string | null>> {
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
 * Reads the facts of an input: what is wrong with them is noted in `texts`.
 *
 * @param isNew whether the unit is new, so that there is no name to keep
 */
export function readFacts(input: FactsInput, texts: TextReader, isNew = false): FactPatch {
  if (input.name === null)
    texts.errors.push(
      userError(
        'REQUIRED',
        'name',
        `A unit must have a name; give one${isNew ? '' : ', or leave «name» out to keep it'}.`,
      ),
    );
  return {
    ...(typeof input.name === 'string' && { name: texts.readLine(input.name, ['name']) }),
    ...readLineFacts(input, texts),
    ...(input.internationalNames !== undefined && {
      names: readList(
        texts,
        'internationalNames',
        input.internationalNames,
        ({ language }) => language,
        createNameReader(texts),
      ),
    }),
    ...(input.addresses !== undefined && {
      addresses: readList(
        texts,
        'addresses',
        input.addresses,
        ({ type }) => type,
        (address: AddressInput, path): RowValues<AddressRow> => ({
          type: address.type,
          ...readAddress(texts, address, path),
        }),
      ),
    }),
    ...(input.contactPoints !== undefined && {
      contactPoints: readList(
        texts,
        'contactPoints',
        input.contactPoints,
        ({ type, value }) => `${type} ${value}`,
        ({ type, value }: ContactPointInput, path): RowValues<ContactPointRow> => ({
          type,
          value: readContactPoint(texts, type, value, [...path, 'value']),
        }),
      ),
    }),
  };
}

function readLineFacts(input: FactsInput, texts: TextReader): Partial<Record<LineFact, string | null>> {
  const patch: Partial<Record<LineFact, string | null>> = {};
  for (const fact of lineFacts) {
    const { field } = factFields[fact];
    const text = input[field];
    if (text !== undefined) patch[fact] = texts.readOptionalLine(text, [field]);
  }
  return patch;
}

function readList<Item, Value>(
  texts: TextReader,
  field: string,
  items: readonly Item[] | null,
  getKey: (value: Value) => string,
  read: (item: Item, path: string[]) => Value,
): Value[] {
  const list = items ?? [];
  if (list.length > LIST_LIMIT)
    texts.errors.push(
      userError('TOO_MANY', field, `«${field}» has ${list.length} entries, and ${LIST_LIMIT} are allowed.`),
    );
  const seen = new Set<string>();
  return list.map((item, index) => {
    const value = read(item, [field, String(index)]);
    const key = getKey(value);
    if (seen.has(key))
      texts.errors.push(
        userError('GIVEN_TWICE', [field, String(index)], `«${key}» stands twice in «${field}»; keep one.`),
      );
    seen.add(key);
    return value;
  });
}

function createNameReader(texts: TextReader) {
  return ({ language, name }: LocalizedNameInput, path: string[]): RowValues<NameRow> => {
    if (!languageTag.test(language))
      texts.errors.push(
        userError(
          'TEXT_INVALID',
          [...path, 'language'],
          `«${language}» is no language tag; write one such as "en" or "se".`,
        ),
      );
    return { language, name: texts.readLine(name, [...path, 'name']) };
  };
}

/** An address as it is stored. */
export function readAddress(
  texts: TextReader,
  { lines, postalCode, city, country }: Omit<AddressInput, 'type'>,
  path: readonly string[],
): Omit<RowValues<AddressRow>, 'type'> {
  if (typeof country === 'string' && !countryCode.test(country))
    texts.errors.push(
      userError(
        'TEXT_INVALID',
        [...path, 'country'],
        `«${country}» is no country; write two capital letters such as "NO".`,
      ),
    );
  if (lines.length > ADDRESS_LINE_LIMIT)
    texts.errors.push(
      userError(
        'TOO_MANY',
        [...path, 'lines'],
        `The address has ${lines.length} lines, and ${ADDRESS_LINE_LIMIT} are allowed.`,
      ),
    );
  return {
    lines: lines.map((line, index) => texts.readLine(line, [...path, 'lines', String(index)])),
    postalCode: texts.readOptionalLine(postalCode, [...path, 'postalCode']),
    city: texts.readOptionalLine(city, [...path, 'city']),
    country: country ?? null,
  };
}

/** Reads where somebody can be reached; programs follow it, so that a web address is one that is safe to follow. */
function readContactPoint(
  texts: TextReader,
  type: ContactPointInput['type'],
  value: string,
  path: readonly string[],
): string {
  const text = texts.readLine(value, path);
  if (type === 'EMAIL' && !isEmailAddress(text))
    texts.errors.push(userError('TEXT_INVALID', path, `«${text}» is no e-mail address; correct it.`));
  if (type === 'WEB' && !isWebAddress(text))
    texts.errors.push(
      userError('TEXT_INVALID', path, `«${text}» is no web address; give one that begins with https:// or http://.`),
    );
  return text;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text);
}

/** Sets facts of a unit from a day on, each until the next day on which that fact was already going to change. */
export function applyFacts(draft: Draft, reshId: number, day: Day, facts: FactPatch): void {
  const { name, names, addresses, contactPoints } = facts;
  if (name !== undefined) setVersionFact(draft, reshId, day, ['name'], { name });
  for (const fact of lineFacts) {
    const value = facts[fact];
    if (value === undefined) continue;
    // The code and the local wording of the designation are one fact: a new code clears the wording.
    if (fact === 'designationCode')
      setVersionFact(draft, reshId, day, [fact, 'designationText'], { [fact]: value, designationText: null });
    else setVersionFact(draft, reshId, day, [fact], { [fact]: value });
  }
  const unit = draft.unit(reshId);
  const validity = unit && findUnbrokenPeriod(unit.versions, day);
  if (!validity) return;
  if (names) draft.set(reshId, { names: setList(unit.names, day, validity.to, names) });
  if (addresses) draft.set(reshId, { addresses: setList(unit.addresses, day, validity.to, addresses) });
  if (contactPoints) draft.set(reshId, { contactPoints: setList(unit.contactPoints, day, validity.to, contactPoints) });
}

function setVersionFact<Fact extends keyof VersionRow>(
  draft: Draft,
  reshId: number,
  day: Day,
  facts: readonly Fact[],
  values: Partial<RowValues<VersionRow>>,
): void {
  const versions = draft.unit(reshId)?.versions ?? [];
  draft.set(reshId, {
    versions: setFact(versions, day, (row) => JSON.stringify(facts.map((fact) => row[fact])), values),
  });
}

/** Sets the organization number of a unit from a day on. */
export function applyOrganizationNumber(
  draft: Draft,
  reshId: number,
  day: Day,
  organizationNumber: string | null,
): void {
  setVersionFact(draft, reshId, day, ['organizationNumber'], { organizationNumber });
}

/** Sets the treatment site of a unit from a day on. */
export function applyTreatmentSite(draft: Draft, reshId: number, day: Day, treatmentSiteNumber: string | null): void {
  setVersionFact(draft, reshId, day, ['treatmentSiteNumber'], { treatmentSiteNumber });
}

/** Sets the parent of a unit from a day on. */
export function applyParent(draft: Draft, reshId: number, day: Day, parentReshId: number | null): void {
  setVersionFact(draft, reshId, day, ['parentReshId'], { parentReshId });
}
