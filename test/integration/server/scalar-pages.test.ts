import { isScalarType, isSpecifiedScalarType } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { scalarPaths } from '../../../src/server/scalar-pages.ts';
import { createServer } from '../../../src/server/server.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';

const scalars = Object.values(schema.getTypeMap())
  .filter(isScalarType)
  .filter((type) => !isSpecifiedScalarType(type));

let database: Database;
let fetchPath: (path: string, method?: string) => Promise<Response>;
beforeAll(async () => {
  database = await openTestDatabase();
  const server = createServer({ database, log: pino({ level: 'silent' }) });
  fetchPath = async (path, method = 'GET') => server.fetch(new URL(path, 'http://127.0.0.1/graphql'), { method });
});
afterAll(() => database.close());

/** Returns the JSON values that a page lists after a word. */
function readValues(page: string, word: string): unknown[] {
  return JSON.parse(page.split(`\n${word}:\n\n\`\`\`json\n`)[1]?.split('```')[0] ?? '') as unknown[];
}

it('serves a page for each scalar and no others', () => {
  expect(scalars.map(({ specifiedByURL }) => specifiedByURL).sort()).toEqual([...scalarPaths].sort());
  expect(scalars.map(({ name }) => name)).toContain('ReshId');
});

describe.each(scalars.map((scalar) => [scalar.name, scalar] as const))('the page of %s', (name, scalar) => {
  it('is served as text at the address in the schema', async () => {
    const response = await fetchPath(scalar.specifiedByURL ?? '');

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect((await response.text()).split('\n')[0]).toBe(`# ${name}`);
  });

  it('lists values that are accepted and refused as it says', async () => {
    const page = await (await fetchPath(scalar.specifiedByURL ?? '')).text();
    const isAccepted = (value: unknown): boolean => {
      try {
        scalar.parseValue(value);
        return true;
      } catch {
        return false;
      }
    };

    expect(readValues(page, 'Accepted').filter((value) => !isAccepted(value))).toEqual([]);
    expect(readValues(page, 'Refused').filter(isAccepted)).toEqual([]);
  });
});

it('serves only the headers to HEAD, and refuses other methods', async () => {
  const head = await fetchPath('/docs/scalars/date', 'HEAD');
  const post = await fetchPath('/docs/scalars/date', 'POST');

  expect([head.status, await head.text()]).toEqual([200, '']);
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

it.each(['/docs/scalars/', '/docs/scalars/unknown', '/docs/time.md', '/docs/scalars/..%2Ftime'])(
  'serves no page at %s',
  async (path) => {
    expect((await fetchPath(path)).status).toBe(404);
  },
);
