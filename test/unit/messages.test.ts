import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { readdirSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import '../../src/auth/messages.ts';
import '../../src/auth/tokens/token-messages.ts';
import { definitions, messageIn } from '../../src/domain/plan/messages/message.ts';
import { nationalRoleHasNoUnit } from '../../src/domain/plan/messages/access.ts';
import { periodEndsBeforeItBegins, unitHasOpenChildren, unitNotValid } from '../../src/domain/plan/messages/units.ts';
import { describeQualityIssue } from '../../src/domain/plan/messages/quality-issues.ts';
import { qualityIssueKinds } from '../../src/domain/unit/quality-issue.ts';
import { impactNoteCodes, userErrorCodes, userWarningCodes } from '../../src/domain/plan/user-error.ts';
import { placementWarningCodes } from '../../src/domain/unit/placement.ts';

const unit = { reshId: 108597, name: 'Akutten' };
const folder = new URL('../../src/domain/plan/messages/', import.meta.url);

beforeAll(async () => {
  for (const file of readdirSync(folder)) await import(new URL(file, folder).href);
});

it('there is a message for every code of an error, a warning, a note and a placement', () => {
  const defined = new Set(definitions.flatMap(({ code }) => code ?? []));

  const codes = [userErrorCodes, userWarningCodes, impactNoteCodes].flatMap((table) => Object.keys(table));
  expect([...codes, ...placementWarningCodes].filter((code) => !defined.has(code))).toEqual([]);
});

it.each(qualityIssueKinds)('a quality issue of kind %s is described in both languages', (kind) => {
  const message = describeQualityIssue({ kind, ...unit, values: ['1'], otherReshIds: [2] });

  expect(messageIn('en', message)).toContain('108597');
  expect(messageIn('nb', message)).not.toBe(messageIn('en', message));
});

it('messages mention the same values in both languages', () => {
  const different = definitions.filter(({ texts }) => listArguments(texts.en) !== listArguments(texts.nb));

  expect(different).toEqual([]);
  expect(definitions.length).toBeGreaterThan(100);
});

it('the Norwegian text of a message is not its English one', () => {
  const withWords = definitions.filter(({ texts }) => /\p{L}{3}/u.test(texts.en.replaceAll(/\{[^}]*\}/g, '')));

  expect(withWords.filter(({ texts }) => texts.en === texts.nb)).toEqual([]);
  expect(withWords.length).toBeGreaterThan(100);
});

it('quotes and days are written as each language does', () => {
  const message = unitNotValid({
    unit,
    day: '2019-12-31',
    valid: [
      { from: '2020-01-01', to: '2021-01-01' },
      { from: '2022-05-17', to: null },
    ],
  });

  expect([messageIn('en', message), messageIn('nb', message)]).toEqual([
    'Unit 108597 "Akutten" is not valid on 2019-12-31; it is valid from 2020-01-01 to 2021-01-01 (exclusive) and ' +
      'from 2022-05-17 on. Choose one of those days.',
    'Enhet 108597 «Akutten» er ikke gyldig 31. desember 2019; den er gyldig fra og med 1. januar 2020 til og med ' +
      '31. desember 2020 og fra og med 17. mai 2022. Velg en av disse dagene.',
  ]);
  expect(message.values).toEqual([
    { name: 'unit', unit },
    { name: 'day', date: '2019-12-31' },
    { name: 'validFrom', date: '2020-01-01' },
    { name: 'validTo', date: '2021-01-01' },
    { name: 'validFrom', date: '2022-05-17' },
  ]);
});

it('adjacent periods are joined, in the text and in the values', () => {
  const message = unitNotValid({
    unit,
    day: '2019-12-31',
    valid: [
      { from: '2020-01-01', to: '2021-01-01' },
      { from: '2021-01-01', to: null },
    ],
  });

  expect(message.message).toContain('it is valid from 2020-01-01 on.');
  expect(message.values.slice(2)).toEqual([{ name: 'validFrom', date: '2020-01-01' }]);
});

