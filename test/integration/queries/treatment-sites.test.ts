import { describe, expect, it } from 'vitest';
import { graphql } from '../../support/generated/gql.ts';
import type { TreatmentSiteFilter } from '../../support/generated/graphql.ts';
import { createClient } from '../../support/http/client.ts';
import { expectAccepted } from '../../support/mutations/change-assertions.ts';
import { useChangingWorld } from '../../support/world/changing-world.ts';
import { nextYear } from '../../support/world/days.ts';
import { registerSite } from '../../support/world/treatment-sites.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();

const sitesQuery = graphql(`
  query SitesOfRegister($filter: TreatmentSiteFilter, $first: Int, $after: String, $day: Date, $revision: Revision) {
    register(validAt: $day, revision: $revision) {
      treatmentSites(filter: $filter, first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          organizationNumber
          name
        }
      }
    }
    treatmentSites(filter: $filter, first: $first) {
      totalCount
      nodes {
        organizationNumber
      }
    }
  }
`);

const unitsQuery = graphql(`
  query UnitsOfSite($number: OrganizationNumber!, $within: ReshId, $first: Int, $after: String) {
    register {
      treatmentSite(organizationNumber: $number) {
        units(withinReshId: $within, first: $first, after: $after) {
          totalCount
          pageInfo {
            endCursor
          }
          nodes {
            reshId
          }
        }
      }
    }
  }
`);

function client() {
  return createClient(world.database, { today: worldDay });
}

async function listSites(filter?: TreatmentSiteFilter, day?: string, revision?: number): Promise<string[]> {
  const { register, treatmentSites } = await client().query(sitesQuery, {
    ...(filter && { filter }),
    ...(day !== undefined && { day }),
    ...(revision !== undefined && { revision }),
  });
  const found = register.treatmentSites.nodes.map(({ organizationNumber }) => organizationNumber);
  expect(register.treatmentSites.totalCount).toBe(found.length);
  if (day === undefined && revision === undefined)
    expect(treatmentSites.nodes.map(({ organizationNumber }) => organizationNumber)).toEqual(found);
  return found;
}

describe('treatmentSites', () => {
  it('lists the sites that are valid on the day, as known at the revision', async () => {
    expect(await listSites()).toEqual([numbers.site, numbers.northTrust].sort());
    expect(await listSites(undefined, '2027-01-01')).toContain(numbers.laterSite);
    expect(await listSites(undefined, worldDay, 0)).toEqual([]);
  });

  it('finds sites by name, municipality, legal entity and use', async () => {
    const clinic = await registerSite(world, {
      name: 'Ålesund klinikk',
      municipality: 'Ålesund',
      legalEntityReshId: units.southClinic,
    });
    const found = async (filter: TreatmentSiteFilter) => (await listSites(filter)).includes(clinic);
    expect(await found({ name: 'ALESUND' })).toBe(true);
    expect(await found({ name: 'Bergen' })).toBe(false);
    expect(await found({ municipality: 'ålesund' })).toBe(true);
    expect(await found({ municipality: 'åles' })).toBe(false);
    expect(await found({ legalEntityWithinReshId: units.south })).toBe(true);
    expect(await found({ legalEntityWithinReshId: units.southClinic })).toBe(true);
    expect(await found({ legalEntityWithinReshId: units.north })).toBe(false);
    expect(await found({ legalEntityWithinReshId: 999_999 })).toBe(false);
    expect(await found({ isInUse: false, name: null })).toBe(true);
    const ward = await world.department('Ward', units.southClinic);
    expectAccepted(
      await world
        .as('operator')
        .connectTreatmentSite({ reshId: ward, organizationNumber: clinic, effectiveOn: nextYear }),
    );
    expect(await found({ isInUse: true })).toBe(false);
    expect(await listSites({ isInUse: true }, nextYear)).toContain(clinic);
  });

  it('shows changed facts on their days', async () => {
    const site = await registerSite(world, { name: 'Unchanged' });
    expectAccepted(
      await world
        .as('operator')
        .updateTreatmentSite({ organizationNumber: site, name: 'Renamed', effectiveOn: nextYear }),
    );
    expect(await listSites({ name: 'renamed' })).toEqual([]);
    expect(await listSites({ name: 'renamed' }, nextYear)).toEqual([site]);
    expect(await listSites({ name: 'unchanged' }, nextYear)).toEqual([]);
  });

  it('pages at the snapshot of the first page', async () => {
    for (const name of ['One', 'Two', 'Three']) await registerSite(world, { name, legalEntityReshId: units.south });
    const filter = { legalEntityWithinReshId: units.south, isInUse: false };
    const all = await listSites(filter);
    const { register } = await client().query(sitesQuery, { filter, first: 2 });
    const { nodes, pageInfo } = register.treatmentSites;
    expect([nodes.map(({ organizationNumber }) => organizationNumber), pageInfo.hasNextPage]).toEqual([
      all.slice(0, 2),
      true,
    ]);
    expectAccepted(await world.as('operator').closeTreatmentSite({ organizationNumber: all[2] ?? '' }));
    const rest = await client().query(sitesQuery, { filter, after: pageInfo.endCursor ?? '' });
    expect(rest.register.treatmentSites.nodes.map(({ organizationNumber }) => organizationNumber)).toEqual(
      all.slice(2),
    );
  });

  it('refuses a cursor of another filter', async () => {
    const { register } = await client().query(sitesQuery, { first: 1 });
    const after = register.treatmentSites.pageInfo.endCursor ?? '';
    const { errors } = await client().send({
      query: 'query ($after: String) { treatmentSites(after: $after, filter: { name: "x" }) { nodes { name } } }',
      variables: { after },
    });
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['BAD_CURSOR']);
  });
});

describe('TreatmentSite.units', () => {
  it('includes only units within a unit, page by page', async () => {
    const site = await registerSite(world);
    const [north, south, other] = [
      await world.department('A', units.clinic),
      await world.department('B', units.southClinic),
      await world.department('C', units.clinic),
    ];
    for (const reshId of [north, south, other])
      expectAccepted(await world.as('operator').connectTreatmentSite({ reshId, organizationNumber: site }));
    const read = async (input: { within?: number; first?: number; after?: string }) => {
      const found = (await client().query(unitsQuery, { number: site, ...input })).register.treatmentSite?.units;
      return { ...found, ids: found?.nodes.map(({ reshId }) => reshId) };
    };
    expect(await read({})).toMatchObject({ totalCount: 3, ids: [north, south, other] });
    expect(await read({ within: units.south })).toMatchObject({ totalCount: 1, ids: [south] });
    expect(await read({ within: south })).toMatchObject({ totalCount: 1, ids: [south] });
    expect(await read({ within: 999_999 })).toMatchObject({ totalCount: 0, ids: [] });
    const first = await read({ within: units.north, first: 1 });
    expect(first).toMatchObject({ totalCount: 2, ids: [north] });
    expect(await read({ within: units.north, after: first.pageInfo?.endCursor ?? '' })).toMatchObject({ ids: [other] });
  });
});
