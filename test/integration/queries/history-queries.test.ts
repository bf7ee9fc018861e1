import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { graphql } from '../../support/generated/gql.ts';
import type { RegisterState } from '../../support/model/register-state.ts';
import { recordTimelineChanges } from '../../support/model/timeline-changes.ts';

const today = '2026-11-23';
const [region, north, south, clinic, ward, lab, mistake, planned] = [1, 10, 20, 100, 1000, 500, 600, 700] as const;

let database: Database;
let client: TestClient;
let state: RegisterState;
beforeAll(async () => {
  database = await openTestDatabase();
  client = createClient(database, { today });
  state = await recordTimelineChanges(database, [
    {
      [region]: [{ from: '2002-01-01', under: null, type: 'ORGANIZATION', name: 'Region' }],
      [north]: [{ from: '2002-01-01', under: region, type: 'ORGANIZATION', name: 'North' }],
      [south]: [{ from: '2002-01-01', under: region, type: 'ORGANIZATION', name: 'South' }],
      [clinic]: [{ from: '2002-01-01', under: north, name: 'Clinic' }],
      [ward]: [{ from: '2005-01-01', under: clinic, name: 'Ward' }],
      [lab]: [{ from: '2002-01-01', under: north, name: 'Lab' }],
    },
    // The clinic moved south and has a planned move back.
    {
      [clinic]: [
        { from: '2002-01-01', to: '2015-01-01', under: north, name: 'Clinic' },
        { from: '2015-01-01', to: '2030-01-01', under: south, name: 'Clinic' },
        { from: '2030-01-01', under: north, name: 'Clinic' },
      ],
    },
    // The ward was closed for two years.
    {
      [ward]: [
        { from: '2005-01-01', to: '2018-01-01', under: clinic, name: 'Ward' },
        { from: '2020-01-01', under: clinic, name: 'Ward' },
      ],
    },
    // The laboratory moved south, and closed there.
    {
      [lab]: [
        { from: '2002-01-01', to: '2010-01-01', under: north, name: 'Lab' },
        { from: '2010-01-01', to: '2012-01-01', under: south, name: 'Lab' },
      ],
    },
    {
      [mistake]: [{ from: '2020-01-01', under: south, name: 'Mistake' }],
      [planned]: [{ from: '2028-01-01', under: south, name: 'Planned' }],
    },
    { [mistake]: [] },
  ]);
});
afterAll(() => database.close());

const unitQuery = graphql(`
  query HistoryShown($validAt: Date, $revision: Revision, $reshId: ReshId!) {
    register(validAt: $validAt, revision: $revision) {
      unit(reshId: $reshId) {
        reshId
      }
      evenClosed: unit(reshId: $reshId, includeClosed: true) {
        reshId
      }
      units(reshIds: [$reshId]) {
        outcome
        unit {
          seenOn
          isActive
          validity {
            from
            to
          }
          ancestors {
            reshId
          }
          childCount
        }
      }
    }
  }
`);

async function readUnit(reshId: number, validAt = today, revision?: number) {
  const { register } = await client.query(unitQuery, { reshId, validAt, ...(revision !== undefined && { revision }) });
  const [lookup] = register.units;
  return {
    outcome: lookup?.outcome,
    isShown: register.unit !== null,
    isShownEvenClosed: register.evenClosed !== null,
    unit: lookup?.unit && { ...lookup.unit, ancestors: lookup.unit.ancestors.map((ancestor) => ancestor.reshId) },
  };
}

describe('unit that is not valid on the day', () => {
  it('is closed in a gap and shown as on its last day', async () => {
    expect(await readUnit(ward, '2019-06-01')).toEqual({
      outcome: 'CLOSED',
      isShown: false,
      isShownEvenClosed: true,
      unit: {
        seenOn: '2017-12-31',
        isActive: false,
        validity: { from: '2005-01-01', to: '2018-01-01' },
        ancestors: [region, south, clinic],
        childCount: 0,
      },
    });
  });

  it('is shown as on its first day before that day, in look-ups only', async () => {
    expect(await readUnit(planned)).toEqual({
      outcome: 'NOT_YET_VALID',
      isShown: false,
      isShownEvenClosed: false,
      unit: {
        seenOn: '2028-01-01',
        isActive: false,
        validity: { from: '2028-01-01', to: null },
        ancestors: [region, south],
        childCount: 0,
      },
    });
  });

  it('is null after a withdrawal and present at an earlier revision', async () => {
    expect(await readUnit(mistake)).toEqual({
      outcome: 'WITHDRAWN',
      isShown: false,
      isShownEvenClosed: false,
      unit: null,
    });
    expect(await readUnit(mistake, today, 5)).toMatchObject({ outcome: 'FOUND', isShown: true });
    expect(await readUnit(mistake, today, 4)).toMatchObject({ outcome: 'UNKNOWN', isShown: false, unit: null });
  });
});

