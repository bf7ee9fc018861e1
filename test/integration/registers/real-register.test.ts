import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportOutcome } from '../../../src/exchange/import/import-folder.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { graphql } from '../../support/generated/gql.ts';
import { hasNorwegianData, importNorwegianData } from '../../support/registers/norwegian-data.ts';

describe.skipIf(!hasNorwegianData)('real register (skipped without ../shared/data/norway)', () => {
  let database: Database;
  let client: TestClient;
  let outcome: ImportOutcome;
  beforeAll(async () => {
    database = await openTestDatabase();
    outcome = await importNorwegianData(database);
    client = createClient(database, { today: '2026-11-23' });
  });
  afterAll(() => database.close());

  it('imports 463 units and rejects 65 rows', () => {
    expect(outcome.files.find(({ file }) => file === 'units.csv')).toMatchObject({ imported: 463, rejected: 65 });
  });

  it('returns a unit with all its ancestors', async () => {
    const { unit } = await client.query(
      graphql(`
        query RealUnit {
          unit(reshId: 102673) {
            name
            ...UnitPosition
          }
        }
      `),
    );

    expect(unit).toEqual({
      name: 'Ålesund sjukehus Med.int.',
      ancestors: [
        { reshId: 100024, name: 'Helse Midt-Norge RHF' },
        { reshId: 4201115, name: expect.any(String) as string },
        { reshId: 110956, name: expect.any(String) as string },
      ],
      enterprise: { organizationNumber: '997005562' },
      region: { reshId: 100024 },
      treatmentSite: { organizationNumber: '974747138' },
    });
  });

  it('counts descendants of the regions and of Oslo universitetssykehus', async () => {
    const { units } = await client.query(
      graphql(`
        query RealCounts {
          units(reshIds: [100021, 100022, 100024, 111919, 4001031]) {
            unit {
              descendantCount
              childCount
              descendants(first: 200) {
                totalCount
                nodes {
                  reshId
                }
              }
            }
          }
        }
      `),
    );

    expect(units.map(({ unit }) => unit?.descendantCount)).toEqual([123, 80, 69, 181, 30]);
    expect(units.map(({ unit }) => unit?.descendants.totalCount)).toEqual([123, 80, 69, 181, 30]);
    expect(units.map(({ unit }) => unit?.descendants.nodes.length)).toEqual([123, 80, 69, 181, 30]);
    expect(units.at(-1)?.unit?.childCount).toBe(29);
  });

  it('distinguishes a known RESH-id from one with an extra digit', async () => {
    const { units } = await client.query(
      graphql(`
        query RealLookup {
          units(reshIds: [108597, 1085970]) {
            reshId
            outcome
          }
        }
      `),
    );

    expect(units).toEqual([
      { reshId: 108597, outcome: 'FOUND' },
      { reshId: 1085970, outcome: 'UNKNOWN' },
    ]);
  });

  it('lists its ten roots in Norwegian order', async () => {
    const { roots } = await client.query(
      graphql(`
        query RealRoots {
          roots {
            name
          }
        }
      `),
    );

    const names = roots.map(({ name }) => name);
    expect(names).toHaveLength(10);
    expect(names).toEqual(names.toSorted(new Intl.Collator('nb').compare));
  });

  it('finds a trust by number, and its sites with their units', async () => {
    const { organization } = await client.query(
      graphql(`
        query RealTrust {
          organization(organizationNumber: "983971709") {
            reshId
            name
            treatmentSites {
              totalCount
              nodes {
                organizationNumber
                legalEntity {
                  reshId
                }
                units {
                  nodes {
                    isWithin(reshId: 100091)
                  }
                }
              }
            }
          }
        }
      `),
    );

    expect(organization).toMatchObject({ reshId: 100091, name: 'Sykehuset Innlandet HF' });

    const sites = organization?.treatmentSites;
    expect(sites?.totalCount).toBe(sites?.nodes.length);
    expect(sites?.totalCount).toBeGreaterThan(5);

    for (const site of sites?.nodes ?? []) expect(site.units.nodes).toContainEqual({ isWithin: true });
  });

  it('is empty on the day before its first', async () => {
    const { register } = await client.query(
      graphql(`
        query RealDayBefore {
          register(validAt: "2001-12-31") {
            roots {
              name
            }
            units(reshIds: [102673]) {
              outcome
              unit {
                seenOn
                ancestors {
                  reshId
                }
              }
            }
          }
        }
      `),
    );

    expect(register).toEqual({
      roots: [],
      units: [
        {
          outcome: 'NOT_YET_VALID',
          unit: { seenOn: '2002-01-01', ancestors: [{ reshId: 100024 }, { reshId: 4201115 }, { reshId: 110956 }] },
        },
      ],
    });
  });
});
