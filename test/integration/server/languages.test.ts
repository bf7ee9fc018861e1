import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { startHttpServer, type ListeningServer } from '../../support/http/http-server.ts';
import { buildWorld, units, worldDay } from '../../support/world/world.ts';

const texts = {
  headerInvalid: {
    en: 'The Authorization header is not "Bearer TOKEN": send a token in that form, or omit the header.',
    nb: 'Headeren Authorization er ikke «Bearer TOKEN»: send et token på den formen, eller utelat headeren.',
  },
  tokenInvalid: { en: 'The token is not a signed JWT.', nb: 'Tokenet er ikke et signert JWT.' },
  tokenMissing: {
    en: 'Reading requires a token here: send it as "Authorization: Bearer TOKEN".',
    nb: 'Her kreves det et token for å lese: send det som «Authorization: Bearer TOKEN».',
  },
  permission: {
    en: 'This request needs a token. Send it as "Authorization: Bearer ...".',
    nb: 'Denne forespørselen krever et token. Send det som «Authorization: Bearer ...».',
  },
} as const;
const languages = ['en', 'nb'] as const;

let database: Database;
let open: ListeningServer;
let closed: ListeningServer;
beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
  open = await startHttpServer(database, { today: () => worldDay, responseCacheBytes: 1_000_000 });
  closed = await startHttpServer(database, { today: () => worldDay, readAccess: 'token' });
});
afterAll(async () => {
  await open.close();
  await closed.close();
  await database.close();
});

async function get(url: string, language: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers: { 'accept-language': language, ...headers } });
  return {
    status: response.status,
    language: response.headers.get('content-language'),
    vary: response.headers.get('vary')?.split(', ') ?? [],
    etag: response.headers.get('etag'),
    cacheControl: response.headers.get('cache-control'),
    text: await response.text(),
  };
}

describe('messages about tokens', () => {
  it.each(languages)('are in the language of the client, which the response names: %s', async (language) => {
    const url = `${open.url}?query={revision}`;
    const answers = await Promise.all([
      get(url, language, { authorization: 'Basic a2FyaTpwdw==' }),
      get(url, language, { authorization: 'Bearer abc' }),
      get(`${closed.url}?query={revision}`, language),
      get(closed.url.replace('/graphql', '/extracts/units.csv'), language),
    ]);

    expect(
      answers.map(({ text }) => (JSON.parse(text) as { errors: { message: string }[] }).errors[0]?.message),
    ).toEqual(
      [texts.headerInvalid, texts.tokenInvalid, texts.tokenMissing, texts.tokenMissing].map((text) => text[language]),
    );
    for (const { status, language: named, vary } of answers) {
      expect({ status, named }).toEqual({ status: 401, named: language });
      expect(vary).toContain('Accept-Language');
    }
  });
});

describe('an answer by GET', () => {
  it('of the executor names its language, varies by it and is not reused unasked', async () => {
    const query = encodeURIComponent(`{ unit(reshId: ${units.clinic}) { viewerCan { edit { reason } } } }`);
    for (const language of ['nb', 'en', 'nb'] as const) {
      const answer = await get(`${open.url}?query=${query}`, language);

      expect(JSON.parse(answer.text)).toEqual({
        data: { unit: { viewerCan: { edit: { reason: texts.permission[language] } } } },
      });
      expect(answer).toMatchObject({ status: 200, language, cacheControl: 'no-cache', etag: null });
      expect(answer.vary).toContain('Accept-Language');
    }
  });

  it('from memory has no message, and is the same in every language', async () => {
    const { revision } = await database.newestRevision();
    const query = `{register(validAt:"${worldDay}",revision:${revision}){unit(reshId:${units.clinic}){name}}}`;
    const url = `${open.url}?query=${encodeURIComponent(query)}`;
    const norwegian = await vi.waitFor(async () => {
      const answer = await get(url, 'nb');
      expect(answer.etag).not.toBeNull();
      return answer;
    });
    const english = await get(url, 'en');

    expect(norwegian).toMatchObject({
      status: 200,
      language: null,
      cacheControl: 'public, max-age=31536000, immutable',
    });
    expect(english).toEqual(norwegian);
    expect(english.vary).not.toContain('Accept-Language');
  });
});
