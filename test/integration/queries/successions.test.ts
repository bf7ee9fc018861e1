import { describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/http/client.ts';
import { openDemoRegister } from '../../support/registers/demo-register.ts';
import { graphql } from '../../support/generated/gql.ts';
import { buildReorganizedRegister, reorganizedUnits as u } from '../../support/registers/reorganized-register.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const successionsQuery = graphql(`
  query Successions($reshId: ReshId!, $validAt: Date, $revision: Revision, $transitive: Boolean) {
    register(validAt: $validAt, revision: $revision) {
      units(reshIds: [$reshId]) {
        unit {
          predecessors(transitive: $transitive) {
            ...Edge
          }
          successors(transitive: $transitive) {
            ...Edge
          }
        }
      }
    }
  }

  fragment Edge on Succession {
    from {
      id
      reshId
      name
      seenOn
      isActive
    }
    to {
      id
      reshId
      name
      seenOn
      isActive
    }
    kind
    extent
    effectiveOn
    change {
      revision
    }
  }
`);

async function querySuccessions(
  client: TestClient,
  reshId: number,
  options: { validAt?: string; revision?: number; transitive?: boolean } = {},
) {
  const { register } = await client.query(successionsQuery, { reshId, ...options });
  const unit = register.units[0]?.unit;
  if (!unit) throw new Error(`There is no unit ${reshId} to show.`);
  return unit;
}

type Edges = Awaited<ReturnType<typeof querySuccessions>>['successors'];

function formatSuccessions(edges: Edges): string[] {
  return edges.map(({ from, to, kind, effectiveOn }) => `${from.name} > ${to.name} ${kind} ${effectiveOn}`);
}

describe('successions of a unit', () => {
  const { client } = useRegister({ fill: buildReorganizedRegister });

  it('have units on both sides, each shown on its side of the day', async () => {
    const { predecessors, successors } = await querySuccessions(client, u.dayWard);

    expect(predecessors).toEqual([
      {
        from: {
          id: expect.any(String) as string,
          reshId: u.both,
          name: 'Both',
          seenOn: '2014-12-31',
          isActive: true,
        },
        to: {
          id: expect.any(String) as string,
          reshId: u.dayWard,
          name: 'Day ward',
          seenOn: '2015-01-01',
          isActive: true,
        },
        kind: 'SPLIT',
        extent: 'PARTIAL',
        effectiveOn: '2015-01-01',
        change: { revision: 2 },
      },
    ]);
    expect(formatSuccessions(successors)).toEqual(['Day ward > Joined MERGE 2020-01-01']);
  });

  it('return their units by id, in the same state', async () => {
    const [edge] = (await querySuccessions(client, u.dayWard)).predecessors;
    const { nodes } = await client.query(
      graphql(`
        query SuccessionNodes($ids: [ID!]!) {
          nodes(ids: $ids) {
            id
            ... on Unit {
              name
              seenOn
            }
          }
        }
      `),
      { ids: [edge?.from.id ?? '', edge?.to.id ?? ''] },
    );

    expect(nodes).toEqual([
      { id: edge?.from.id, name: 'Both', seenOn: '2014-12-31' },
      { id: edge?.to.id, name: 'Day ward', seenOn: '2015-01-01' },
    ]);
  });

  it('follow chains and diamonds, each succession once, sorted by day and RESH-id', async () => {
    expect(formatSuccessions((await querySuccessions(client, u.medicine, { transitive: true })).successors)).toEqual([
      'Medicine > Both MERGE 2010-01-01',
      'Both > Day ward SPLIT 2015-01-01',
      'Both > Night ward SPLIT 2015-01-01',
      'Day ward > Joined MERGE 2020-01-01',
      'Night ward > Joined MERGE 2020-01-01',
    ]);
    expect(formatSuccessions((await querySuccessions(client, u.joined, { transitive: true })).predecessors)).toEqual([
      'Medicine > Both MERGE 2010-01-01',
      'Surgery > Both MERGE 2010-01-01',
      'Both > Day ward SPLIT 2015-01-01',
      'Both > Night ward SPLIT 2015-01-01',
      'Day ward > Joined MERGE 2020-01-01',
      'Night ward > Joined MERGE 2020-01-01',
    ]);
  });

  it('stop at circular successions', async () => {
    const { predecessors, successors } = await querySuccessions(client, u.there, { transitive: true });
    const both = ['There > Back REPLACEMENT 2011-01-01', 'Back > There REPLACEMENT 2013-01-01'];

    expect([formatSuccessions(predecessors), formatSuccessions(successors)]).toEqual([both, both]);
  });

  it('are equal on every day and depend on the revision', async () => {
    const [early, late] = await Promise.all([
      querySuccessions(client, u.replaced, { validAt: '2003-01-01' }),
      querySuccessions(client, u.replaced, { validAt: '2030-01-01' }),
    ]);

    expect(formatSuccessions(early.successors)).toEqual(['Replaced > Replacement REPLACEMENT 2016-01-01']);
    expect(late.successors).toEqual(early.successors);
    expect((await querySuccessions(client, u.replaced, { revision: 4 })).successors).toEqual([]);
  });
});

describe('successions in the demo register', () => {
  const { client } = useRegister({ open: openDemoRegister });

  it.each([
    [4_001_031, '2009-01-01', [100_062, 100_087]],
    [4_201_115, '2011-07-01', [100_318, 100_319]],
    [700_272, '2009-07-01', [100_090, 100_099]],
  ])('show the predecessors of trust %i on %s', async (trust, day, sources) => {
    const { predecessors, successors } = await querySuccessions(client, trust);

    expect(
      predecessors.map(({ from, to, kind, extent, effectiveOn }) => [
        from.reshId,
        to.reshId,
        kind,
        extent,
        effectiveOn,
      ]),
    ).toEqual(sources.map((source) => [source, trust, 'MERGE', 'FULL', day]));
    expect(successors).toEqual([]);
    for (const source of sources)
      expect((await querySuccessions(client, source)).successors.map(({ to }) => to.reshId)).toEqual([trust]);
  });
});
