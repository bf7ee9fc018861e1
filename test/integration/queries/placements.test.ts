import { describe, expect, it } from 'vitest';
import { createClient, type TestClient, listErrors } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { openDemoRegister } from '../../support/registers/demo-register.ts';
import { graphql } from '../../support/generated/gql.ts';
import type { PlacementsQueryVariables } from '../../support/generated/graphql.ts';
import { hasNorwegianData, importNorwegianData } from '../../support/registers/norwegian-data.ts';
import { buildReorganizedRegister, reorganizedUnits as u } from '../../support/registers/reorganized-register.ts';
import { recordSuccessions } from '../../support/world/successions.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const today = '2026-11-23';

const placementsQuery = graphql(`
  query Placements($items: [PlacementInput!]!, $knownAt: DateTime) {
    register(knownAt: $knownAt) {
      placements(items: $items) {
        reshId
        validAt
        outcome
        unit {
          id
          reshId
          name
          seenOn
          isActive
        }
        ...PlacementFacts
        warnings {
          code
          message
          didYouMean
          replacedBy {
            reshId
            name
            seenOn
          }
        }
      }
    }
  }
`);

async function queryPlacements(client: TestClient, variables: PlacementsQueryVariables) {
  return (await client.query(placementsQuery, variables)).register.placements;
}

async function readRecordedInstants(client: TestClient): Promise<string[]> {
  const revisions = [1, 2, 3, 4, 5];
  return Promise.all(
    revisions.map(async (revision) => {
      const { change } = await client.query(
        graphql(`
          query PlacementKnowledge($revision: Revision!) {
            change(revision: $revision) {
              recordedAt
            }
          }
        `),
        { revision },
      );
      return change?.recordedAt ?? '';
    }),
  );
}

async function readPlacement(client: TestClient, reshId: number, date: string) {
  const [placement] = await queryPlacements(client, { items: [{ reshId, validAt: date }] });
  if (!placement) throw new Error('One was asked and none answered.');
  return placement;
}

type Placements = Awaited<ReturnType<typeof queryPlacements>>;

function listWarningCodes({ warnings }: Placements[number]) {
  return warnings.map(({ code }) => code);
}

