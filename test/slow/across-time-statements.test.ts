import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Succession } from '../../src/domain/unit/succession.ts';
import type { Database } from '../../src/store/database/database.ts';
import { createClient, type TestClient } from '../support/client.ts';
import { countStatements } from '../support/counting.ts';
import { openTestDatabase } from '../support/database.ts';
import { graphql } from '../support/generated/gql.ts';
import { growRegister } from '../support/grown-register.ts';
import { recordStory } from '../support/model/told.ts';
import { recordSuccessions } from '../support/successions.ts';

const counter = countStatements();
let database: Database;
let client: TestClient;
const [chainBegins, chainLength] = [100_000, 60] as const;

beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await growRegister(database, 1_200);
  const days = Array.from(
    { length: chainLength + 1 },
    (_, place) => `${2003 + Math.floor(place / 4)}-0${1 + (place % 4) * 2}-01`,
  );
  // A long chain of units that replaced each other, and a unit that closed without a successor.
  await recordStory(database, [
    {
      ...Object.fromEntries(
        Array.from({ length: chainLength }, (_, place) => [
          chainBegins + place,
          [{ from: days[place] ?? '', to: days[place + 1] ?? '', under: null, type: 'ORGANIZATION' as const }],
        ]),
      ),
      [chainBegins + chainLength]: [{ from: days[chainLength] ?? '', under: null, type: 'ORGANIZATION' }],
    },
  ]);
  await recordSuccessions(
    database,
    Array.from({ length: chainLength }, (_, place): Succession => ({
      fromReshId: chainBegins + place,
      toReshId: chainBegins + place + 1,
      kind: 'REPLACEMENT',
      extent: 'FULL',
      effectiveOn: days[place + 1] ?? '',
    })),
  );
  client = createClient(database, { today: '2026-11-23' });
});
afterAll(() => database.close());

const nameOf = (sql: string): string => /-- (.*)/.exec(sql)?.[1] ?? sql;
const statementsOf = async (work: () => Promise<unknown>): Promise<string[]> =>
  (await counter.during(work)).statements.map(nameOf).sort();

const placements = graphql(`
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

const translations = graphql(`
  query CountedTranslations($items: [UnitAtInput!]!, $to: Date) {
    translateUnits(items: $items, to: $to) {
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
`);

const successions = graphql(`
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

const many = <Item>(length: number, item: (place: number) => Item): Item[] =>
  Array.from({ length }, (_, place) => item(place));
const dayOf = (place: number): string => `20${10 + (place % 10)}-0${1 + (place % 9)}-1${place % 10}`;

describe('statements, whatever is asked across time', () => {
  it('places 1,000 in as many statements as one', async () => {
    const one = await statementsOf(() => client.ask(placements, { items: [{ reshId: 1_000, date: '2020-01-01' }] }));
    const thousand = await statementsOf(() =>
      client.ask(placements, { items: many(1_000, (place) => ({ reshId: 1 + place, date: dayOf(place) })) }),
    );

    expect(thousand).toEqual(one);
    expect(one).toEqual([
      'codes of units',
      'newest revision',
      'treatment sites',
      'units by RESH-id',
      'units by RESH-id',
    ]);
  });

  it('places 1,000 of every kind in as many statements as one of each', async () => {
    const [found, closed, tooEarly, unknown] = [1_000, chainBegins, chainBegins + chainLength, 10_000_000];
    const ofEach = (place: number) => [
      { reshId: found - place, date: '2020-01-01' },
      { reshId: closed + (place % (chainLength - 1)), date: '2026-01-01' },
      { reshId: tooEarly, date: dayOf(place) },
      { reshId: unknown + place, date: dayOf(place) },
    ];
    const one = await statementsOf(() => client.ask(placements, { items: ofEach(0) }));
    const thousand = await statementsOf(() => client.ask(placements, { items: many(250, ofEach).flat() }));

    expect(thousand).toEqual(one);
    expect(one).toEqual([
      'RESH-ids near mistyped ones',
      'codes of units',
      'newest revision',
      'registered RESH-ids',
      'successors of units',
      'timelines of units',
      'timelines of units',
      'treatment sites',
      'units by RESH-id',
      'units by RESH-id',
    ]);
  });

  it('suggests ids for 1,000 that are unknown in one statement', async () => {
    const statements = await statementsOf(() =>
      client.ask(placements, { items: many(1_000, (place) => ({ reshId: 1_000_000 + place, date: '2020-01-01' })) }),
    );

    expect(statements.filter((name) => name === 'RESH-ids near mistyped ones')).toHaveLength(1);
  });

  it('translates 1,000 in as many statements as one', async () => {
    const translated = (items: { reshId: number; at: string }[], to?: string) =>
      statementsOf(() => client.ask(translations, { items, ...(to !== undefined && { to }) }));
    const chain = many(chainLength, (place) => ({ reshId: chainBegins + place, at: '2003-02-01' }));
    const plain = many(1_000 - chainLength, (place) => ({ reshId: 1 + place, at: dayOf(place) }));

    expect(await translated(plain)).toEqual(await translated(plain.slice(0, 1)));
    expect(await translated([...chain, ...plain])).toEqual(await translated(chain.slice(0, 1)));
    expect(await translated([{ reshId: chainBegins + chainLength, at: '2026-01-01' }], '2003-02-01')).toEqual([
      expect.stringMatching('FROM "public"."change"'),
      'newest revision',
      'predecessors of units',
      'timelines of units',
      'timelines of units',
      'units by RESH-id',
    ]);
  });

  it.each([false, true])('reads successions of many units as of one, transitive %s', async (transitive) => {
    const asked = (length: number) =>
      statementsOf(() =>
        client.ask(successions, { reshIds: many(length, (place) => chainBegins + 30 + place), transitive }),
      );

    expect(await asked(30)).toEqual(await asked(1));
  });
});
