import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  home,
  lastYear,
  made,
  nextYear,
  openChangingWorld,
  revisionOf,
  type ChangingWorld,
} from '../support/changing-world.ts';
import { createClient, type TestClient } from '../support/client.ts';
import { countStatements } from '../support/counting.ts';
import { openTestDatabase } from '../support/database.ts';
import { graphql } from '../support/generated/gql.ts';
import { actor, buildWorld, subjects, units, worldDay } from '../support/world.ts';

const systemId = 'https://payroll.example';

const nodesOfUnit = graphql(`
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

const treeOfDay = graphql(`
  query TreeOfDay($systemId: String!, $day: Date, $revision: Revision) {
    register(validAt: $day, revision: $revision) {
      mapping(systemId: $systemId) {
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
    }
  }
`);

const tree = graphql(`
  query TreeOfSystem($systemId: String!) {
    mapping(systemId: $systemId) {
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
  }
`);

describe('the tree of another system', () => {
  let world: ChangingWorld;
  let client: TestClient;
  const set = (input: object) => world.as('operator').setMappingNode({ systemId, nodeId: '', ...input });
  const seen = async (reshId: number, at: { day?: string; revision?: number; knownAt?: string }) =>
    (await client.ask(nodesOfUnit, { reshId, ...at })).register.unit;
  beforeAll(async () => {
    world = await openChangingWorld();
    client = createClient(world.database, { today: worldDay });
    made(await set({ nodeId: '1', name: 'Øvre', reshId: units.northTrust, effectiveOn: '2021-01-01' }));
    made(await set({ nodeId: '1.2', name: 'Ålesund', parentNodeId: '1', reshId: home, effectiveOn: '2021-01-01' }));
    made(await set({ nodeId: '1.1', name: 'Zebra', parentNodeId: '1', effectiveOn: '2021-01-01' }));
  });
  afterAll(() => world.close());

  it('is there as it is today, all of it, by name in Norwegian order; nothing of an unknown system', async () => {
    const { mapping } = await client.ask(tree, { systemId });
    expect(mapping).toEqual([
      { nodeId: '1.1', name: 'Zebra', parent: { nodeId: '1' }, children: [], unit: null },
      {
        nodeId: '1',
        name: 'Øvre',
        parent: null,
        children: [{ nodeId: '1.1' }, { nodeId: '1.2' }],
        unit: {
          id: mapping[1]?.unit?.id,
          name: 'northTrust',
          isActive: true,
          mappingNodes: [{ nodeId: '1' }],
        },
      },
      {
        nodeId: '1.2',
        name: 'Ålesund',
        parent: { nodeId: '1' },
        children: [],
        unit: { id: mapping[2]?.unit?.id, name: 'secondClinic', isActive: true, mappingNodes: [{ nodeId: '1.2' }] },
      },
    ]);
    // Today's unit has its plain id, as everywhere.
    expect(Buffer.from(mapping[2]?.unit?.id ?? '', 'base64').toString()).toBe(`Unit:${home}`);
    expect((await client.ask(tree, { systemId: 'https://unknown.example' })).mapping).toEqual([]);
  });

  it('is seen from a unit on the day and by the knowledge that the unit is seen with, all the way', async () => {
    const read = await world.newest();
    const { recordedAt } = await world.database.prisma.change.findUniqueOrThrow({ where: { revision: read } });
    made(await set({ nodeId: '1', name: 'Upper', effectiveOn: lastYear }));
    made(await set({ nodeId: '1.2', reshId: units.ward, effectiveOn: nextYear }));

    const node = {
      ...{ systemId, nodeId: '1.2', name: 'Ålesund', children: [] },
      unit: { reshId: home, seenOn: '2026-11-22' },
    };
    const upper = (name: string) => ({
      name,
      unit: { id: expect.any(String) as string, name: 'northTrust' },
    });
    expect((await seen(home, { day: '2026-11-22' }))?.mappingNodes).toEqual([{ ...node, parent: upper('Upper') }]);
    expect((await seen(home, { day: '2026-11-22', revision: read }))?.mappingNodes).toEqual([
      { ...node, parent: upper('Øvre') },
    ]);
    expect(
      (await seen(home, { day: '2026-11-22', knownAt: recordedAt.toISOString() }))?.mappingNodes[0]?.parent?.name,
    ).toBe('Øvre');
    expect((await seen(home, { day: '2020-12-31' }))?.mappingNodes).toEqual([]);
    expect((await seen(home, { day: nextYear }))?.mappingNodes).toEqual([]);
    expect((await seen(units.ward, { day: nextYear }))?.mappingNodes).toEqual([
      { ...node, parent: upper('Upper'), unit: { reshId: units.ward, seenOn: nextYear } },
    ]);
    expect((await seen(units.ward, { day: nextYear, revision: read }))?.mappingNodes).toEqual([]);
    const id = (await seen(home, { day: '2026-11-22', revision: read }))?.mappingNodes[0]?.parent?.unit?.id ?? '';
    expect(Buffer.from(id, 'base64').toString()).toBe(`Unit:${units.northTrust}@${read}@2026-11-22`);
  });

  it('is there whole as it was on a day, is to become, and was known', async () => {
    const own = { systemId: 'https://accounts.example' };
    made(await set({ ...own, nodeId: 'a', name: 'All', effectiveOn: '2021-01-01' }));
    const known = revisionOf(
      await set({ ...own, nodeId: 'b', name: 'Part', parentNodeId: 'a', reshId: home, effectiveOn: lastYear }),
    );
    made(await set({ ...own, nodeId: 'a', name: 'Everything', effectiveOn: nextYear }));
    const treeOn = async (day: string, revision?: number) =>
      (await client.ask(treeOfDay, { ...own, day, revision: revision ?? null })).register.mapping;

    const part = (parent: string) => ({
      ...{ nodeId: 'b', name: 'Part', parent: { name: parent }, children: [] },
      unit: { reshId: home },
    });
    const top = (name: string, children = [{ name: 'Part' }]) => ({
      ...{ nodeId: 'a', name, parent: null, children },
      unit: null,
    });
    expect(await treeOn('2020-12-31')).toEqual([]);
    expect(await treeOn('2021-01-01')).toEqual([top('All', [])]);
    expect(await treeOn(lastYear)).toEqual([top('All'), part('All')]);
    expect(await treeOn(nextYear)).toEqual([top('Everything'), part('Everything')]);
    expect(await treeOn(nextYear, known)).toEqual([top('All'), part('All')]);
  });

  it('shows a closed unit as on its last day, and its nodes as they were then', async () => {
    const reshId = await world.department('Closing', home);
    made(await set({ nodeId: '2', name: 'Two', reshId, effectiveOn: lastYear }));
    made(await world.as('operator').closeUnit({ reshId }));
    made(await set({ nodeId: '2', name: 'Orphan' }));

    expect((await client.ask(tree, { systemId })).mapping.find(({ nodeId }) => nodeId === '2')).toMatchObject({
      name: 'Orphan',
      unit: { name: 'Closing', isActive: false, mappingNodes: [{ nodeId: '2' }] },
    });
    expect(await seen(reshId, { day: worldDay })).toMatchObject({
      isActive: false,
      mappingNodes: [{ name: 'Two', unit: { reshId, seenOn: '2026-11-22' } }],
    });
  });
});

it('takes as many statements for many nodes as for few', async () => {
  const counter = countStatements();
  const database = await openTestDatabase({ observe: counter.observe });
  await buildWorld(database);
  const operator = actor(database, subjects.operator);
  const client = createClient(database, { today: worldDay });
  const statements = async () =>
    (await counter.during(() => client.ask(tree, { systemId }))).statements
      .map((sql) => /-- (.*)/.exec(sql)?.[1] ?? sql)
      .sort();
  const grow = async (from: number, to: number) => {
    for (let n = from; n < to; n += 1)
      made(
        await operator.setMappingNode({
          ...{ systemId, nodeId: String(n), name: `Node ${n}` },
          parentNodeId: n === 0 ? null : String(Math.floor((n - 1) / 3)),
          reshId: Object.values(units)[n % Object.values(units).length],
        }),
      );
  };
  await grow(0, 4);
  const few = await statements();
  await grow(4, 24);
  expect(await statements()).toEqual(few);
  expect(few).toEqual([
    'children of mapping nodes',
    'mapping nodes',
    'mapping nodes of systems',
    'mapping nodes of units',
    'newest revision',
    'units by RESH-id',
  ]);
  await database.close();
});
