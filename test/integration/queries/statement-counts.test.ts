import { describe, expect, it } from 'vitest';
import { generateRegister } from '../../support/registers/generated-register.ts';
import { graphql } from '../../support/generated/gql.ts';
import { createStatementCounter, readStatementName } from '../../support/database/statement-counter.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const counter = createStatementCounter();
const { client } = useRegister({ observe: counter.observe, fill: (database) => generateRegister(database, 2_000) });

async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  return (await counter.during(work)).statements.map(readStatementName);
}

graphql(`
  fragment CountedFields on Unit {
    name
    ...UnitPosition
    treatmentSite {
      name
    }
    specialties {
      code {
        code
        name
        codeSet {
          number
          name
        }
      }
    }
  }
`);

const oneUnitQuery = graphql(`
  query CountedUnit($reshId: ReshId!) {
    unit(reshId: $reshId) {
      ...CountedFields
    }
  }
`);

const manyUnitsQuery = graphql(`
  query CountedUnits($reshIds: [ReshId!]!) {
    units(reshIds: $reshIds) {
      outcome
      unit {
        ...CountedFields
      }
    }
  }
`);

const listFieldsQuery = graphql(`
  query CountedLists($reshIds: [ReshId!]!) {
    units(reshIds: $reshIds) {
      unit {
        children(first: 3) {
          totalCount
          nodes {
            reshId
          }
        }
        descendants(first: 3) {
          totalCount
          nodes {
            reshId
          }
        }
        formerChildren(first: 3) {
          totalCount
        }
        descendantCount
        specialtyCounts {
          count
          code {
            name
          }
        }
        treatmentSites(first: 3) {
          totalCount
          nodes {
            name
          }
        }
        identifiers {
          value
        }
        internationalNames {
          name
        }
        addresses {
          city
        }
        contactPoints {
          value
        }
        designation {
          name
        }
        validity {
          from
        }
        parentHistory {
          parent {
            name
          }
        }
        ancestryHistory {
          ancestors {
            name
          }
        }
        versions {
          name
          parent {
            name
          }
          designation {
            name
          }
          treatmentSite {
            name
          }
          recordedBy {
            operation
          }
        }
      }
    }
  }
`);

const fourLevelsQuery = graphql(`
  query CountedLevels($reshId: ReshId!) {
    unit(reshId: $reshId) {
      children {
        nodes {
          name
          childCount
          children {
            nodes {
              name
              childCount
              children {
                nodes {
                  name
                  childCount
                  children {
                    nodes {
                      name
                      childCount
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
`);

describe('statements of a query', () => {
  it('number 2 after the revision for a page of treatment sites, whatever their number', async () => {
    const [two, ten] = [2, 10].map((first) => ({ query: `{ treatmentSites(first: ${first}) { nodes { name } } }` }));
    for (const request of [two, ten])
      expect((await recordStatements(() => client.send(request ?? { query: '' }))).slice(1)).toEqual([
        'page of treatment sites',
        'treatment sites',
      ]);
  });

  it('number 5 after the revision for a unit with all its relations', async () => {
    const statements = await recordStatements(() => client.query(oneUnitQuery, { reshId: 1_000 }));

    expect(statements[0]).toBe('newest revision');
    // On a server, two statements of one tick run concurrently, in either order.
    expect(statements.slice(1).toSorted()).toEqual([
      'codes of units',
      'treatment sites',
      'units by RESH-id',
      'units by RESH-id',
    ]);
  });

  it.each([1, 43, 1_555])('are as many for unit %i at any depth', async (reshId) => {
    const statements = await recordStatements(() => client.query(oneUnitQuery, { reshId }));

    expect(statements.length).toBeLessThanOrEqual(6);
  });

  it('are as many for 1,000 units as for one', async () => {
    const singleStatements = await recordStatements(() => client.query(manyUnitsQuery, { reshIds: [1_000] }));
    const thousandStatements = await recordStatements(() =>
      client.query(manyUnitsQuery, { reshIds: Array.from({ length: 1_000 }, (_, index) => index + 1_001) }),
    );

    expect(thousandStatements.toSorted()).toEqual(singleStatements.toSorted());
    expect(singleStatements.length).toBeLessThanOrEqual(6);
  });

  it('number two more for 1,000 mostly unknown RESH-ids', async () => {
    const reshIds = Array.from({ length: 1_000 }, (_, index) => index + 1_500);

    const known = await recordStatements(() => client.query(manyUnitsQuery, { reshIds: [1_000] }));
    const mixed = await recordStatements(() => client.query(manyUnitsQuery, { reshIds }));

    expect(mixed).toHaveLength(known.length + 2);
  });

  it('number 2 for four levels of children, plus one for each level and kind of field', async () => {
    const statements = await recordStatements(() => client.query(fourLevelsQuery, { reshId: 1 }));

    expect(statements).toHaveLength(2 + 4 * 2);
  });

  it('are as many for every list field of 200 units as of one', async () => {
    const singleStatements = await recordStatements(() => client.query(listFieldsQuery, { reshIds: [7] }));
    const many = await recordStatements(() =>
      client.query(listFieldsQuery, { reshIds: Array.from({ length: 200 }, (_, index) => index + 2) }),
    );

    expect(many.toSorted()).toEqual(singleStatements.toSorted());
  });
});

describe('statements of one request', () => {
  it('run four at a time, so that other requests are answered meanwhile', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `n${index}: descendantCount(filter: { name: "${index}" })`);

    const { maxConcurrent } = await counter.during(() =>
      client.send({ query: `{ unit(reshId: 1) { ${names.join(' ')} } }` }),
    );

    expect(maxConcurrent).toBe(4);
  });
});
