import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { openDemoRegister } from '../../support/registers/demo-register.ts';
import { graphql } from '../../support/generated/gql.ts';
import type { QualityIssuesQueryVariables } from '../../support/generated/graphql.ts';
import { createStatementCounter } from '../../support/database/statement-counter.ts';
import { buildWorld, numbers, units as u, worldDay } from '../../support/world/world.ts';

const qualityIssuesQuery = graphql(`
  query QualityIssues($within: ReshId, $kinds: [QualityIssueKind!], $first: Int, $after: String) {
    qualityIssues(withinReshId: $within, kinds: $kinds, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        kind
        unit {
          id
          reshId
        }
        message
        others {
          reshId
          seenOn
        }
      }
    }
  }
`);

async function queryIssues(client: TestClient, variables: QualityIssuesQueryVariables = {}) {
  return (await client.query(qualityIssuesQuery, variables)).qualityIssues;
}

type Nodes = Awaited<ReturnType<typeof queryIssues>>['nodes'];

function kindsAndUnits(nodes: Nodes) {
  return nodes.map(({ kind, unit }) => [kind, unit.reshId]);
}

describe('quality issues', () => {
  const counter = createStatementCounter();
  let database: Database;
  let client: TestClient;
  const executeSql = (sql: string): Promise<void> => database.bulk((session) => session.execute(sql));
  /** Replaces the versions of a unit, with other columns or periods. */
  const insertVersion = (
    reshId: number,
    columns: Record<string, string>,
    periods = `('2010-01-01'::date, null::date)`,
  ) => {
    const assignments = Object.entries(columns).map(([name, value]) => `, ${name} = ${value}`);
    return executeSql(`
      create temporary table stated as select * from unit_version where resh_id = ${reshId} and superseded_rev is null;
      update unit_version set superseded_rev = 2 where resh_id = ${reshId} and superseded_rev is null;
      update stated set recorded_rev = 2 ${assignments.join('')};
      insert into unit_version (resh_id, valid_from, valid_to, recorded_rev, parent_resh_id, type, name,
        designation_code, organization_number, treatment_site_number, path, path_text)
      select resh_id, period.a, period.b, recorded_rev, parent_resh_id, type, name,
        designation_code, organization_number, treatment_site_number, path, path_text
      from stated
      cross join (values ${periods}) as period (a, b);
      drop table stated`);
  };
  beforeAll(async () => {
    database = await openTestDatabase({ observe: counter.observe });
    await buildWorld(database);
    client = createClient(database, { today: worldDay });
  });
  afterAll(() => database.close());

  it('are absent in the world of the tests', async () => {
    expect(await queryIssues(client)).toEqual({
      totalCount: 0,
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });

  it('cover each kind, sorted by kind and RESH-id, with related units', async () => {
    await executeSql(`
      insert into change (revision, recorded_at, operation, actor_subject, actor_name, input, rows_digest,
        previous_hash, hash)
      values (2, now(), 'IMPORT', 't', 'T', '{}', '', '', '2');
      insert into unit_code (resh_id, code_set, code, valid_from, recorded_rev)
      values
        (${u.southClinic}, 8451, '040', '2015-01-01', 2),
        (${u.southClinic}, 8451, '030', '2015-01-01', 2),
        (${u.clinic}, 8451, '020', '2015-01-01', 2);
      insert into unit_code (resh_id, code_set, code, valid_from, valid_to, recorded_rev)
      values (${u.ward}, 8451, '030', '2015-01-01', '2020-01-01', 2);
      insert into unit_identifier (resh_id, system, value, valid_from, recorded_rev)
      values
        (${u.ward}, 'urn:test', '7', '2015-01-01', 2),
        (${u.southTrust}, 'urn:test', '7', '2015-01-01', 2),
        (${u.secondWard}, 'urn:other', '7', '2015-01-01', 2)`);
    await insertVersion(u.secondClinic, { treatment_site_number: `'${numbers.northTrust}'` });
    await insertVersion(u.secondWard, { name: `'WARD'` });
    await insertVersion(u.privateHospital, {}, `('2010-01-01'::date, '2026-01-01'::date)`);
    await insertVersion(
      u.siblingClinic,
      {},
      `('2010-01-01'::date, '2012-01-01'::date), ('2013-01-01'::date, null::date)`,
    );

    const { totalCount, nodes } = await queryIssues(client);
    expect(totalCount).toBe(9);
    expect(nodes.map(({ kind, unit, message, others }) => [kind, unit.reshId, others, message])).toEqual([
      [
        'NO_TREATMENT_SITE',
        u.southClinic,
        [],
        'Unit 211 "southClinic" has service codes (8451:030, 8451:040) but no treatment site of its own. ' +
          'Connect it to the establishment where it treats patients.',
      ],
      [
        'SITE_IS_ENTERPRISE_NUMBER',
        u.secondClinic,
        [{ reshId: u.northTrust, seenOn: worldDay }],
        `Treatment site ${numbers.northTrust} of unit 114 "secondClinic" is the organization number of unit 110. ` +
          'Connect the unit to the establishment where it treats patients.',
      ],
      ['RETIRED_CODE', u.southClinic, [], expect.stringContaining('no longer valid: 8451:030, 8451:040.') as string],
      [
        'CLOSED_PARENT',
        u.privateClinic,
        [{ reshId: u.privateHospital, seenOn: '2025-12-31' }],
        expect.stringContaining('is under 220, which is not valid') as string,
      ],
      [
        'GAP_IN_VALIDITY',
        u.siblingClinic,
        [],
        expect.stringContaining('has gaps in its validity: 2012-01-01 to 2013-01-01.') as string,
      ],
      [
        'DUPLICATE_NAME',
        u.ward,
        [{ reshId: u.secondWard, seenOn: worldDay }],
        expect.stringContaining('as 113') as string,
      ],
      [
        'DUPLICATE_NAME',
        u.secondWard,
        [{ reshId: u.ward, seenOn: worldDay }],
        expect.stringContaining('as 112') as string,
      ],
      [
        'DUPLICATE_IDENTIFIER',
        u.ward,
        [{ reshId: u.southTrust, seenOn: worldDay }],
        expect.stringContaining('with 210: urn:test 7.') as string,
      ],
      ['DUPLICATE_IDENTIFIER', u.southTrust, [{ reshId: u.ward, seenOn: worldDay }], expect.any(String) as string],
    ]);
    expect(nodes[0]?.unit.id).toBe(Buffer.from(`Unit:${u.southClinic}`).toString('base64'));
  });

  it('can be limited to a subtree and to kinds, in any order', async () => {
    expect(kindsAndUnits((await queryIssues(client, { within: u.north })).nodes)).toEqual([
      ['SITE_IS_ENTERPRISE_NUMBER', u.secondClinic],
      ['GAP_IN_VALIDITY', u.siblingClinic],
      ['DUPLICATE_NAME', u.ward],
      ['DUPLICATE_NAME', u.secondWard],
      ['DUPLICATE_IDENTIFIER', u.ward],
    ]);
    expect(
      kindsAndUnits((await queryIssues(client, { kinds: ['DUPLICATE_IDENTIFIER', 'CLOSED_PARENT'] })).nodes),
    ).toEqual([
      ['CLOSED_PARENT', u.privateClinic],
      ['DUPLICATE_IDENTIFIER', u.ward],
      ['DUPLICATE_IDENTIFIER', u.southTrust],
    ]);
    expect(await queryIssues(client, { kinds: [] })).toMatchObject({ totalCount: 0, nodes: [] });
    expect(await queryIssues(client, { within: 999 })).toMatchObject({ totalCount: 0, nodes: [] });
  });

  it('are paged at the snapshot of the first page, one statement a page', async () => {
    const allIssues = kindsAndUnits((await queryIssues(client)).nodes);
    const found: unknown[] = [];
    let page: Awaited<ReturnType<typeof queryIssues>> | undefined;
    while (page?.pageInfo.hasNextPage ?? true) {
      const after = page?.pageInfo.endCursor;
      page = await queryIssues(client, { first: 4, ...(typeof after === 'string' && { after }) });
      found.push(...kindsAndUnits(page.nodes));
      expect(page.totalCount).toBe(9);
      if (found.length === 4)
        await executeSql(`
          insert into change (revision, recorded_at, operation, actor_subject, actor_name, input, rows_digest,
            previous_hash, hash)
          values (3, now(), 'IMPORT', 't', 'T', '{}', '', '', '3');
          update unit_identifier set superseded_rev = 3 where value = '7'`);
    }

    expect(found).toEqual(allIssues);
    expect((await queryIssues(client)).totalCount).toBe(7);

    const { statements } = await counter.during(() =>
      client.send({ query: '{ qualityIssues { nodes { kind message } } }' }),
    );
    expect(statements.map((sql) => /-- (.*)/.exec(sql)?.[1])).toEqual(['newest revision', 'quality issues']);
  });

  it('are those of the day and the revision of the register', async () => {
    const { data, errors } = await client.send({
      query: `{
        now: register(validAt: "${worldDay}") { qualityIssues { totalCount } }
        before: register(validAt: "1990-01-01") { qualityIssues { totalCount } }
        unknown: register(revision: 0) { qualityIssues { totalCount } }
      }`,
    });

    expect(errors).toBeUndefined();
    expect(data).toEqual({
      now: { qualityIssues: { totalCount: 7 } },
      before: { qualityIssues: { totalCount: 0 } },
      unknown: { qualityIssues: { totalCount: 0 } },
    });
  });

  it('need as many statements for a page of one as for all', async () => {
    const recordStatements = async (first: number) =>
      (await counter.during(() => queryIssues(client, { first, kinds: ['DUPLICATE_NAME'] }))).statements.length;

    expect(await recordStatements(2)).toBe(await recordStatements(1));
  });
});

describe('quality issues of the demo register', () => {
  it('include units without a site, retired codes and a trust used as its own site', async () => {
    const database = await openDemoRegister();
    const client = createClient(database, { today: worldDay });
    const { qualityIssues } = await client.query(
      graphql(`
        query DemoQualityIssues {
          qualityIssues(kinds: [NO_TREATMENT_SITE], first: 100) {
            totalCount
            nodes {
              unit {
                treatmentSite {
                  name
                }
                specialties {
                  code {
                    code
                  }
                }
              }
            }
          }
        }
      `),
    );

    expect(qualityIssues.totalCount).toBeGreaterThan(0);

    for (const { unit } of qualityIssues.nodes)
      expect([unit.treatmentSite, unit.specialties.length > 0]).toEqual([null, true]);
    for (const kind of ['RETIRED_CODE', 'SITE_IS_ENTERPRISE_NUMBER'] as const)
      expect((await queryIssues(client, { kinds: [kind] })).totalCount).toBeGreaterThan(0);

    expect((await queryIssues(client, { kinds: ['CLOSED_PARENT'] })).totalCount).toBe(0);

    await database.close();
  });
});
