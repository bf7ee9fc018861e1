import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { createStatementCounter, readStatementName } from '../../support/database/statement-counter.ts';
import { graphql } from '../../support/generated/gql.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { expectAccepted, expectRevision } from '../../support/mutations/change-assertions.ts';
import { buildWorld, mutationsAs, subjects, units, worldDay } from '../../support/world/world.ts';
import { lastYear, nextYear } from '../../support/world/days.ts';

const systemsQuery = graphql(`
  query Systems($validAt: Date, $revision: Revision) {
    register(validAt: $validAt, revision: $revision) {
      identifierSystems {
        system
        identifierCount
      }
      mappingSystems {
        systemId
        nodeCount
      }
    }
  }
`);

const nodeQuery = graphql(`
  query NodeAlone($systemId: String!, $nodeId: String!, $validAt: Date) {
    register(validAt: $validAt) {
      mappingNode(systemId: $systemId, nodeId: $nodeId) {
        name
        unit {
          reshId
        }
      }
    }
  }
`);

const her = 'urn:oid:2.16.578.1.12.4.1.2';
const payroll = 'https://payroll.example';

const counter = createStatementCounter();
let database: Database;
let client: TestClient;
let revisionBefore: number;
beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await buildWorld(database);
  client = createClient(database, { today: worldDay });
  const operator = mutationsAs(database, subjects.operator);
  const set = async (reshId: number, system: string, value: string, effectiveOn = worldDay) =>
    expectRevision(await operator.setIdentifier({ reshId, system, value, effectiveOn }));
  revisionBefore = await set(units.ward, her, '1');
  await set(units.secondWard, her, '2');
  await set(units.clinic, 'Ålesund', 'A', nextYear);
  await set(units.clinic, 'Bergen', 'B', lastYear);
  const node = { systemId: payroll, nodeId: '7', name: 'Ward 7', reshId: units.ward, effectiveOn: worldDay };
  expectAccepted(await operator.setMappingNode(node));
});
afterAll(() => database.close());

it('lists the systems of identifiers and of mapping nodes, with their numbers, at any point', async () => {
  const read = async (variables: { validAt?: string; revision?: number }) =>
    (await client.query(systemsQuery, variables)).register;

  expect(await read({})).toEqual({
    identifierSystems: [
      { system: 'Bergen', identifierCount: 1 },
      { system: her, identifierCount: 2 },
    ],
    mappingSystems: [{ systemId: payroll, nodeCount: 1 }],
  });
  expect((await read({ validAt: nextYear })).identifierSystems.map(({ system }) => system)).toEqual([
    'Bergen',
    her,
    'Ålesund',
  ]);
  expect(await read({ revision: revisionBefore })).toEqual({
    identifierSystems: [{ system: her, identifierCount: 1 }],
    mappingSystems: [],
  });
});

it('lists them in a statement each', async () => {
  const { statements } = await counter.during(() => client.query(systemsQuery, { validAt: nextYear }));

  const names = statements.map(readStatementName);
  expect(names.filter((name) => /systems/.test(name))).toEqual([
    'systems of identifiers',
    'systems with mapping nodes',
  ]);
});

it('finds a node alone, however its ids are spaced, and none on a day without it', async () => {
  const read = async (nodeId: string, validAt = worldDay) =>
    (await client.query(nodeQuery, { systemId: payroll, nodeId, validAt })).register.mappingNode;

  expect(await read('7')).toEqual({ name: 'Ward 7', unit: { reshId: units.ward } });
  expect(await read(' 7 ')).toEqual({ name: 'Ward 7', unit: { reshId: units.ward } });
  expect(await read('8')).toBeNull();
  expect(await read('7', lastYear)).toBeNull();
});
