import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordChange } from '../../../src/store/change/ledger.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { insertUnitVersions, type StoredVersion } from '../../support/database/insert-unit-versions.ts';
import { graphql } from '../../support/generated/gql.ts';
import { createStatementCounter } from '../../support/database/statement-counter.ts';

const counter = createStatementCounter();
let database: Database;
let client: TestClient;

const unitVersions: readonly StoredVersion[] = [
  { path: [100], type: 'ORGANIZATION', name: 'Helse Vest RHF' },
  {
    path: [100, 101],
    type: 'ORGANIZATION',
    name: 'Helse Bergen HF',
    shortName: 'Bergen',
    organizationNumber: '983974724',
  },
  { path: [100, 101, 102], name: 'Haukeland universitetssjukehus', shortName: 'HUS', designationCode: '01' },
  { path: [100, 101, 102, 103], name: 'Ortopedisk avdeling', designationCode: '05' },
  { path: [100, 101, 102, 103, 104], name: 'Ortopedisk poliklinikk', designationCode: '11' },
  { path: [100, 105], type: 'ORGANIZATION', name: 'Helse Førde HF', organizationNumber: '983974732' },
  { path: [100, 105, 106], name: 'Førde sentralsjukehus', designationCode: '01' },
  { path: [100, 105, 106, 107], name: 'Ortopedisk avdeling', designationCode: '05' },
  { path: [100, 105, 106, 108], name: 'Nedlagt ortopedisk post', designationCode: '08', to: '2020-01-01' },
  { path: [200], type: 'ORGANIZATION', name: 'Helse Midt-Norge RHF' },
  { path: [200, 201], type: 'ORGANIZATION', name: 'Ålesund sjukehus', designationCode: '01' },
  { path: [200, 201, 203], name: 'Ungdomspsykiatrisk sengepost', designationCode: '08', to: '2020-01-01' },
  { path: [200, 201, 202], name: 'Kirurgisk klinikk', designationCode: '02', from: '2010-01-01' },
  { path: [200, 201, 202], name: 'Gamle Lazarettet', to: '2010-01-01' },
];

beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await database.bulk((session) =>
    recordChange(session, changeEntry({ operation: 'IMPORT' }), async (revision) => {
      await session.execute(`
          insert into code_set
          values
            (8624, '2.16.578.1.12.4.1.1.8624', 'Betegnelse', ${revision}),
            (8451, '2.16.578.1.12.4.1.1.8451', 'Fagområde', ${revision});
          insert into code
          values (8624, '01', 1), (8624, '02', 1), (8624, '05', 1), (8624, '08', 1), (8624, '11', 1), (8451, '050', 1);
          insert into code_version (code_set, code, name, recorded_rev)
          values
            (8624, '01', 'Sykehus', 1),
            (8624, '02', 'Klinikk', 1),
            (8624, '05', 'Avdeling', 1),
            (8624, '08', 'Post', 1),
            (8624, '11', 'Poliklinikk', 1),
            (8451, '050', 'Ortopedisk kirurgi', 1)`);
      await insertUnitVersions(session, revision, unitVersions);
      await session.execute(`
          insert into unit_code (resh_id, code_set, code, valid_from, recorded_rev)
          values (103, 8451, '050', '2002-01-01', 1), (107, 8451, '050', '2002-01-01', 1);
          insert into unit_identifier (resh_id, system, value, valid_from, recorded_rev)
          values (107, 'urn:test', 'X-42', '2002-01-01', 1)`);
    }),
  );
  client = createClient(database, { today: '2026-11-23' });
});
afterAll(() => database.close());

