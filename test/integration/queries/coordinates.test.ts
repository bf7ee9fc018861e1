import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { buildWorld, units, worldDay } from '../../support/world/world.ts';

let database: Database;
let client: TestClient;
let newest: number;
beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
  client = createClient(database, { today: worldDay });
  newest = (await database.newestRevision()).revision;
});
afterAll(() => database.close());

const view = `fragment View on RegisterView { validAt revision unit(reshId: ${units.ward}) { id parent { id } } }`;

interface RegisterAnswer {
  readonly validAt: string;
  readonly revision: number;
  readonly unit: { readonly id: string; readonly parent: { readonly id: string } };
}

async function queryRegister(args: string): Promise<RegisterAnswer> {
  const { data, errors } = await client.send({ query: `{ register${args} { ...View } } ${view}` });
  expect(errors).toBeUndefined();
  return (data as { register: RegisterAnswer }).register;
}

function decode(id: string): string {
  return Buffer.from(id, 'base64').toString('utf8');
}

describe('coordinates', () => {
  it.each([
    ['none', '', ''],
    ['null', '(validAt: null, revision: null, knownAt: null)', ''],
    ['today', `(validAt: "${worldDay}")`, `@@${worldDay}`],
    ['a revision', '(revision: $newest)', '@$newest'],
    ['an instant', '(knownAt: "$recordedAt")', '@$newest'],
    ['a day and a revision', `(validAt: "${worldDay}", revision: $newest)`, `@$newest@${worldDay}`],
  ])('are in ids as the request names them: %s', async (_what, args, ending) => {
    const { data } = await client.send({ query: '{ knownAt }' });
    const recordedAt = (data as { knownAt: string }).knownAt;
    const fillIn = (text: string) => text.replace('$newest', String(newest)).replace('$recordedAt', recordedAt);

    const { validAt, revision, unit } = await queryRegister(fillIn(args));

    expect({ validAt, revision }).toEqual({ validAt: worldDay, revision: newest });
    expect(decode(unit.id)).toBe(`Unit:${units.ward}${fillIn(ending)}`);
    expect(decode(unit.parent.id)).toBe(`Unit:${units.clinic}${fillIn(ending)}`);
  });

  it('are in no id of Query, which answers a fragment on RegisterView as Register does without arguments', async () => {
    const { data } = await client.send({ query: `{ ...View } ${view}` });

    expect(data).toEqual(await queryRegister(''));
  });
});
