import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { buildWorld, subjects, units, worldDay } from '../../support/world/world.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
});
afterAll(() => database.close());

const denied = `mutation {
  updateUnit(input: { reshId: ${units.siblingClinic}, shortName: "X" }) { change { revision } }
}`;
const openChildren = `mutation {
  closeUnit(input: { reshId: ${units.clinic}, dryRun: true }) {
    userErrors { code message values { name unit { reshId name } date number text } }
  }
}`;
const closing = `mutation {
  closeUnit(input: { reshId: ${units.clinic}, withDescendants: true, dryRun: true }) {
    impact { noteCount notes { code message values { name text } } }
  }
}`;
const unchanged = `mutation {
  updateUnit(input: { reshId: ${units.clinic}, shortName: null, dryRun: true }) {
    warnings { code message values { name } field }
  }
}`;
const permission = `{
  unit(reshId: ${units.siblingClinic}) {
    viewerCan { edit { allowed code reason values { name unit { reshId } text } } }
  }
}`;

function send(query: string, acceptLanguage: string | undefined, as?: string) {
  const headers = acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage };
  return createClient(database, { today: worldDay, headers, ...(as !== undefined && { as }) }).send({ query });
}

async function readMessage(acceptLanguage: string | undefined): Promise<string> {
  const { errors } = await send(denied, acceptLanguage);
  return errors?.[0]?.message ?? '';
}

it.each([
  [undefined, 'This request needs a token.'],
  ['*', 'This request needs a token.'],
  ['de, fr;q=0.5', 'This request needs a token.'],
  ['en-GB, nb;q=0.5', 'This request needs a token.'],
  ['nb', 'Denne forespørselen krever et token.'],
  ['nb-NO,nb;q=0.9,en;q=0.8', 'Denne forespørselen krever et token.'],
  ['no', 'Denne forespørselen krever et token.'],
  ['nn-NO, en;q=0.1', 'Denne forespørselen krever et token.'],
  ['de, nb;q=0.5, en;q=0.4', 'Denne forespørselen krever et token.'],
  ['nb;q=0, en', 'This request needs a token.'],
  ['what is this?', 'This request needs a token.'],
])('Accept-Language %j chooses the language of messages', async (acceptLanguage, start) => {
  expect((await readMessage(acceptLanguage)).slice(0, start.length)).toBe(start);
});

it('user errors have their values as data, in both languages', async () => {
  const [english, norwegian] = await Promise.all(
    ['en', 'nb'].map(async (language) => readUserErrors(await send(openChildren, language, subjects.operator))),
  );

  const values = [
    { name: 'unit', unit: { reshId: units.clinic, name: 'clinic' } },
    { name: 'childCount', number: 2 },
    { name: 'day', date: worldDay },
    { name: 'child', unit: { reshId: units.ward, name: 'ward' } },
    { name: 'child', unit: { reshId: units.secondWard, name: 'secondWard' } },
  ];
  const [open, openNorwegian] = [english, norwegian].map((errors) => errors?.[0]);
  expect(open).toMatchObject({
    code: 'HAS_OPEN_CHILDREN',
    message:
      'Unit 111 "clinic" has 2 open children on 2026-11-23 or later: 112 "ward", 113 "secondWard"; ' +
      'close or move them first, or pass withDescendants.',
  });
  expect(openNorwegian).toMatchObject({
    code: 'HAS_OPEN_CHILDREN',
    message:
      'Enhet 111 «clinic» har 2 åpne underenheter 23. november 2026 eller senere: 112 «ward», 113 «secondWard»; ' +
      'avslutt eller flytt dem først, eller oppgi withDescendants.',
  });
  expect([open, openNorwegian].map((error) => withoutNulls(error?.values))).toEqual([values, values]);
});

it('notes and warnings are in the language of the client', async () => {
  const closed = (await send(closing, 'nb', subjects.operator)).data as {
    closeUnit: { impact: { noteCount: number; notes: { code: string; message: string }[] } };
  };
  const same = (await send(unchanged, 'nb', subjects.operator)).data;

  const { noteCount, notes } = closed.closeUnit.impact;
  expect(notes).toHaveLength(noteCount);
  expect(notes.map(({ code }) => code)).toContain('TREATMENT_SITE_LEFT');
  expect(notes.filter(({ message }) => !/^(?:Enhet|Kodene til enhet) \d+ «/.test(message))).toEqual([]);
  expect(same).toEqual({
    updateUnit: {
      warnings: [
        {
          code: 'NO_CHANGES',
          message: 'Registeret er allerede slik det ble bedt om; endringen blir registrert, men endrer ingenting.',
          values: [],
          field: null,
        },
      ],
    },
  });
});

it('a denial names the people to ask, as text and as data', async () => {
  const { errors } = await send(denied, 'nb', subjects.clinic);

  expect(errors).toMatchObject([
    {
      message: expect.stringMatching(
        /^Du kan ikke endre disse opplysningene om enheten: du må ha tilgang til enhet 121 «siblingClinic»/,
      ) as string,
      extensions: {
        code: 'FORBIDDEN',
        values: [{ name: 'unit', unit: { reshId: units.siblingClinic, name: 'siblingClinic' } }, { name: 'contact' }],
        contacts: [{ name: 'Name of north-region', email: 'north-region@example.org' }],
      },
    },
  ]);
});

it('viewerCan has the reason as a code, a text and values', async () => {
  const [own, none] = [await send(permission, 'nb', subjects.clinic), await send(permission, 'nb')].map(
    ({ data }) => (data as { unit: { viewerCan: { edit: { code: string; reason: string } } } }).unit.viewerCan.edit,
  );

  expect(own).toMatchObject({ allowed: false, code: 'FORBIDDEN' });
  expect(own?.reason).toContain('du må ha tilgang til enhet 121 «siblingClinic» eller en enhet over den');
  expect(none).toMatchObject({ allowed: false, code: 'UNAUTHENTICATED', values: [] });
  expect(none?.reason).toContain('Denne forespørselen krever et token.');
});

interface UserErrorWithValues {
  readonly code: string;
  readonly message: string;
  readonly values: readonly object[];
}

function readUserErrors({ data }: { data: unknown }): readonly UserErrorWithValues[] {
  return (data as { closeUnit: { userErrors: UserErrorWithValues[] } }).closeUnit.userErrors;
}

function withoutNulls(values: readonly object[] = []): object[] {
  return values.map((value) => Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null)));
}