const searchQuery = graphql(`
  query Searched($text: String, $filter: UnitFilter, $within: ReshId, $first: Int, $after: String, $validAt: Date) {
    register(validAt: $validAt) {
      search(text: $text, filter: $filter, withinReshId: $within, first: $first, after: $after) {
        edges {
          node {
            reshId
          }
          matched {
            kind
            text
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);
type SearchVariables = Partial<NonNullable<Parameters<typeof client.query<object, Record<string, unknown>>>[1]>>;

async function search(text: string | null, options: SearchVariables = {}) {
  const { register } = await client.query(searchQuery, { text, ...options });
  return register.search.edges.map(({ node, matched }) => ({ reshId: node.reshId, matched }));
}

async function searchIds(text: string | null, options: SearchVariables = {}) {
  return (await search(text, options)).map(({ reshId }) => reshId);
}

describe('search', () => {
  it.each([
    ['Haukeland', 102],
    ['Haukland', 102],
    ['haukeland universitetssykehus', 102],
    ['forde sentral', 106],
    ['alesund', 201],
    ['Aalesund', 201],
    ['ÅLESUND', 201],
    ['kirurgsk klinik', 202],
  ])('finds "%s" despite typos and missing accents', async (text, reshId) => {
    expect((await searchIds(text))[0]).toBe(reshId);
  });

  it('finds a word within a longer one and ranks whole words first', async () => {
    const pastSnapshot = { validAt: '2019-12-31' };

    expect(await searchIds('post', pastSnapshot)).toEqual([108, 203]);
    expect(await searchIds('psyk', pastSnapshot)).toEqual([203]);
    expect(await searchIds('psyk seng', pastSnapshot)).toEqual([203]);
    expect(await searchIds('sjukehus')).toEqual([201, 106, 102]);
    expect(await searchIds('hus')).toEqual([102, 201, 106]);
    expect(await searchIds('us')).not.toContain(106);
  });

  it('finds names, former names, RESH-ids, organization numbers and identifiers, and names the field', async () => {
    expect(await search('HUS')).toContainEqual({ reshId: 102, matched: { kind: 'SHORT_NAME', text: 'HUS' } });
    expect(await search('lazarettet')).toEqual([
      { reshId: 202, matched: { kind: 'FORMER_NAME', text: 'Gamle Lazarettet' } },
    ]);
    expect((await search('102'))[0]).toEqual({ reshId: 102, matched: { kind: 'RESH_ID', text: '102' } });
    expect((await search('983 974 724'))[0]).toEqual({
      reshId: 101,
      matched: { kind: 'ORGANIZATION_NUMBER', text: '983974724' },
    });
    expect((await search('X-42'))[0]).toEqual({ reshId: 107, matched: { kind: 'IDENTIFIER', text: 'X-42' } });
  });

  it('ranks a whole name before a partial match', async () => {
    const [first, second] = await search('Ortopedisk avdeling');

    expect([first, second].map((hit) => hit?.reshId)).toEqual([103, 107]);
    expect(await searchIds('ortopedisk')).toEqual(expect.arrayContaining([103, 104, 107]));
  });

  it('requires every word', async () => {
    expect(await searchIds('ortopedisk poliklinikk')).toEqual([104]);
    expect(await searchIds('ortopedisk lazarettet')).toEqual([]);
  });

  it('finds only units valid on the day', async () => {
    expect(await searchIds('nedlagt')).toEqual([]);
    expect(await searchIds('nedlagt', { validAt: '2019-12-31' })).toEqual([108]);
    expect(await search('lazarettet', { validAt: '2005-01-01' })).toEqual([
      { reshId: 202, matched: { kind: 'NAME', text: 'Gamle Lazarettet' } },
    ]);
    expect(await searchIds('kirurgisk klinikk', { validAt: '2005-01-01' })).toEqual([]);
  });

  it('stays within a subtree, its root included, and a filter', async () => {
    expect(await searchIds('ortopedisk', { within: 105 })).toEqual([107]);
    expect(await searchIds('førde', { within: 106 })).toEqual([106]);
    expect(await searchIds('ortopedisk', { filter: { designations: ['11'] } })).toEqual([104]);
    expect(await searchIds('ortopedisk', { within: 999 })).toEqual([]);
  });

  it('lists all units by name without a text or with a blank one', async () => {
    const allIds = [102, 101, 105, 200, 100, 106, 202, 103, 107, 104, 201];
    const idsByName = [106, 102, 101, 105, 200, 100, 202, 103, 107, 104, 201];

    expect((await searchIds(null)).toSorted()).toEqual(allIds.toSorted());
    expect(await searchIds(null)).toEqual(idsByName);
    expect(await searchIds('  ')).toEqual(idsByName);
    expect(await searchIds(null, { within: 101 })).toEqual([102, 101, 103, 104]);
  });

  it.each(['a', 'ø', 'fø', '%', "'", '-', '\\', '()', '🙂'])('treats "%s" as plain text', async (text) => {
    expect(Array.isArray(await search(text))).toBe(true);
  });

  it('pages through all hits once, in one order', async () => {
    const allMatches = await searchIds('ortopedisk');
    const pagedIds: number[] = [];
    let after: string | null = null;
    do {
      const { register }: Awaited<ReturnType<typeof client.query<{ register: { search: Page } }, SearchVariables>>> =
        await client.query(searchQuery, { text: 'ortopedisk', first: 1, after });
      pagedIds.push(...register.search.edges.map(({ node }) => node.reshId));
      after = register.search.pageInfo.hasNextPage ? register.search.pageInfo.endCursor : null;
    } while (after !== null);

    expect(pagedIds).toEqual(allMatches);
    expect(allMatches.length).toBeGreaterThan(2);
  });

  it('counts hits and facets only on request', async () => {
    const facets = graphql(`
      query Facets($text: String) {
        search(text: $text, first: 1) {
          totalCount
          facets {
            name
            distinctCount
            values {
              unit {
                reshId
              }
              code {
                code
                codeSet {
                  number
                }
              }
              label
              count
            }
          }
        }
      }
    `);
    const { result, statements } = await counter.during(() => client.query(facets, { text: 'ortopedisk avdeling' }));

    expect(result.search).toEqual({
      totalCount: 2,
      facets: [
        {
          name: 'REGION',
          distinctCount: 1,
          values: [{ unit: { reshId: 100 }, code: null, label: 'Helse Vest RHF', count: 2 }],
        },
        {
          name: 'ENTERPRISE',
          distinctCount: 2,
          values: [
            { unit: { reshId: 101 }, code: null, label: 'Helse Bergen HF', count: 1 },
            { unit: { reshId: 105 }, code: null, label: 'Helse Førde HF', count: 1 },
          ],
        },
        {
          name: 'DESIGNATION',
          distinctCount: 1,
          values: [{ unit: null, code: { code: '05', codeSet: { number: 8624 } }, label: 'Avdeling', count: 2 }],
        },
        {
          name: 'SPECIALTY',
          distinctCount: 1,
          values: [
            { unit: null, code: { code: '050', codeSet: { number: 8451 } }, label: 'Ortopedisk kirurgi', count: 2 },
          ],
        },
      ],
    });
    expect(statements.map((sql) => /-- (.*)/.exec(sql)?.[1]).toSorted()).toEqual([
      'codes',
      'facets of a search',
      'newest revision',
      'number of hits of a search',
      'search',
      'units by RESH-id',
    ]);
  });

  it('refuses a text that is too long or has too many words', async () => {
    const readError = async (text: string) => (await client.execute(searchQuery, { text })).errors?.[0]?.message;

    expect(await readError('x'.repeat(201))).toBe(
      '`text` has 201 characters, but at most 200 are allowed. Search for fewer words.',
    );
    expect(await readError('😀'.repeat(200))).toBeUndefined();
    expect(await readError('😀'.repeat(201))).toBe(
      '`text` has 201 characters, but at most 200 are allowed. Search for fewer words.',
    );
    expect(await readError('a b c d e f g h i j k')).toBe(
      '`text` has 11 words, but at most 10 are allowed. Search for fewer words.',
    );
  });
});

interface Page {
  edges: { node: { reshId: number } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
