import { readFile } from 'node:fs/promises';
import { Kind, parse, visit } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples } from '../../../src/explorer/examples.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { demoDay, openDemoRegister } from '../../support/registers/demo-register.ts';

let database: Database;
// Sends no token, like any reader; administrators need one.
let client: TestClient;
let administrator: TestClient;

beforeAll(async () => {
  database = await openDemoRegister();
  client = createClient(database, { today: demoDay });
  administrator = createClient(database, { today: demoDay, as: 'trust-admin' });
});

afterAll(() => database.close());

// Fields that may be empty, with everything in them: ends of open periods, user errors and warnings.
const mayBeEmpty = new Set(['to', 'userErrors', 'warnings']);

/** Returns the fields of an operation as paths of response keys. */
function listQueriedPaths(query: string): string[] {
  const ancestors: string[] = [];
  const paths: string[] = [];
  visit(parse(query), {
    Field: {
      enter: (field) => {
        if (mayBeEmpty.has(field.name.value)) return false;
        ancestors.push(field.alias?.value ?? field.name.value);
        paths.push(ancestors.join('.'));
        return undefined;
      },
      leave: () => void ancestors.pop(),
    },
  });
  return paths;
}

/** Returns the paths at which a response has a value in at least one place. */
function listFilledPaths(value: unknown, path: readonly string[] = []): string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item) => listFilledPaths(item, path));
  const nested =
    typeof value === 'object'
      ? Object.entries(value).flatMap(([key, item]) => listFilledPaths(item, [...path, key]))
      : [];
  return [path.join('.'), ...nested];
}

const groupTitles: Readonly<Record<string, string>> = {
  'org-charts': 'Frontend teams',
  analysis: 'Analysts',
  integration: 'Integration partners',
  administration: 'Administrators',
};

it('names the user groups as docs/reading.md does, which leaves administrators to their own page', async () => {
  const text = await readFile(new URL('../../../docs/reading.md', import.meta.url), 'utf8');
  const headings = [...text.matchAll(/^## ([^:\n]+):/gm)].map(([, name]) => name);

  expect([...headings, 'Administrators']).toEqual(Object.values(groupTitles));
});

it('has at most twelve examples, a few for each user group, group by group', () => {
  const groups = examples.map(({ group }) => group);

  expect(examples.length).toBeLessThanOrEqual(12);
  expect([...new Set(groups)]).toEqual(Object.keys(groupTitles));
  expect(groups).toEqual(Object.keys(groupTitles).flatMap((title) => groups.filter((group) => group === title)));
  expect(Object.keys(groupTitles).filter((title) => groups.filter((group) => group === title).length < 2)).toEqual([]);
});

it('names each tab by the sentence in the first line, after its user group', () => {
  for (const { group, query } of examples) {
    const [, title, sentence = ''] = /^# ([A-Z][a-z ]+): ([a-z][\w ]+)\.\n/.exec(query) ?? [];
    const words = sentence.split(' ').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    const operations = parse(query).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? [definition.name?.value] : [],
    );

    expect(title).toBe(groupTitles[group]);
    expect(words.length).toBeGreaterThan(3);
    expect(operations).toEqual([words.join('')]);
  }
});

describe('explorer examples on the demo register', () => {
  it.each(examples.map(({ group, file, query }) => [`${group}/${file}`, group, query] as const))(
    '%s returns no errors and a value in every selected field',
    async (_name, group, query) => {
      const { data, errors } = await (group === 'administration' ? administrator : client).send({ query });
      expect(errors).toBeUndefined();
      const filledPaths = new Set(listFilledPaths(data));
      expect(listQueriedPaths(query).filter((path) => !filledPaths.has(path))).toEqual([]);
    },
  );

  it('change nothing', async () => {
    expect(await database.prisma.change.count()).toBe(2);
  });
});
