import { IntlMessageFormat } from 'intl-messageformat';
import type { Language, LocalizedText } from '../../text/language.ts';
import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import type { CodeKey } from '../../unit/filter.ts';
import type { UnitName } from '../../unit/unit-label.ts';
import type { MappingNodeKey, Role } from '../change-input.ts';
import {
  formatCode,
  formatDay,
  formatNode,
  formatPeriods,
  formatRole,
  formatUnit,
  joinPeriods,
  nameUnit,
  type NamedUnit,
} from './labels.ts';

// Messages to people: each is defined once, with its text in every language and the values that it mentions.

/** A value that a message mentions, as data: one of the members beside the name is set. */
export interface MessageValue {
  readonly name: string;
  readonly unit?: UnitName;
  readonly date?: Day;
  readonly number?: number;
  readonly text?: string;
}

/** A message in every language, with the values that it mentions. Stored results contain it as JSON. */
export interface Message {
  /** In English */
  readonly message: string;
  readonly translations: Readonly<Record<Exclude<Language, 'en'>, string>>;
  readonly values: readonly MessageValue[];
}

/** Builds a message from its values. */
export type MessageBuilder<Values extends object, Built extends Message = Message> = (
  ...values: MessageParameters<Values>
) => Built;

/** A message without values takes no parameter. */
type MessageParameters<Values extends object> = keyof Values extends never ? [] : [values: Values];

/** A value of a message; the entries of a list are joined by commas. */
type Argument = Scalar | readonly Scalar[] | Period | readonly Period[];
type Scalar = string | number | boolean | null | undefined | Message | NamedUnit | CodeKey | MappingNodeKey;

/** Most entries of a list that are among the values of a message. */
const LISTED_VALUES_LIMIT = 100;

/** The messages that have been defined, for a comparison of their languages. */
export const definitions: { readonly code?: string; readonly texts: LocalizedText }[] = [];

/** Returns a message in a language. */
export function messageIn(language: Language, { message, translations }: Message): string {
  return language === 'en' ? message : translations[language];
}

/** Defines a text that messages include. */
export function definePhrase<Values extends object = object>(texts: LocalizedText): MessageBuilder<Values> {
  return defineMessage<Values, object>(texts, {});
}

/**
 * Defines a message.
 *
 * @param texts in the message syntax of ICU, with `{day, date}` for a day, `{valid, period}` for periods, whose days
 *   are the values `validFrom` and `validTo`, and `{role, role}` for a role, in words in the text and as the name in
 *   the API in the values
 * @param extra members of the message beside its text
 */
export function defineMessage<Values extends object, Extra extends { readonly code?: string }>(
  texts: LocalizedText,
  extra: Extra,
): MessageBuilder<Values, Extra & Message> {
  definitions.push({ ...extra, texts });
  const kinds = new Map([...texts.en.matchAll(kindPattern)].map(([, name = '', kind = '']) => [name, kind]));
  const mentioned = new Set([...texts.en.matchAll(mentionPattern)].map(([, name = '']) => name));
  let formats: Readonly<Record<Language, IntlMessageFormat>> | undefined;
  return (...[values]) => {
    const { en, nb } = (formats ??= { en: parseText('en', texts.en), nb: parseText('nb', texts.nb) });
    const parts = Object.entries<Argument>(values ?? {}).map(([name, value]) => toPart(name, value, kinds.get(name)));
    const formatIn = (language: Language, format: IntlMessageFormat): string =>
      String(format.format(Object.fromEntries(parts.map(({ name, textIn }) => [name, textIn(language)]))));
    // Formatted when they are read: of thousands of messages, a page may show the codes only.
    return {
      ...extra,
      get message() {
        return formatIn('en', en);
      },
      get translations() {
        return { nb: formatIn('nb', nb) };
      },
      get values() {
        // Others only choose between forms of the text.
        return parts.flatMap((part) => (mentioned.has(part.name) ? part.listValues() : []));
      },
    };
  };
}

const kindPattern = /\{(\w+), (date|period|role)\}/g;
const mentionPattern = /\{(\w+)(?:, (?:date|period|role))?\}/g;

function parseText(language: Language, text: string): IntlMessageFormat {
  return new IntlMessageFormat(text.replaceAll(kindPattern, '{$1}'), language, undefined, { ignoreTag: true });
}

/** A value of a message: as its texts have it, and as data. */
interface Part {
  readonly name: string;
  readonly textIn: (language: Language) => string | number;
  readonly listValues: () => readonly MessageValue[];
}

function toPart(name: string, value: Argument, kind: string | undefined): Part {
  if (kind === 'date') {
    const day = value as Day;
    return { name, textIn: (language) => formatDay(day, language), listValues: () => [{ name, date: day }] };
  }
  if (kind === 'period') {
    const periods = joinPeriods(toPeriods(value as Period | readonly Period[] | undefined));
    return {
      name,
      textIn: (language) => formatPeriods(periods, language),
      listValues: () => periods.flatMap((period) => toBounds(name, period)),
    };
  }
  if (kind === 'role') {
    const role = value as Role;
    return { name, textIn: (language) => formatRole(role, language), listValues: () => [{ name, text: role }] };
  }
  const plain = value as Scalar | readonly Scalar[];
  return { name, textIn: (language) => toText(plain, language), listValues: () => toValues(name, plain) };
}

function toPeriods(value: Period | readonly Period[] | undefined): readonly Period[] {
  if (value === undefined) return [];
  return 'from' in value ? [value] : value;
}

function toBounds(name: string, { from, to }: Period): MessageValue[] {
  return [{ name: `${name}From`, date: from }, ...(to === null ? [] : [{ name: `${name}To`, date: to }])];
}

/** Lists the first entries of a list; further ones are values of the message, too. */
export function listFirst(name: string, entries: readonly Scalar[], limit: number): Message {
  const listIn = (language: Language): string => String(toText(entries.slice(0, limit), language));
  return {
    get message() {
      return listIn('en');
    },
    get translations() {
      return { nb: listIn('nb') };
    },
    get values() {
      return toValues(name, entries);
    },
  };
}

function toText(value: Scalar | readonly Scalar[], language: Language): string | number {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (isList(value)) return value.map((entry) => toText(entry, language)).join(', ');
  if ('message' in value) return messageIn(language, value);
  if ('codeSet' in value) return formatCode(value);
  return 'systemId' in value ? formatNode(value, language) : formatUnit(value, language);
}

function toValues(name: string, value: Scalar | readonly Scalar[]): readonly MessageValue[] {
  if (value === null || value === undefined || typeof value === 'boolean') return [];
  if (typeof value === 'number') return [{ name, number: value }];
  if (typeof value === 'string') return [{ name, text: value }];
  if (isList(value)) return value.slice(0, LISTED_VALUES_LIMIT).flatMap((entry) => toValues(name, entry));
  if ('message' in value) return value.values;
  if ('codeSet' in value) return [{ name, text: formatCode(value) }];
  return 'systemId' in value
    ? [{ name, text: `${value.systemId} ${value.nodeId}` }]
    : [{ name, unit: nameUnit(value) }];
}

function isList(value: Scalar | readonly Scalar[]): value is readonly Scalar[] {
  return Array.isArray(value);
}
