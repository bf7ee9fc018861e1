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
    ['en', 'nb'].map(async (language) => (await send(openChildren, language, subjects.operator)).data),
  );

  expect([english, norwegian]).toMatchInlineSnapshot();
});

it('notes and warnings are in the language of the client', async () => {
  expect((await send(closing, 'nb', subjects.operator)).data).toMatchInlineSnapshot();
  expect((await send(unchanged, 'nb', subjects.operator)).data).toMatchInlineSnapshot();
});

it('a denial names whom to ask, as text and as data', async () => {
  expect((await send(denied, 'nb', subjects.clinic)).errors).toMatchInlineSnapshot();
});

it('viewerCan has the reason as a code, a text and values', async () => {
  const responses = [await send(permission, 'nb', subjects.clinic), await send(permission, 'nb')];

  expect(responses.map(({ data }) => data)).toMatchInlineSnapshot();
});
