import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import { createMutations } from '../../support/mutations/mutations.ts';
import { buildWorld, numbers, units, worldDay } from '../../support/world/world.ts';

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

const view = `fragment View on RegisterView {
  validAt
  revision
  unit(reshId: ${units.ward}) { id parent { id treatmentSite { id } } }
}`;

interface RegisterAnswer {
  readonly validAt: string;
  readonly revision: number;
  readonly unit: {
    readonly id: string;
    readonly parent: { readonly id: string; readonly treatmentSite: { readonly id: string } };
  };
}

async function queryRegister(args: string): Promise<RegisterAnswer> {
  const { data, errors } = await client.send({ query: `{ register${args} { ...View } } ${view}` });
  expect(errors).toBeUndefined();
  return (data as { register: RegisterAnswer }).register;
}

interface ChildPage {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
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
    const { id: siteId } = unit.parent.treatmentSite;
    expect(decode(siteId)).toBe(`TreatmentSite:${numbers.site}${fillIn(ending)}`);
    const site = await client.send({
      query: `{ node(id: "${siteId}") { id ... on TreatmentSite { organizationNumber } } }`,
    });
    expect(site.data).toEqual({ node: { id: siteId, organizationNumber: numbers.site } });
  });

  it.each([
    ['none', '', ''],
    ['a day', `(validAt: "${worldDay}")`, `@@${worldDay}`],
    ['a revision', '(revision: 1)', '@1'],
    ['a day and a revision', `(validAt: "${worldDay}", revision: 1)`, `@1@${worldDay}`],
  ])('are in ids of every page as in those of the first: %s', async (_what, args, ending) => {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const page = `first: 1, after: ${JSON.stringify(after)}`;
      const { data, errors } = await client.send({
        query: `{ register${args} { unit(reshId: ${units.north}) { children(${page}) {
          nodes { id } pageInfo { hasNextPage endCursor }
        } } } }`,
      });
      expect(errors).toBeUndefined();
      const { children } = (data as { register: { unit: { children: ChildPage } } }).register.unit;
      ids.push(...children.nodes.map(({ id }) => decode(id)));
      after = children.pageInfo.hasNextPage ? children.pageInfo.endCursor : null;
    } while (after !== null);

    expect(ids.length).toBeGreaterThan(1);
    expect(ids.map((id) => id.replace(/^Unit:\d+/, ''))).toEqual(ids.map(() => ending));
  });

  it.each([
    ['none', '', 'Register:0'],
    ['a day', '(validAt: "2020-01-01")', 'Register:0@@2020-01-01'],
    ['a revision', '(revision: 1)', 'Register:0@1'],
    ['a day and a revision', '(validAt: "2020-01-01", revision: 1)', 'Register:0@1@2020-01-01'],
  ])('are in the id of the register, from which node returns it: %s', async (_what, args, content) => {
    const fields = `id __typename ... on RegisterView { ...View }`;
    const { data } = await client.send({ query: `{ register${args} { ${fields} } } ${view}` });
    const { register } = data as { register: { id: string } };

    const again = await client.send({ query: `{ node(id: "${register.id}") { ${fields} } } ${view}` });

    expect(decode(register.id)).toBe(content);
    expect([again.data, again.errors]).toEqual([{ node: register }, undefined]);
  });

  it('in an id of the register that it did not issue are refused, and future revisions are null', async () => {
    const node = async (content: string) => {
      const id = Buffer.from(content).toString('base64');
      const { data, errors } = await client.send({ query: `{ node(id: "${id}") { __typename } }` });
      return errors?.[0]?.extensions?.['code'] ?? (data as { node: unknown }).node;
    };

    expect(await node('Register:1')).toBe('BAD_ID');
    expect(await node('Register:0@@2020-01-01@2019-01-01')).toBe('BAD_ID');
    expect(await node(`Register:0@${newest + 1}`)).toBeNull();
  });

  it('of the register are those of everything that is seen from it', async () => {
    const { data, errors } = await client.send({
      query: `query Seen($items: [UnitAtInput!]!) {
        register(validAt: "2020-01-01", revision: 1) {
          placements(items: [{ reshId: ${units.ward} }, { reshId: ${units.ward}, validAt: "2021-01-01" }]) {
            validAt unit { id }
          }
          translateUnits(items: $items) { validAt units { id } }
          changePoints(from: "2019-12-31", to: "2020-01-02")
          codeSet(number: 8451) { codes(validAt: "2020-01-01") { isActive } }
        }
      }`,
      variables: { items: [{ reshId: units.ward, validAt: '2021-01-01' }] },
    });

    expect(errors).toBeUndefined();
    const { register } = data as {
      register: {
        placements: { validAt: string; unit: { id: string } }[];
        translateUnits: { validAt: string; units: { id: string }[] }[];
        codeSet: { codes: { isActive: boolean }[] };
      };
    };
    const shown = `Unit:${units.ward}@1@2020-01-01`;
    expect(register.placements.map(({ validAt, unit }) => [validAt, decode(unit.id)])).toEqual([
      ['2020-01-01', shown],
      ['2021-01-01', `Unit:${units.ward}@1@2021-01-01`],
    ]);
    expect(register.translateUnits.map(({ validAt, units: [unit] }) => [validAt, decode(unit?.id ?? '')])).toEqual([
      ['2021-01-01', shown],
    ]);
    expect(register.codeSet.codes.every(({ isActive }) => isActive)).toBe(true);
    expect(register.codeSet.codes).not.toEqual([]);
  });

  it('are in no id of Query, which answers a fragment on RegisterView as Register does without arguments', async () => {
    const { data } = await client.send({ query: `{ ...View } ${view}` });

    expect(data).toEqual(await queryRegister(''));
  });

  it('of a closed unit name a day: its live id is null', async () => {
    const operator = createMutations(createClient(database, { today: worldDay, as: 'operator' }));
    expectAccepted(await operator.closeUnit({ reshId: units.secondWard, effectiveOn: '2015-01-01' }));
    const readNode = async (content: string) => {
      const id = Buffer.from(content).toString('base64');
      return (await client.send({ query: `{ node(id: "${id}") { ... on Unit { reshId seenOn } } }` })).data;
    };

    expect(await readNode(`Unit:${units.secondWard}`)).toEqual({ node: null });
    expect(await readNode(`Unit:${units.secondWard}@@2014-12-31`)).toEqual({
      node: { reshId: units.secondWard, seenOn: '2014-12-31' },
    });
  });

  it('of a payload are the day of the change unless it is today, of a repeated one the revision too', async () => {
    const operator = createClient(database, { today: worldDay, as: 'operator' });
    const rename = async (reshId: number, shortName: string, rest: object = {}) => {
      const { data } = await operator.send({
        query:
          'mutation ($input: UpdateUnitInput!) ' +
          '{ updateUnit(input: $input) { change { revision } unit { id shortName } } }',
        variables: { input: { reshId, shortName, ...rest } },
      });
      const { updateUnit } = data as {
        updateUnit: { change: { revision: number }; unit: { id: string; shortName: string } };
      };
      return {
        revision: updateUnit.change.revision,
        id: decode(updateUnit.unit.id),
        shortName: updateUnit.unit.shortName,
      };
    };
    const names = ['one', 'two', 'three', 'four'];

    const together = await Promise.all(
      names.map((name, index) => rename(index % 2 === 0 ? units.ward : units.north, name, { idempotencyKey: name })),
    );
    expect(together.map(({ id }) => id)).toEqual(
      names.map((_name, index) => `Unit:${index % 2 === 0 ? units.ward : units.north}`),
    );
    expect((await rename(units.ward, 'planned', { effectiveOn: '2999-01-01' })).id).toBe(
      `Unit:${units.ward}@@2999-01-01`,
    );
    const [first] = together;
    expect(await rename(units.ward, 'one', { idempotencyKey: 'one' })).toEqual({
      revision: first?.revision,
      id: `Unit:${units.ward}@${first?.revision}@${worldDay}`,
      shortName: 'one',
    });
  });
});
