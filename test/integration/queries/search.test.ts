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
  { path: [200, 201, 202, 210], name: 'Kirurgisk post', treatmentSiteNumber: '974747138' },
  { path: [300], type: 'ORGANIZATION', name: 'Helse Sør-Øst RHF' },
  { path: [300, 301], type: 'ORGANIZATION', name: 'Akershus universitetssykehus HF', shortName: 'Ahus' },
  { path: [300, 301, 302], name: 'Kirurgisk seksjon, Ahus sør' },
  { path: [300, 301, 303], name: 'Kontor Ås' },
  { path: [300, 301, 304], name: 'Kontor Aas' },
  { path: [300, 301, 305], name: 'Kontor As' },
  { path: [300, 301, 306], name: 'Ahus Lærdal' },
  { path: [300, 301, 307], name: 'Nordahus' },
  { path: [300, 301, 308], name: 'Kontor Laerdal' },
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
      await session.execute(`
          insert into treatment_site
          values ('974747138', 1);
          insert into treatment_site_version (organization_number, name, recorded_rev)
          values ('974747138', 'Volda legesenter', 1)`);
      await insertUnitVersions(session, revision, unitVersions);
      await session.execute(`
          insert into unit_name (resh_id, language, name, valid_from, recorded_rev)
          values (102, 'en', 'Haukeland University Hospital', '2002-01-01', 1);
          insert into unit_identifier (resh_id, system, value, valid_from, valid_to, recorded_rev)
          values (107, 'urn:old', 'OLD-1', '2002-01-01', '2015-01-01', 1);
          insert into succession (from_resh_id, to_resh_id, kind, extent, effective_on, recorded_rev)
          values (108, 107, 'MERGE', 'FULL', '2020-01-01', 1);
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

    expect(await searchIds('post', pastSnapshot)).toEqual([210, 108, 203]);
    expect(await searchIds('psyk', pastSnapshot)).toEqual([203]);
    expect(await searchIds('psyk seng', pastSnapshot)).toEqual([203]);
    expect(await searchIds('sjukehus')).toEqual([201, 106, 102]);
    expect(await searchIds('hus')).toEqual([102, 301, 307, 306, 201, 106, 302]);
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

  it('finds a short name first, then the starts of names, words and parts of words', async () => {
    expect(await search('ahus')).toEqual([
      { reshId: 301, matched: { kind: 'SHORT_NAME', text: 'Ahus' } },
      { reshId: 306, matched: { kind: 'NAME', text: 'Ahus Lærdal' } },
      { reshId: 302, matched: { kind: 'NAME', text: 'Kirurgisk seksjon, Ahus sør' } },
      { reshId: 307, matched: { kind: 'NAME', text: 'Nordahus' } },
    ]);
  });

  it('takes "aa" for "å", "oe" for "ø" and "ae" for "æ", the spelling as typed first', async () => {
    expect(await searchIds('ås')).toEqual([303, 304, 305]);
    expect(await searchIds('aas')).toEqual([304, 303]);
    expect(await searchIds('as')).toEqual([305, 303]);
    expect(await searchIds('lærdal')).toEqual([306, 308]);
    expect(await searchIds('laerdal')).toEqual([308, 306]);
    expect(await searchIds('foerde')).toEqual(await searchIds('førde'));
    expect((await searchIds('soer-oest'))[0]).toBe(300);
  });

  it('finds names in other languages, treatment sites and former identifiers', async () => {
    expect(await search('haukeland hospital')).toEqual([
      { reshId: 102, matched: { kind: 'INTERNATIONAL_NAME', text: 'Haukeland University Hospital' } },
    ]);
    expect(await search('volda')).toEqual([
      { reshId: 210, matched: { kind: 'TREATMENT_SITE', text: 'Volda legesenter' } },
    ]);
    expect(await search('974 747 138')).toEqual([
      { reshId: 210, matched: { kind: 'TREATMENT_SITE', text: '974747138' } },
    ]);
    expect(await search('OLD-1')).toEqual([{ reshId: 107, matched: { kind: 'FORMER_IDENTIFIER', text: 'OLD-1' } }]);
  });

  it('finds similar words only where nothing has the words, and nothing for other words', async () => {
    expect(await searchIds('ortopedsk poliklinik')).toEqual([104]);
    expect(await searchIds('hospital')).toEqual([102]);
    expect(await searchIds('xyzzy')).toEqual([]);
    expect(await searchIds('bil')).toEqual([]);
    expect(await searchIds('983974725')).toEqual([]);
  });

  it('stays within a subtree, its root included, and a filter', async () => {
    expect(await searchIds('ortopedisk', { within: 105 })).toEqual([107]);
    expect(await searchIds('førde', { within: 106 })).toEqual([106]);
    expect(await searchIds('ortopedisk', { filter: { designations: ['11'] } })).toEqual([104]);
    expect(await searchIds('ortopedisk', { within: 999 })).toEqual([]);
  });

  it('lists all units by name without a text or with a blank one', async () => {
    const idsByName = [
      306, 301, 106, 102, 101, 105, 200, 300, 100, 202, 210, 302, 304, 305, 308, 303, 307, 103, 107, 104, 201,
    ];
    const allIds = [
      100, 101, 102, 103, 104, 105, 106, 107, 200, 201, 202, 210, 300, 301, 302, 303, 304, 305, 306, 307, 308,
    ];

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

  it('finds closed units after the open ones on request, and counts them in any case', async () => {
    const closedQuery = graphql(`
      query SearchedClosed($text: String, $includeClosed: Boolean, $first: Int, $after: String) {
        search(text: $text, includeClosed: $includeClosed, first: $first, after: $after) {
          totalCount
          closedCount
          facets {
            name
            values {
              label
              count
            }
          }
          pageInfo {
            endCursor
          }
          edges {
            isClosed
            node {
              reshId
              seenOn
              successors {
                kind
                to {
                  reshId
                }
              }
            }
          }
        }
      }
    `);
    const find = async (variables: Parameters<typeof client.query<object, Record<string, unknown>>>[1]) =>
      (await client.query(closedQuery, variables as { text: string })).search;

    const nedlagt = await find({ text: 'nedlagt', includeClosed: true });
    expect(nedlagt.edges).toEqual([
      {
        isClosed: true,
        node: { reshId: 108, seenOn: '2019-12-31', successors: [{ kind: 'MERGE', to: { reshId: 107 } }] },
      },
    ]);
    expect(nedlagt.facets[1]).toEqual({ name: 'ENTERPRISE', values: [{ label: 'Helse Førde HF', count: 1 }] });
    expect(await find({ text: 'nedlagt' })).toMatchObject({ edges: [], totalCount: 0, closedCount: 1 });

    const posts = await find({ text: 'post', includeClosed: true });
    expect(posts.edges.map(({ isClosed, node }) => [node.reshId, isClosed])).toEqual([
      [210, false],
      [108, true],
      [203, true],
    ]);
    expect(posts).toMatchObject({ totalCount: 3, closedCount: 2 });
    const first = await find({ text: 'post', includeClosed: true, first: 2 });
    const rest = await find({ text: 'post', includeClosed: true, first: 2, after: first.pageInfo.endCursor });
    expect(rest.edges.map(({ node }) => node.reshId)).toEqual([203]);

    const everything = await find({ text: null, includeClosed: true, first: 100 });
    expect(everything.edges.filter(({ isClosed }) => isClosed).map(({ node }) => node.reshId)).toEqual([108, 203]);
    expect(await find({ text: null })).toMatchObject({ closedCount: 2 });
  });

  it.each([null, 1, 50, 100])('counts the cost of facets once, whatever the page: first %s', async (first) => {
    const query = graphql(`
      query FacetsOfPage($first: Int) {
        search(first: $first) {
          closedCount
          totalCount
          facets {
            name
            values {
              label
              count
              unit {
                reshId
              }
            }
          }
        }
      }
    `);
    expect((await client.execute(query, { first })).errors).toBeUndefined();
  });

  it('sorts by name or RESH-id on request, closed units last', async () => {
    const sortedQuery = graphql(`
      query SearchedSorted($orderBy: UnitOrder, $after: String) {
        search(text: "kirurgisk", includeClosed: true, orderBy: $orderBy, first: 2, after: $after) {
          nodes {
            reshId
          }
          pageInfo {
            endCursor
          }
        }
      }
    `);
    const readIds = async (field: 'NAME' | 'RESH_ID', direction: 'ASC' | 'DESC') => {
      const orderBy = { field, direction };
      const { search: page } = await client.query(sortedQuery, { orderBy });
      const { search: rest } = await client.query(sortedQuery, { orderBy, after: page.pageInfo.endCursor });
      return [...page.nodes, ...rest.nodes].map(({ reshId }) => reshId);
    };
    expect(await readIds('RESH_ID', 'ASC')).toEqual([202, 210, 302]);
    expect(await readIds('RESH_ID', 'DESC')).toEqual([302, 210, 202]);
    expect(await readIds('NAME', 'ASC')).toEqual([202, 210, 302]);
    expect(await readIds('NAME', 'DESC')).toEqual([302, 210, 202]);
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