describe('histories of a unit', () => {
  const historiesQuery = graphql(`
    query Histories($reshId: ReshId!) {
      unit(reshId: $reshId) {
        parentHistory {
          validity {
            from
            to
          }
          parent {
            reshId
            seenOn
          }
        }
        ancestryHistory {
          validity {
            from
            to
          }
          ancestors {
            reshId
          }
        }
        versions {
          validity {
            from
            to
          }
          parentReshId
          parent {
            reshId
            seenOn
          }
          recordedBy {
            revision
          }
          supersededBy {
            revision
          }
        }
      }
    }
  `);
  const readHistories = async (reshId: number) => {
    const { unit } = await client.query(historiesQuery, { reshId });
    return {
      parents: unit?.parentHistory.map(({ validity, parent }) => [
        validity.from,
        validity.to,
        parent?.reshId,
        parent?.seenOn,
      ]),
      paths: unit?.ancestryHistory.map(({ validity, ancestors }) => [
        validity.from,
        validity.to,
        ...ancestors.map((above) => above.reshId),
      ]),
      statements: unit?.versions.map(({ validity, parentReshId, parent, recordedBy, supersededBy }) => [
        validity.from,
        validity.to,
        parentReshId,
        parent?.reshId === parentReshId && parent.seenOn,
        recordedBy.revision,
        supersededBy?.revision,
      ]),
    };
  };

  it('include a planned move, with each parent shown within its period', async () => {
    const { parents, statements } = await readHistories(clinic);
    expect(parents).toEqual([
      ['2002-01-01', '2015-01-01', north, '2014-12-31'],
      ['2015-01-01', '2030-01-01', south, today],
      ['2030-01-01', null, north, '2030-01-01'],
    ]);
    expect(statements).toEqual([
      ['2002-01-01', null, north, today, 1, 2],
      ['2002-01-01', '2015-01-01', north, '2014-12-31', 2, undefined],
      ['2015-01-01', '2030-01-01', south, today, 2, undefined],
      ['2030-01-01', null, north, '2030-01-01', 2, undefined],
    ]);
  });

  it('include a move of an ancestor in the ancestry only', async () => {
    expect(await readHistories(ward)).toEqual({
      parents: [
        ['2005-01-01', '2018-01-01', clinic, '2017-12-31'],
        ['2020-01-01', null, clinic, today],
      ],
      paths: [
        ['2005-01-01', '2015-01-01', region, north, clinic],
        ['2015-01-01', '2018-01-01', region, south, clinic],
        ['2020-01-01', '2030-01-01', region, south, clinic],
        ['2030-01-01', null, region, north, clinic],
      ],
      statements: [
        ['2005-01-01', null, clinic, today, 1, 3],
        ['2005-01-01', '2018-01-01', clinic, '2017-12-31', 3, undefined],
        ['2020-01-01', null, clinic, today, 3, undefined],
      ],
    });
  });
});

describe('former children', () => {
  const formerChildrenQuery = graphql(`
    query FormerChildrenOn($validAt: Date!, $reshId: ReshId!) {
      register(validAt: $validAt) {
        unit(reshId: $reshId) {
          formerChildren {
            edges {
              effectiveOn
              reason
              node {
                reshId
                seenOn
              }
            }
          }
        }
      }
    }
  `);
  const readFormerChildren = async (reshId: number, validAt: string = today) => {
    const { register } = await client.query(formerChildrenQuery, { reshId, validAt });
    return register.unit?.formerChildren.edges.map(({ effectiveOn, reason, node }) => [
      node.reshId,
      reason,
      effectiveOn,
      node.seenOn,
    ]);
  };

  it('include units that moved away and units that closed there', async () => {
    expect(await readFormerChildren(north)).toEqual([
      [clinic, 'MOVED', '2015-01-01', '2014-12-31'],
      [lab, 'MOVED', '2010-01-01', '2009-12-31'],
    ]);
    expect(await readFormerChildren(south)).toEqual([[lab, 'CLOSED', '2012-01-01', '2011-12-31']]);
  });

  it('exclude units before they leave and after they return', async () => {
    expect(await readFormerChildren(north, '2009-12-31')).toEqual([]);
    expect((await readFormerChildren(north, '2030-01-01'))?.map(([reshId]) => reshId)).toEqual([lab]);
    expect(await readFormerChildren(clinic, '2019-12-31')).toEqual([[ward, 'CLOSED', '2018-01-01', '2017-12-31']]);
    expect(await readFormerChildren(clinic)).toEqual([]);
  });
});

describe('page requested after the unit has moved', () => {
  const page = graphql(`
    query PageOfMoved($reshId: ReshId!, $after: String) {
      unit(reshId: $reshId) {
        descendants(first: 1, after: $after) {
          totalCount
          pageInfo {
            endCursor
            hasNextPage
          }
          nodes {
            reshId
            ancestors {
              reshId
            }
          }
        }
      }
    }
  `);

  it('continues at the snapshot of the previous page', async () => {
    const { unit: before } = await client.query(page, { reshId: south });
    expect(before?.descendants).toMatchObject({ totalCount: 2, nodes: [{ reshId: clinic }] });

    state = await recordTimelineChanges(
      database,
      [
        {
          [south]: [
            { from: '2002-01-01', to: '2025-01-01', under: region, type: 'ORGANIZATION', name: 'South' },
            { from: '2025-01-01', under: north, type: 'ORGANIZATION', name: 'South' },
          ],
        },
        { [ward]: [{ from: '2005-01-01', to: '2018-01-01', under: clinic, name: 'Ward' }] },
      ],
      state,
    );

    const { unit: now } = await client.query(page, { reshId: south });
    expect(now?.descendants).toMatchObject({ totalCount: 1, pageInfo: { hasNextPage: false } });

    const { unit: after } = await client.query(page, {
      reshId: south,
      after: before?.descendants.pageInfo.endCursor ?? '',
    });
    expect(after?.descendants).toMatchObject({
      totalCount: 2,
      pageInfo: { hasNextPage: false },
      nodes: [{ reshId: ward, ancestors: [{ reshId: region }, { reshId: south }, { reshId: clinic }] }],
    });
  });
});