it('counts have the form that each language has for them', () => {
  const describe = (count: number): string[] => {
    const children = Array.from({ length: count }, (_, index) => ({
      reshId: index + 1,
      name: 'Post',
      from: '2020-01-01',
    }));
    const message = unitHasOpenChildren({ parents: [unit], children, day: '2026-01-01' });
    return [messageIn('en', message), messageIn('nb', message)];
  };

  expect(describe(1)).toEqual([
    'Unit 108597 "Akutten" has 1 open child on 2026-01-01 or later: 1 "Post"; ' +
      'close or move it first, or pass withDescendants.',
    'Enhet 108597 «Akutten» har 1 åpen underenhet 1. januar 2026 eller senere: 1 «Post»; ' +
      'avslutt eller flytt den først, eller oppgi withDescendants.',
  ]);
  expect(describe(6).map((text) => text.slice(0, 60))).toEqual([
    'Unit 108597 "Akutten" has 6 open children on 2026-01-01 or l',
    'Enhet 108597 «Akutten» har 6 åpne underenheter 1. januar 202',
  ]);
});

it('entries beyond those that a text lists are among its values', () => {
  const children = Array.from({ length: 7 }, (_, index) => ({ reshId: index + 1, name: 'Post', from: '2020-01-01' }));

  const { message, values } = unitHasOpenChildren({ parents: [unit], children, day: '2026-01-01' });

  expect(message).toContain('5 "Post", ...;');
  expect(values.filter(({ name }) => name === 'child').map((value) => value.unit?.reshId)).toEqual([
    1, 2, 3, 4, 5, 6, 7,
  ]);
});

it('text of a user is not read as part of a message', () => {
  const { message, translations } = unitNotValid({
    unit: { reshId: 1, name: "{unit} <b>'{day}'" },
    day: '2026-01-01',
    valid: [{ from: '2027-01-01', to: null }],
  });

  expect([message, translations.nb]).toEqual([
    'Unit 1 ' +
      '"{unit} <b>\'{day}\'" is not valid on 2026-01-01; it is valid from 2027-01-01 on. Choose one of those days.',
    "Enhet 1 «{unit} <b>'{day}'» er ikke gyldig 1. januar 2026; den er gyldig fra og med 1. januar 2027. " +
      'Velg en av disse dagene.',
  ]);
});

it('a word of an enumeration is translated', () => {
  const { translations } = periodEndsBeforeItBegins({ what: 'access', validFrom: '2026-01-02', validTo: '2026-01-01' });

  expect(translations.nb).toContain('men tilgangen gjelder fra og med 2. januar 2026');
});

it('a role is written in words, and is the name in the API among the values', () => {
  const message = nationalRoleHasNoUnit({ role: 'SPECIALIST_REGISTRAR' });

  expect([messageIn('en', message), messageIn('nb', message)]).toEqual([
    'Role specialist registrar is national, not tied to a unit; omit "reshId".',
    'Rollen registerfører for avtalespesialister er nasjonal og ikke knyttet til en enhet; utelat «reshId».',
  ]);
  expect(message.values).toEqual([{ name: 'role', text: 'SPECIALIST_REGISTRAR' }]);
});

it('no Norwegian text names a role as the API does', () => {
  const naming = definitions.filter(({ texts: { nb } }) =>
    /\b(?:OPERATOR|ADMINISTRATOR|SPECIALIST_REGISTRAR)\b|\{role\}/.test(nb),
  );

  expect(naming.map(({ texts }) => texts.nb)).toEqual([]);
});

/** Returns the names of the arguments of a text, in order of the alphabet. */
function listArguments(text: string): string {
  const names = new Set<string>();
  const visit = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type !== TYPE.literal && element.type !== TYPE.pound) names.add(element.value);
      if (element.type === TYPE.select || element.type === TYPE.plural)
        for (const option of Object.values(element.options)) visit(option.value);
    }
  };
  visit(parseMessage(text));
  return [...names].sort().join(' ');
}

function parseMessage(text: string): MessageFormatElement[] {
  return parse(text.replaceAll(/, (?:period|role)\}/g, '}'), { ignoreTag: true });
}
