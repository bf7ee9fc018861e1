import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { createClient, type TestClient } from '../support/client.ts';
import { demoDay, openDemoRegister } from '../support/demo-register.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(`${root}docs`)
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** The operations that a page shows, each with its answer where the page shows one right after it. */
const examplesIn = (page: string): { name: string; query: string; answer: string | undefined }[] =>
  [...readFileSync(root + page, 'utf8').matchAll(/^```graphql\n(.*?)^```\n(?:\n```json\n(.*?)^```\n)?/gms)].map(
    ([, query = '', answer], index) => ({ name: `${page}, example ${index + 1}`, query, answer }),
  );

const examples = pages.flatMap(examplesIn);

let database: Database;
let client: TestClient;

beforeAll(async () => {
  database = await openDemoRegister();
  client = createClient(database, { today: demoDay });
});

afterAll(() => database.close());

it('finds the examples of the README and of each user group', () => {
  expect(examplesIn('README.md').filter(({ answer }) => answer !== undefined)).toHaveLength(2);
  expect(examplesIn('docs/reading.md').filter(({ answer }) => answer !== undefined).length).toBeGreaterThanOrEqual(8);
});

describe('what the documents show is what the demo register answers', () => {
  it.each(examples)('$name', async ({ query, answer }) => {
    const { data, errors } = await client.send({ query });
    expect(errors).toBeUndefined();
    if (answer !== undefined) expect({ data }).toEqual(JSON.parse(answer));
  });
});

it('says each setting of the environment in .env.example and in the README', () => {
  const settings = [...readFileSync(`${root}src/config.ts`, 'utf8').matchAll(/^ {2}([A-Z_]+): z\./gm)].map(
    ([, name]) => name,
  );
  expect(settings.length).toBeGreaterThan(4);
  for (const page of ['.env.example', 'README.md'])
    expect(settings.filter((name) => !readFileSync(root + page, 'utf8').includes(String(name)))).toEqual([]);
});