describe('placements in the reorganized register', () => {
  const { client } = useRegister({ fill: buildReorganizedRegister });

  const readReplacements = async (reshId: number, date: string, knownAt?: string) => {
    const [placement] = await queryPlacements(client, {
      items: [{ reshId, validAt: date }],
      ...(knownAt !== undefined && { knownAt }),
    });
    return placement?.warnings
      .filter(({ code }) => code === 'REPLACED')
      .flatMap(({ replacedBy: units }) => units.map(({ name, seenOn }) => `${name} ${seenOn}`));
  };

  it('answer each item on its own day, in the order of the request', async () => {
    const items = [
      { reshId: u.mover, validAt: '2013-12-31' },
      { reshId: 999, validAt: '2020-01-01' },
      { reshId: u.mover, validAt: '2014-01-01' },
      { reshId: u.mover, validAt: '2013-12-31' },
    ];

    const answeredPlacements = await queryPlacements(client, { items });

    expect(answeredPlacements.map(({ reshId, validAt }) => ({ reshId, validAt }))).toEqual(items);
    expect(answeredPlacements.map(({ enterprise }) => enterprise?.reshId)).toEqual([
      u.north,
      undefined,
      u.south,
      u.north,
    ]);
    expect(answeredPlacements.map(({ outcome }) => outcome)).toEqual(['FOUND', 'UNKNOWN', 'FOUND', 'FOUND']);
    expect(await queryPlacements(client, { items: [] })).toEqual([]);
  });

  it('show a unit outside its validity like look-ups do, with a warning', async () => {
    const [closedPlacement, pausedPlacement, plannedPlacement, withdrawnPlacement] = await queryPlacements(client, {
      items: [
        { reshId: u.gone, validAt: '2020-01-01' },
        { reshId: u.paused, validAt: '2019-01-01' },
        { reshId: u.planned, validAt: '2026-11-23' },
        { reshId: u.mistake, validAt: '2026-11-23' },
      ],
    });

    expect(closedPlacement).toMatchObject({ outcome: 'CLOSED', unit: { seenOn: '2012-12-31', isActive: false } });
    expect(closedPlacement && listWarningCodes(closedPlacement)).toEqual(['UNIT_CLOSED', 'NO_TREATMENT_SITE']);
    expect(pausedPlacement).toMatchObject({
      outcome: 'CLOSED',
      unit: { seenOn: '2017-12-31' },
      enterprise: { reshId: u.south },
    });
    expect(plannedPlacement).toMatchObject({ outcome: 'NOT_YET_VALID', unit: { seenOn: '2028-01-01' } });
    expect(plannedPlacement && listWarningCodes(plannedPlacement)).toEqual(['NOT_YET_VALID', 'NO_TREATMENT_SITE']);
    expect(withdrawnPlacement).toMatchObject({
      outcome: 'WITHDRAWN',
      unit: null,
      region: null,
      treatmentSite: null,
      codes: [],
    });
    expect(withdrawnPlacement?.warnings).toEqual([
      {
        code: 'UNKNOWN_ID',
        message:
          'RESH-id 160 was registered in error and withdrawn. ' +
          'Similar ids are 10, 106, 110, 120, 130, 140, 150, 170, 180; ' +
          'check which unit was meant, and report on it.',
        didYouMean: [10, 106, 110, 120, 130, 140, 150, 170, 180],
        replacedBy: [],
      },
    ]);
  });

  it('suggest likely typos first: one digit too many or too few, two swapped, one changed', async () => {
    const suggestIds = async (reshId: number) =>
      (await readPlacement(client, reshId, '2026-11-23')).warnings[0]?.didYouMean;

    expect(await suggestIds(11)).toEqual([1, 101, 110, 111, 121, 171, 10]);
    expect(await suggestIds(1_100)).toEqual([110]);
    expect(await suggestIds(107)).toEqual([10, 170, 101, 102, 103, 104, 105, 106]);
  });

  it('follow successions from a closed unit to the day', async () => {
    expect(await readReplacements(u.medicine, '2014-12-31')).toEqual(['Both 2014-12-31']);
    expect(await readReplacements(u.medicine, '2015-01-01')).toEqual(['Day ward 2015-01-01', 'Night ward 2015-01-01']);
    expect(await readReplacements(u.medicine, '2026-11-23')).toEqual(['Joined 2026-11-23']);
    expect(await readReplacements(u.both, '2026-11-23')).toEqual(['Joined 2026-11-23']);
  });

  it('stop at circular successions and are silent while the unit is valid', async () => {
    expect(await readReplacements(u.there, '2012-01-01')).toEqual(['Back 2012-01-01']);
    expect(await readReplacements(u.there, '2014-01-01')).toEqual([]);
    expect(await readReplacements(u.keeper, '2014-01-01')).toEqual([]);
    expect(await readReplacements(u.gone, '2014-01-01')).toEqual([]);
  });

  it('show the last successors when all of them have closed', async () => {
    const otherDatabase = await openTestDatabase();
    try {
      await buildReorganizedRegister(otherDatabase);
      await recordSuccessions(otherDatabase, [
        {
          fromReshId: u.paused,
          toReshId: u.gone,
          effectiveOn: '2018-01-01',
          kind: 'MERGE',
          extent: 'FULL',
        },
      ]);
      const [placement] = await queryPlacements(createClient(otherDatabase, { today }), {
        items: [{ reshId: u.paused, validAt: '2019-01-01' }],
      });
      expect(placement?.warnings.find(({ code }) => code === 'REPLACED')?.replacedBy).toEqual([
        { reshId: u.gone, name: 'Gone', seenOn: '2012-12-31' },
      ]);
    } finally {
      await otherDatabase.close();
    }
  });

  it('use the requested revision', async () => {
    const instants = await readRecordedInstants(client);

    expect(await readReplacements(u.replaced, '2017-01-01', instants.at(-2))).toEqual([]);
    expect(await readReplacements(u.replaced, '2017-01-01', instants.at(-1))).toEqual(['Replacement 2017-01-01']);

    const [earliestPlacement] = await queryPlacements(client, {
      items: [{ reshId: u.gone, validAt: '2020-01-01' }],
      knownAt: '2000-01-01T00:00:00Z',
    });
    expect(earliestPlacement).toMatchObject({ outcome: 'UNKNOWN', warnings: [{ code: 'UNKNOWN_ID', didYouMean: [] }] });
  });

  it('return units by id', async () => {
    const { unit } = await readPlacement(client, u.gone, '2020-01-01');
    const { node } = await client.query(
      graphql(`
        query PlacedNode($id: ID!) {
          node(id: $id) {
            ... on Unit {
              reshId
              seenOn
              isActive
            }
          }
        }
      `),
      { id: unit?.id ?? '' },
    );

    expect(node).toEqual({ reshId: u.gone, seenOn: '2012-12-31', isActive: false });
  });

  it('refuse more than 1000 items, invalid days and future revisions', async () => {
    const items = Array.from({ length: 1_001 }, () => ({ reshId: 1, validAt: '2020-01-01' }));
    const readError = async (variables: PlacementsQueryVariables) =>
      listErrors(await client.execute(placementsQuery, variables));

    expect(await readError({ items })).toEqual([
      ['LIMIT_EXCEEDED', '`items` has 1001 items, but at most 1000 are allowed. Ask for 1000 at a time.'],
    ]);
    expect(await readError({ items: [{ reshId: 1, validAt: '2023-02-29' }] })).toEqual([
      ['BAD_INPUT', expect.stringContaining('Date cannot be "2023-02-29": write a day that exists')],
    ]);
    expect(await readError({ items: [], knownAt: '2999-01-01T00:00:00Z' })).toEqual([
      ['BAD_INPUT', expect.stringContaining('is in the future')],
    ]);
  });
});

