import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { graphql } from '../../support/generated/gql.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import { buildWorld, mutationsAs, subjects, units, worldDay } from '../../support/world/world.ts';

const unitQuery = graphql(`
  query UnitByNormalizedIdentifier($system: String!, $value: String!) {
    unitByIdentifier(system: $system, value: $value) {
      reshId
    }
  }
`);

const rootsQuery = graphql(`
  query RootsOfNormalizedSystem($systemId: String!) {
    mappingRoots(systemId: $systemId) {
      nodeId
    }
  }
`);

let database: Database;
let client: TestClient;
beforeAll(async () => {
  database = await openTestDatabase();
  await buildWorld(database);
  client = createClient(database, { today: worldDay });
  const operator = mutationsAs(database, subjects.operator);
  expectAccepted(await operator.setIdentifier({ reshId: units.ward, system: 'urn:x:\u00e5', value: '\u00c5 1' }));
  const node = { systemId: 'Kj\u00f8p \u00e5', nodeId: '1', name: 'Node', reshId: units.ward };
  expectAccepted(await operator.setMappingNode(node));
});
afterAll(() => database.close());

it.each([
  ['as stored', 'urn:x:\u00e5', '\u00c5 1'],
  ['with combining characters', 'urn:x:a\u030a', 'A\u030a 1'],
  ['with other spaces', ' urn:x:\u00e5 ', '\u00c5\u00a0 1 '],
])('finds a unit by an identifier that is written %s', async (_how, system, value) => {
  expect(await client.query(unitQuery, { system, value })).toEqual({ unitByIdentifier: { reshId: units.ward } });
});

it('finds no unit by an identifier that no unit has, however it is written', async () => {
  expect(await client.query(unitQuery, { system: 'urn:x:a\u030a', value: 'A\u030a 2' })).toEqual({
    unitByIdentifier: null,
  });
});

it.each([
  ['as stored', 'Kj\u00f8p \u00e5'],
  ['with combining characters', 'Kj\u00f8p a\u030a'],
  ['with other spaces', ' Kj\u00f8p\u00a0 \u00e5'],
])('finds the nodes of a system that is written %s', async (_how, systemId) => {
  expect(await client.query(rootsQuery, { systemId })).toEqual({ mappingRoots: [{ nodeId: '1' }] });
});
