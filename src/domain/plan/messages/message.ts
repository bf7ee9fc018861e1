import { IntlMessageFormat } from 'intl-messageformat';
import type { Language, LocalizedText } from '../../text/language.ts';
import type { Day } from '../../time/day.ts';
import type { Period } from '../../time/period.ts';
import type { CodeKey } from '../../unit/filter.ts';
import type { UnitName } from '../../unit/unit-label.ts';
import type { MappingNodeKey } from '../change-input.ts';
import { formatCode, formatDay, formatNode, formatPeriods, formatUnit, nameUnit, type NamedUnit } from './labels.ts';

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
type Argument = Scalar | readonly Scalar[] | readonly Period[];
type Scalar = string | number | boolean | null | undefined | Message | NamedUnit | CodeKey | MappingNodeKey | Period;

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
 * @param texts in the message syntax of ICU; `{day, date}` is written as {@link formatDay} does
 * @param extra members of the message beside its text
 */
export function defineMessage<Values extends object, Extra extends { readonly code?: string }>(
  texts: LocalizedText,
  extra: Extra,
): MessageBuilder<Values, Extra & Message> {
  definitions.push({ ...extra, texts });
  const dateNames = new Set([...texts.en.matchAll(datePattern)].map(([, name = '']) => name));
  let formats: Readonly<Record<Language, IntlMessageFormat>> | undefined;
  const build = (...[values]: MessageParameters<Values>): Extra & Message => {
    formats ??= { en: parseText('en', texts.en), nb: parseText('nb', texts.nb) };
    const entries: [string, Argument][] = Object.entries(values ?? {});
    const isDate = (name: string, value: Argument): value is Day => typeof value === 'string' && dateNames.has(name);
    const formatIn = (language: Language, format: IntlMessageFormat): string => {
      const inWords = entries.map(([name, value]) => [
        name,
        isDate(name, value) ? formatDay(value, language) : toText(value, language),
      ]);
      return String(format.format(Object.fromEntries(inWords) as Record<string, string | number>));
    };
    return {
      ...extra,
      message: formatIn('en', formats.en),
      translations: { nb: formatIn('nb', formats.nb) },
      values: entries.flatMap(([name, value]) =>
        isDate(name, value) ? [{ name, date: value }] : toValues(name, value),
      ),
    };
  };
  return build;
}

/** Lists the first entries of a list; further ones are values of the message, too. */
export function listFirst(name: string, entries: readonly Scalar[], limit: number): Message {
  const listIn = (language: Language): string => String(toText(entries.slice(0, limit), language));
  return { message: listIn('en'), translations: { nb: listIn('nb') }, values: toValues(name, entries) };
}

const datePattern = /\{(\w+), date\}/g;

function parseText(language: Language, text: string): IntlMessageFormat {
  return new IntlMessageFormat(text.replaceAll(datePattern, '{$1}'), language, undefined, { ignoreTag: true });
}

function toText(value: Argument, language: Language): string | number {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (arePeriods(value)) return formatPeriods(value, language);
  if (isList(value)) return value.map((entry) => toText(entry, language)).join(', ');
  if ('message' in value) return messageIn(language, value);
  if ('reshId' in value) return formatUnit(value, language);
  if ('codeSet' in value) return formatCode(value);
  if ('systemId' in value) return formatNode(value, language);
  return formatPeriods([value], language);
}

function toValues(name: string, value: Argument): readonly MessageValue[] {
  if (value === null || value === undefined || typeof value === 'boolean') return [];
  if (typeof value === 'number') return [{ name, number: value }];
  if (typeof value === 'string') return [{ name, text: value }];
  if (isList(value)) return value.slice(0, LISTED_VALUES_LIMIT).flatMap((entry) => toValues(name, entry));
  if ('message' in value) return value.values;
  if ('reshId' in value) return [{ name, unit: nameUnit(value) }];
  if ('codeSet' in value) return [{ name, text: formatCode(value) }];
  if ('systemId' in value) return [{ name, text: `${value.systemId} ${value.nodeId}` }];
  const { from, to } = value;
  return [{ name: 'from', date: from }, ...(to === null ? [] : [{ name: 'to', date: to }])];
}

function isList(value: NonNullable<Argument>): value is readonly Scalar[] {
  return Array.isArray(value);
}

function arePeriods(value: NonNullable<Argument>): value is readonly Period[] {
  return isList(value) && value.every((entry) => typeof entry === 'object' && entry !== null && isPeriod(entry));
}

function isPeriod(entry: object): boolean {
  return 'from' in entry && !('reshId' in entry);
}
