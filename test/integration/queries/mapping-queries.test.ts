import { beforeAll, describe, expect, it } from 'vitest';
import { expectAccepted, expectRevision } from '../../support/mutations/change-assertions.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear } from '../../support/world/days.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { graphql } from '../../support/generated/gql.ts';
import { createStatementCounter, readStatementName } from '../../support/database/statement-counter.ts';
import { mutationsAs, buildWorld, subjects, units, worldDay } from '../../support/world/world.ts';

const systemId = 'https://payroll.example';

const unitNodesQuery = graphql(`
  query NodesOfUnit($reshId: ReshId!, $day: Date, $revision: Revision, $knownAt: DateTime) {
    register(validAt: $day, revision: $revision, knownAt: $knownAt) {
      unit(reshId: $reshId, includeClosed: true) {
        isActive
        mappingNodes {
          systemId
          nodeId
          name
          parent {
            name
            unit {
              id
              name
            }
          }
          children {
            nodeId
          }
          unit {
            reshId
            seenOn
          }
        }
      }
    }
  }
`);

const treeAtSnapshotQuery = graphql(`
  query TreeOfDay($systemId: String!, $day: Date, $revision: Revision) {
    register(validAt: $day, revision: $revision) {
      mappingRoots(systemId: $systemId) {
        ...NodeOfDay
        descendants {
          ...NodeOfDay
        }
      }
    }
  }

  fragment NodeOfDay on MappingNode {
    nodeId
    name
    parent {
      name
    }
    children {
      name
    }
    unit {
      reshId
    }
  }
`);

const currentTreeQuery = graphql(`
  query TreeOfSystem($systemId: String!) {
    mappingRoots(systemId: $systemId) {
      ...CurrentNode
      descendants {
        ...CurrentNode
      }
    }
  }

  fragment CurrentNode on MappingNode {
    nodeId
    name
    parent {
      nodeId
    }
    children {
      nodeId
    }
    unit {
      id
      name
      isActive
      mappingNodes {
        nodeId
      }
    }
  }
`);

/** Returns the nodes of a tree: each at the top, followed by those under it. */
function listNodes<Node>(roots: readonly (Node & { readonly descendants: readonly Node[] })[]): Node[] {
  return roots.flatMap(({ descendants, ...root }) => [root as Node, ...descendants]);
}

