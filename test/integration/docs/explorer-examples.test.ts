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

it('has a handful of examples for each user group', () => {
  const count = (group: string) => examples.filter((example) => example.group === group).length;
  expect(
    ['frontend', 'analysts', 'partners', 'administrators']
      .map(count)
      .every((listPath) => listPath >= 4 && listPath <= 6),
  ).toBe(true);
});

it('has one named operation in each tab, under a comment naming its user group', () => {
  const names = examples.map(({ query }) => {
    expect(query).toMatch(/^# (Frontend|Analysts|Integration partners|Administrators): /);
    const { definitions } = parse(query);
    expect(definitions).toHaveLength(1);
    const [operation] = definitions;
    return operation?.kind === Kind.OPERATION_DEFINITION ? operation.name?.value : undefined;
  });
  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(examples.length);
});

describe('explorer examples on the demo register', () => {
  it.each(examples.map(({ group, file, query }) => [`${group}/${file}`, group, query] as const))(
    '%s returns no errors and a value in every selected field',
    async (_name, group, query) => {
      const { data, errors } = await (group === 'administrators' ? administrator : client).send({ query });
      expect(errors).toBeUndefined();
      const filledPaths = new Set(listFilledPaths(data));
      expect(listQueriedPaths(query).filter((path) => !filledPaths.has(path))).toEqual([]);
    },
  );

  it('change nothing', async () => {
    expect(await database.prisma.change.count()).toBe(2);
  });
});
