import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Succession } from '../../src/domain/unit/succession.ts';
import type { Database } from '../../src/store/database/database.ts';
import { createClient, type TestClient } from '../support/http/client.ts';
import { openTestDatabase } from '../support/database/database.ts';
import { generateRegister } from '../support/registers/generated-register.ts';
import { graphql } from '../support/generated/gql.ts';
import { recordTimelineChanges } from '../support/model/timeline-changes.ts';
import { createStatementCounter, readStatementName } from '../support/database/statement-counter.ts';
import { recordSuccessions } from '../support/world/successions.ts';

const counter = createStatementCounter();
let database: Database;
let client: TestClient;
const [chainStart, chainLength] = [100_000, 60] as const;

beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await generateRegister(database, 1_200);
  const days = Array.from(
    { length: chainLength + 1 },
    (_, index) => `${2003 + Math.floor(index / 4)}-0${1 + (index % 4) * 2}-01`,
  );
  // A long chain of successions, and a unit that closed without a successor.
  await recordTimelineChanges(database, [
    {
      ...Object.fromEntries(
        Array.from({ length: chainLength }, (_, index) => [
          chainStart + index,
          [{ from: days[index] ?? '', to: days[index + 1] ?? '', under: null, type: 'ORGANIZATION' as const }],
        ]),
      ),
      [chainStart + chainLength]: [{ from: days[chainLength] ?? '', under: null, type: 'ORGANIZATION' }],
    },
  ]);
  await recordSuccessions(
    database,
    Array.from({ length: chainLength }, (_, index): Succession => ({
      fromReshId: chainStart + index,
      toReshId: chainStart + index + 1,
      kind: 'REPLACEMENT',
      extent: 'FULL',
      effectiveOn: days[index + 1] ?? '',
    })),
  );
  client = createClient(database, { today: '2026-11-23' });
});
afterAll(() => database.close());

async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  return (await counter.during(work)).statements.map(readStatementName).sort();
}

const placementsQuery = graphql(`
  query CountedPlacements($items: [PlacementInput!]!) {
    placements(items: $items) {
      outcome
      unit {
        name
      }
      enterprise {
        organizationNumber
      }
      region {
        reshId
      }
      treatmentSite {
        name
      }
      codes {
        code {
          name
        }
      }
      warnings {
        code
        message
        didYouMean
        replacedBy {
          name
        }
      }
    }
  }
`);

const translationsQuery = graphql(`
  query CountedTranslations($items: [UnitAtInput!]!, $to: Date) {
    register(validAt: $to) {
      translateUnits(items: $items) {
        outcome
        units {
          name
        }
        steps {
          kind
          from {
            name
          }
          to {
            name
          }
          change {
            revision
          }
        }
      }
    }
  }
`);

const successionsQuery = graphql(`
  query CountedSuccessions($reshIds: [ReshId!]!, $transitive: Boolean) {
    units(reshIds: $reshIds) {
      unit {
        predecessors(transitive: $transitive) {
          from {
            name
          }
          change {
            revision
          }
        }
        successors(transitive: $transitive) {
          to {
            name
          }
          change {
            revision
          }
        }
      }
    }
  }
`);

function buildItems<Item>(length: number, item: (index: number) => Item): Item[] {
  return Array.from({ length }, (_, index) => item(index));
}

function pickDay(index: number): string {
  return `20${10 + (index % 10)}-0${1 + (index % 9)}-1${index % 10}`;
}

describe('statements of temporal queries', () => {
  it('are as many for 1,000 placements as for one', async () => {
    const singleStatements = await recordStatements(() =>
      client.query(placementsQuery, { items: [{ reshId: 1_000, validAt: '2020-01-01' }] }),
    );
    const thousandStatements = await recordStatements(() =>
      client.query(placementsQuery, {
        items: buildItems(1_000, (index) => ({ reshId: 1 + index, validAt: pickDay(index) })),
      }),
    );

    expect(thousandStatements).toEqual(singleStatements);
    expect(singleStatements).toEqual([
      'codes of units',
      'newest revision',
      'treatment sites',
      'units by RESH-id',
      'units by RESH-id',
    ]);
  });

  it('are as many for 1,000 placements of every kind as for one of each', async () => {
    const [found, closed, tooEarly, unknown] = [1_000, chainStart, chainStart + chainLength, 10_000_000];
    const mixedItem = (index: number) => [
      { reshId: found - index, validAt: '2020-01-01' },
      { reshId: closed + (index % (chainLength - 1)), validAt: '2026-01-01' },
      { reshId: tooEarly, validAt: pickDay(index) },
      { reshId: unknown + index, validAt: pickDay(index) },
    ];
    const singleStatements = await recordStatements(() => client.query(placementsQuery, { items: mixedItem(0) }));
    const thousandStatements = await recordStatements(() =>
      client.query(placementsQuery, { items: buildItems(250, mixedItem).flat() }),
    );

    expect(thousandStatements).toEqual(singleStatements);
    expect(singleStatements).toEqual([
      'RESH-ids near mistyped ones',
      'codes of units',
      'newest revision',
      'registered RESH-ids',
      'succession networks of units',
      'timelines of units',
      'timelines of units',
      'treatment sites',
      'units by RESH-id',
      'units by RESH-id',
    ]);
  });

  it('number one for suggestions of 1,000 unknown ids', async () => {
    const statements = await recordStatements(() =>
      client.query(placementsQuery, {
        items: buildItems(1_000, (index) => ({ reshId: 1_000_000 + index, validAt: '2020-01-01' })),
      }),
    );

    expect(statements.filter((name) => name === 'RESH-ids near mistyped ones')).toHaveLength(1);
  });

  it('are as many for 1,000 translations as for one', async () => {
    const translationStatements = (items: { reshId: number; validAt: string }[], to?: string) =>
      recordStatements(() => client.query(translationsQuery, { items, ...(to !== undefined && { to }) }));
    const chain = buildItems(chainLength, (index) => ({ reshId: chainStart + index, validAt: '2003-02-01' }));
    const unchangedItems = buildItems(1_000 - chainLength, (index) => ({ reshId: 1 + index, validAt: pickDay(index) }));

    expect(await translationStatements(unchangedItems)).toEqual(
      await translationStatements(unchangedItems.slice(0, 1)),
    );
    expect(await translationStatements([...chain, ...unchangedItems])).toEqual(
      await translationStatements(chain.slice(0, 1)),
    );
    expect(
      await translationStatements([{ reshId: chainStart + chainLength, validAt: '2026-01-01' }], '2003-02-01'),
    ).toEqual([
      expect.stringMatching('FROM "public"."change"'),
      'newest revision',
      'succession networks of units',
      'timelines of units',
      'timelines of units',
      'units by RESH-id',
    ]);
  });

  it.each([false, true])('are as many for successions of many units as of one, transitive %s', async (transitive) => {
    const successionStatements = (length: number) =>
      recordStatements(() =>
        client.query(successionsQuery, { reshIds: buildItems(length, (index) => chainStart + 30 + index), transitive }),
      );

    expect(await successionStatements(30)).toEqual(await successionStatements(1));
  });
});