describe('mapping tree', () => {
  const world = useChangingWorld();
  let client: TestClient;
  const setNode = (input: object) => world.as('operator').setMappingNode({ systemId, nodeId: '', ...input });
  const readUnitNodes = async (reshId: number, snapshot: { day?: string; revision?: number; knownAt?: string }) =>
    (await client.query(unitNodesQuery, { reshId, ...snapshot })).register.unit;
  beforeAll(async () => {
    client = createClient(world.database, { today: worldDay });
    expectAccepted(await setNode({ nodeId: '1', name: 'Øvre', reshId: units.northTrust, effectiveOn: '2021-01-01' }));
    expectAccepted(
      await setNode({
        nodeId: '1.2',
        name: 'Ålesund',
        parentNodeId: '1',
        reshId: homeClinic,
        effectiveOn: '2021-01-01',
      }),
    );
    expectAccepted(await setNode({ nodeId: '1.1', name: 'Zebra', parentNodeId: '1', effectiveOn: '2021-01-01' }));
  });

  it('contains the current nodes, sorted in Norwegian order, and is empty for an unknown system', async () => {
    const readCurrentNodes = async (system: string) =>
      listNodes((await client.query(currentTreeQuery, { systemId: system })).mappingRoots);
    const nodes = await readCurrentNodes(systemId);
    expect(nodes).toEqual([
      {
        nodeId: '1',
        name: 'Øvre',
        parent: null,
        children: [{ nodeId: '1.1' }, { nodeId: '1.2' }],
        unit: {
          id: nodes[0]?.unit?.id,
          name: 'northTrust',
          isActive: true,
          mappingNodes: [{ nodeId: '1' }],
        },
      },
      { nodeId: '1.1', name: 'Zebra', parent: { nodeId: '1' }, children: [], unit: null },
      {
        nodeId: '1.2',
        name: 'Ålesund',
        parent: { nodeId: '1' },
        children: [],
        unit: { id: nodes[2]?.unit?.id, name: 'secondClinic', isActive: true, mappingNodes: [{ nodeId: '1.2' }] },
      },
    ]);
    // The current view of a unit has the plain id, as everywhere.
    expect(Buffer.from(nodes[2]?.unit?.id ?? '', 'base64').toString()).toBe(`Unit:${homeClinic}`);
    expect(await readCurrentNodes('https://unknown.example')).toEqual([]);
  });

  it('follows the day and revision of the unit it is read from, at every level', async () => {
    const readRevision = await world.readNewestRevision();
    const { recordedAt } = await world.database.prisma.change.findUniqueOrThrow({ where: { revision: readRevision } });
    expectAccepted(await setNode({ nodeId: '1', name: 'Upper', effectiveOn: lastYear }));
    expectAccepted(await setNode({ nodeId: '1.2', reshId: units.ward, effectiveOn: nextYear }));

    const node = {
      systemId,
      nodeId: '1.2',
      name: 'Ålesund',
      children: [],
      unit: { reshId: homeClinic, seenOn: '2026-11-22' },
    };
    const parentNode = (name: string) => ({
      name,
      unit: { id: expect.any(String) as string, name: 'northTrust' },
    });

    expect((await readUnitNodes(homeClinic, { day: '2026-11-22' }))?.mappingNodes).toEqual([
      { ...node, parent: parentNode('Upper') },
    ]);
    expect((await readUnitNodes(homeClinic, { day: '2026-11-22', revision: readRevision }))?.mappingNodes).toEqual([
      { ...node, parent: parentNode('Øvre') },
    ]);
    expect(
      (await readUnitNodes(homeClinic, { day: '2026-11-22', knownAt: recordedAt.toISOString() }))?.mappingNodes[0]
        ?.parent?.name,
    ).toBe('Øvre');
    expect((await readUnitNodes(homeClinic, { day: '2020-12-31' }))?.mappingNodes).toEqual([]);
    expect((await readUnitNodes(homeClinic, { day: nextYear }))?.mappingNodes).toEqual([]);
    expect((await readUnitNodes(units.ward, { day: nextYear }))?.mappingNodes).toEqual([
      { ...node, parent: parentNode('Upper'), unit: { reshId: units.ward, seenOn: nextYear } },
    ]);
    expect((await readUnitNodes(units.ward, { day: nextYear, revision: readRevision }))?.mappingNodes).toEqual([]);

    const id =
      (await readUnitNodes(homeClinic, { day: '2026-11-22', revision: readRevision }))?.mappingNodes[0]?.parent?.unit
        ?.id ?? '';
    expect(Buffer.from(id, 'base64').toString()).toBe(`Unit:${units.northTrust}@${readRevision}@2026-11-22`);
  });

  it('contains all nodes of a past day, a future day and an earlier revision', async () => {
    const ownSystem = { systemId: 'https://accounts.example' };
    expectAccepted(await setNode({ ...ownSystem, nodeId: 'a', name: 'All', effectiveOn: '2021-01-01' }));
    const known = expectRevision(
      await setNode({
        ...ownSystem,
        nodeId: 'b',
        name: 'Part',
        parentNodeId: 'a',
        reshId: homeClinic,
        effectiveOn: lastYear,
      }),
    );
    expectAccepted(await setNode({ ...ownSystem, nodeId: 'a', name: 'Everything', effectiveOn: nextYear }));
    const readTree = async (day: string, revision?: number) =>
      listNodes(
        (await client.query(treeAtSnapshotQuery, { ...ownSystem, day, revision: revision ?? null })).register
          .mappingRoots,
      );

    const childNode = (parent: string) => ({
      nodeId: 'b',
      name: 'Part',
      parent: { name: parent },
      children: [],
      unit: { reshId: homeClinic },
    });
    const rootNode = (name: string, children = [{ name: 'Part' }]) => ({
      nodeId: 'a',
      name,
      parent: null,
      children,
      unit: null,
    });

    expect(await readTree('2020-12-31')).toEqual([]);
    expect(await readTree('2021-01-01')).toEqual([rootNode('All', [])]);
    expect(await readTree(lastYear)).toEqual([rootNode('All'), childNode('All')]);
    expect(await readTree(nextYear)).toEqual([rootNode('Everything'), childNode('Everything')]);
    expect(await readTree(nextYear, known)).toEqual([rootNode('All'), childNode('All')]);
  });

  it('shows a closed unit as on its last day, with its nodes of that day', async () => {
    const reshId = await world.department('Closing', homeClinic);
    expectAccepted(await setNode({ nodeId: '2', name: 'Two', reshId, effectiveOn: lastYear }));
    expectAccepted(await world.as('operator').closeUnit({ reshId }));
    expectAccepted(await setNode({ nodeId: '2', name: 'Orphan' }));

    expect(
      (await client.query(currentTreeQuery, { systemId })).mappingRoots.find(({ nodeId }) => nodeId === '2'),
    ).toMatchObject({
      name: 'Orphan',
      unit: { name: 'Closing', isActive: false, mappingNodes: [{ nodeId: '2' }] },
    });
    expect(await readUnitNodes(reshId, { day: worldDay })).toMatchObject({
      isActive: false,
      mappingNodes: [{ name: 'Two', unit: { reshId, seenOn: '2026-11-22' } }],
    });
  });
});