describe('placements in the demo register', () => {
  const { client } = useRegister({ open: openDemoRegister });

  it('place activity of Kongsvinger on each side of its transfer', async () => {
    const answeredPlacements = await queryPlacements(client, {
      items: [
        { reshId: 108_597, validAt: '2019-01-31' },
        { reshId: 108_597, validAt: '2019-02-01' },
      ],
    });

    expect(
      answeredPlacements.map(({ enterprise, region, warnings }) => [enterprise?.reshId, region?.reshId, warnings]),
    ).toEqual([
      [100_091, 111_919, []],
      [100_089, 111_919, []],
    ]);
  });

  it.each([
    [100_062, '2009-01-01', 4_001_031, 'Oslo universitetssykehus HF'],
    [100_087, '2026-11-23', 4_001_031, 'Oslo universitetssykehus HF'],
    [100_318, '2011-07-01', 4_201_115, 'Helse Møre og Romsdal HF'],
    [100_319, '2020-01-01', 4_201_115, 'Helse Møre og Romsdal HF'],
    [100_090, '2009-07-01', 700_272, 'Vestre Viken HF'],
    [100_099, '2015-01-01', 700_272, 'Vestre Viken HF'],
  ])('warn that trust %i on %s was replaced by %i', async (reshId, date, trust, name) => {
    const { outcome, warnings } = await readPlacement(client, reshId, date);

    expect(outcome).toBe('CLOSED');
    expect(warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['UNIT_CLOSED', 'REPLACED', 'REPORTED_ON_ORGANIZATION']),
    );
    expect(warnings.find(({ code }) => code === 'REPLACED')).toEqual({
      code: 'REPLACED',
      message: expect.stringMatching(
        `By ${date}, unit ${reshId} ".+" had become ${trust} "${name}". Report on it, or on a unit under it.`,
      ) as string,
      didYouMean: [],
      replacedBy: [{ reshId: trust, name, seenOn: date }],
    });
  });

  it('warn only about the trust on its last day before replacement', async () => {
    const { outcome, warnings } = await readPlacement(client, 100_062, '2008-12-31');

    expect([outcome, warnings.map(({ code }) => code)]).toEqual([
      'FOUND',
      ['REPORTED_ON_ORGANIZATION', 'NO_TREATMENT_SITE'],
    ]);
  });
});

describe.skipIf(!hasNorwegianData)('placements in the real register (skipped without ../shared/data/norway)', () => {
  const { client } = useRegister({ fill: importNorwegianData });

  it('distinguish an id with an extra digit from similar ids', async () => {
    expect((await readPlacement(client, 1_085_970, '2020-01-01')).warnings).toEqual([
      {
        code: 'UNKNOWN_ID',
        message:
          'RESH-id 1085970 was never assigned. A similar id is 108597; check which unit was meant, and report on it.',
        didYouMean: [108_597],
        replacedBy: [],
      },
    ]);
    expect((await readPlacement(client, 108_579, '2020-01-01')).warnings[0]?.didYouMean).toEqual([108_597, 108_279]);
  });

  it('warn of activity reported on the trust', async () => {
    const { outcome, warnings } = await readPlacement(client, 100_091, '2020-01-01');

    expect(outcome).toBe('FOUND');
    expect(warnings[0]).toEqual({
      code: 'REPORTED_ON_ORGANIZATION',
      message:
        'Unit 100091 "Sykehuset Innlandet HF" is an organization. ' +
        'Report on the unit under it that treated the patient.',
      didYouMean: [],
      replacedBy: [],
    });
  });

  it('warn of a treatment site with the number of the trust', async () => {
    const placement = await readPlacement(client, 100_407, '2020-01-01');

    expect(placement.treatmentSite).toEqual({ organizationNumber: '983975240' });
    expect(placement.enterprise).toEqual({ reshId: 100_133 });
    expect(listWarningCodes(placement)).toEqual(['SITE_IS_ENTERPRISE_NUMBER']);
  });

  it('suggest at most ten ids, likely typos first, then by number', async () => {
    const sortedDigits = (reshId: number) => Array.from(String(reshId)).sort().join('');
    const rankSuggestion = (typed: number, suggested: number): string => {
      const [one, other] = [String(typed), String(suggested)];
      const isSwapped = sortedDigits(typed) === sortedDigits(suggested);
      const typoRank = other.length < one.length ? 1 : other.length > one.length ? 2 : isSwapped ? 3 : 4;
      return `${typoRank} ${other.padStart(10, '0')}`;
    };
    const typed = [100_020, 100_080, 100_090, 110_000, 1_000_800];
    const answeredPlacements = await queryPlacements(client, {
      items: typed.map((reshId) => ({ reshId, validAt: '2020-01-01' })),
    });

    answeredPlacements.forEach(({ warnings }, index) => {
      const suggestions = warnings.flatMap(({ didYouMean }) => didYouMean);
      const inOrder = suggestions.map((suggested) => rankSuggestion(typed[index] ?? 0, suggested));
      expect(suggestions.length).toBeLessThanOrEqual(10);
      expect(inOrder).toEqual(inOrder.toSorted());
    });
    expect(answeredPlacements.some(({ warnings }) => warnings.some(({ didYouMean }) => didYouMean.length > 1))).toBe(
      true,
    );
  });
});