it('has ids that return a node as it was shown, whatever its keys contain', async () => {
  const database = await openTestDatabase();
  await buildWorld(database);
  const operator = mutationsAs(database, subjects.operator);
  const key = { systemId: 'a/b@c:d %é', nodeId: '1@2/3%' };
  expectAccepted(await operator.setMappingNode({ ...key, name: 'Before' }));
  const revision = (await database.newestRevision()).revision;
  expectAccepted(await operator.setMappingNode({ ...key, name: 'Planned', effectiveOn: nextYear }));
  expectAccepted(await operator.setMappingNode({ ...key, name: 'Now' }));
  const client = createClient(database, { today: worldDay });
  const send = async (query: string) => {
    const { data, errors } = await client.send({ query, variables: undefined });
    return { data: data as Record<string, { mappingNode: { id: string } } & { id: string }>, errors };
  };
  const literal = `systemId: ${JSON.stringify(key.systemId)}, nodeId: ${JSON.stringify(key.nodeId)}`;

  for (const [args, name] of [
    ['', 'Now'],
    [`(validAt: "${nextYear}")`, 'Planned'],
    [`(revision: ${revision})`, 'Before'],
    [`(revision: ${revision}, validAt: "${nextYear}")`, 'Before'],
  ]) {
    const { data } = await send(
      `{ register${args} { mappingNode(${literal}) { __typename id systemId nodeId name } } }`,
    );
    const shown = data['register']?.mappingNode;
    expect(shown).toEqual({ __typename: 'MappingNode', id: expect.any(String) as string, ...key, name });
    const read = await send(
      `{ node(id: "${shown?.id}") { __typename id ... on MappingNode { systemId nodeId name } } }`,
    );
    expect(read.data['node']).toEqual(shown);
  }
  for (const content of ['MappingNode:a', 'MappingNode:a/b/c', 'MappingNode:%/b', 'MappingNode:a/b@x']) {
    const { errors } = await send(`{ node(id: "${Buffer.from(content).toString('base64')}") { id } }`);
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['BAD_ID']);
  }
  const unknown = Buffer.from('MappingNode:a/b').toString('base64');
  expect((await send(`{ node(id: "${unknown}") { id } }`)).data).toEqual({ node: null });
  await database.close();
});

it('reads many nodes in as many statements as few', async () => {
  const counter = createStatementCounter();
  const database = await openTestDatabase({ observe: counter.observe });
  await buildWorld(database);
  const operator = mutationsAs(database, subjects.operator);
  const client = createClient(database, { today: worldDay });
  const statements = async () =>
    (await counter.during(() => client.query(currentTreeQuery, { systemId }))).statements.map(readStatementName).sort();
  const addNodes = async (from: number, to: number) => {
    for (let n = from; n < to; n += 1)
      expectAccepted(
        await operator.setMappingNode({
          systemId,
          nodeId: String(n),
          name: `Node ${n}`,
          parentNodeId: n === 0 ? null : String(Math.floor((n - 1) / 3)),
          reshId: Object.values(units)[n % Object.values(units).length],
        }),
      );
  };
  await addNodes(0, 4);
  const statementsOfFew = await statements();
  await addNodes(4, 24);

  expect(await statements()).toEqual(statementsOfFew);
  // Once for the nodes at the top, and once for those under them.
  expect(statementsOfFew).toEqual([
    'children of mapping nodes',
    'children of mapping nodes',
    'mapping nodes',
    'mapping nodes of systems',
    'mapping nodes of units',
    'mapping nodes of units',
    'newest revision',
    'units by RESH-id',
    'units by RESH-id',
  ]);

  await database.close();
});
