import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differenceKinds } from '../../../src/domain/unit/facts.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { createClient, type TestClient } from '../../support/http/client.ts';
import { withFieldTexts } from '../../support/http/field-texts.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { openDemoRegister } from '../../support/registers/demo-register.ts';
import { generateRegister } from '../../support/registers/generated-register.ts';
import { graphql } from '../../support/generated/gql.ts';
import type { DifferencesQueryVariables } from '../../support/generated/graphql.ts';
import type { Mutations } from '../../support/mutations/mutations.ts';
import { createStatementCounter, readStatementName } from '../../support/database/statement-counter.ts';
import {
  mutationsAs,
  buildWorld,
  numbers,
  subjects,
  units as u,
  worldStart,
  worldDay,
} from '../../support/world/world.ts';
import { useRegister } from '../../support/registers/use-register.ts';

const differencesQuery = graphql(`
  query Differences(
    $from: RegisterPointInput!
    $to: RegisterPointInput!
    $within: ReshId
    $kinds: [DifferenceKind!]
    $first: Int
    $after: String
  ) {
    diff(from: $from, to: $to, withinReshId: $within, kinds: $kinds, first: $first, after: $after) {
      totalCount
      counts {
        kind
        count
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        unit {
          id
          reshId
          name
          seenOn
        }
        kinds
        before {
          id
          name
        }
        after {
          id
          name
        }
        fields {
          ...ChangedField
        }
      }
    }
  }
`);

const changePointsQuery = graphql(`
  query ChangePoints($within: ReshId, $from: Date!, $to: Date!) {
    changePoints(withinReshId: $within, from: $from, to: $to)
  }
`);

async function queryDifferences(client: TestClient, variables: DifferencesQueryVariables) {
  return withFieldTexts((await client.query(differencesQuery, variables)).diff);
}

type Nodes = Awaited<ReturnType<typeof queryDifferences>>['nodes'];

/** Returns the kinds of each unit that differs. */
function kindsByUnit(nodes: Nodes) {
  return Object.fromEntries(nodes.map(({ unit, kinds }) => [unit.reshId, kinds]));
}

async function readChangePoints(client: TestClient, from: string, to: string, within?: number) {
  return (await client.query(changePointsQuery, { from, to, ...(within !== undefined && { within }) })).changePoints;
}

function encodeUnitId(content: string): string {
  return Buffer.from(`Unit:${content}`).toString('base64');
}

describe('differences in the reorganized register', () => {
  const movedOn = '2026-12-01';
  const mergedOn = '2027-01-01';
  const splitOn = '2027-02-01';
  const closedOn = '2027-03-01';
  const reopenedOn = '2027-05-01';
  let database: Database;
  let client: TestClient;
  beforeAll(async () => {
    database = await openTestDatabase();
    await buildWorld(database);
    client = createClient(database, { today: worldDay });
    const operator: Mutations = mutationsAs(database, subjects.operator);
    const expectCommitted = async (answer: Promise<Awaited<ReturnType<Mutations['moveUnit']>>>): Promise<void> => {
      const { payload, errors } = await answer;
      expect([payload?.userErrors, errors]).toEqual([[], []]);
    };
    await expectCommitted(operator.moveUnit({ reshId: u.northTrust, newParentReshId: u.south, effectiveOn: movedOn }));
    await expectCommitted(
      operator.mergeUnits({ sourceReshIds: [u.ward], targetReshId: u.secondWard, effectiveOn: mergedOn }),
    );
    await expectCommitted(
      operator.splitUnit({
        reshId: u.secondClinic,
        into: [{ name: 'Half' }, { name: 'Other half' }],
        effectiveOn: splitOn,
      }),
    );
    await expectCommitted(operator.closeUnit({ reshId: u.siblingClinic, effectiveOn: closedOn }));
    await expectCommitted(operator.reopenUnit({ reshId: u.siblingClinic, effectiveOn: reopenedOn }));
    await expectCommitted(
      operator.updateUnit({
        reshId: u.southClinic,
        name: 'Renamed',
        contactPoints: [{ type: 'TELEPHONE', value: '70 10 50 00' }],
        effectiveOn: '2020-01-01',
      }),
    );
    await expectCommitted(
      operator.updateUnitCodes({
        reshId: u.southClinic,
        add: [specialty('020')],
        effectiveOn: '2020-02-01',
      }),
    );
    await expectCommitted(
      operator.connectTreatmentSite({
        reshId: u.southClinic,
        organizationNumber: numbers.site,
        effectiveOn: '2020-03-01',
      }),
    );
    await expectCommitted(operator.withdrawUnit({ reshId: u.specialist }));
  });
  afterAll(() => database.close());

  it('report only the moved unit of a move, with old and new values and the days in its ids', async () => {
    const { totalCount, nodes } = await queryDifferences(client, {
      from: { validAt: '2026-11-30' },
      to: { validAt: movedOn },
    });

    expect({ totalCount, nodes }).toEqual({
      totalCount: 1,
      nodes: [
        {
          unit: {
            id: encodeUnitId(`${u.northTrust}@@${movedOn}`),
            reshId: u.northTrust,
            name: 'northTrust',
            seenOn: movedOn,
          },
          kinds: ['MOVED'],
          before: { id: encodeUnitId(`${u.northTrust}@@2026-11-30`), name: 'northTrust' },
          after: { id: encodeUnitId(`${u.northTrust}@@${movedOn}`), name: 'northTrust' },
          fields: [{ field: 'parent', old: String(u.north), new: String(u.south) }],
        },
      ],
    });
  });

  it('report units that entered or left a region, descendants included, before and after', async () => {
    const between = { from: { validAt: '2026-11-30' }, to: { validAt: movedOn } };
    const [south, north] = await Promise.all([
      queryDifferences(client, { ...between, within: u.south }),
      queryDifferences(client, { ...between, within: u.north }),
    ]);
    const descendants = [u.clinic, u.ward, u.secondWard, u.secondClinic];

    expect(kindsByUnit(south.nodes)).toEqual({
      [u.northTrust]: ['MOVED', 'ENTERED'],
      ...Object.fromEntries(descendants.map((reshId) => [reshId, ['ENTERED']])),
    });
    expect(kindsByUnit(north.nodes)).toEqual({
      [u.northTrust]: ['MOVED', 'LEFT'],
      ...Object.fromEntries(descendants.map((reshId) => [reshId, ['LEFT']])),
    });
    expect(north.totalCount).toBe(5);

    for (const { before, after, fields, unit } of south.nodes.filter(({ kinds }) => kinds.length === 1))
      expect([before?.name, after?.name, fields]).toEqual([unit.name, unit.name, []]);
  });

  it('report openings, mergers, splits, closings and reopenings from the two states', async () => {
    const kindsBetween = async (from: string, to: string) =>
      kindsByUnit((await queryDifferences(client, { from: { validAt: from }, to: { validAt: to } })).nodes);

    expect(await kindsBetween('2026-12-31', mergedOn)).toEqual({ [u.ward]: ['CLOSED', 'MERGED'] });
    expect(await kindsBetween(mergedOn, '2026-12-31')).toEqual({ [u.ward]: ['REOPENED'] });

    const split = await kindsBetween('2027-01-31', splitOn);
    expect(split[u.secondClinic]).toEqual(['CLOSED', 'SPLIT']);
    expect(Object.values(split).filter((kinds) => kinds[0] === 'OPENED')).toHaveLength(2);
    expect(await kindsBetween('2027-02-28', closedOn)).toEqual({ [u.siblingClinic]: ['CLOSED'] });
    expect(await kindsBetween(closedOn, reopenedOn)).toEqual({ [u.siblingClinic]: ['REOPENED'] });
    expect(await kindsBetween('2027-02-28', reopenedOn)).toEqual({});
  });

  it('are counted by kind, and limited to kinds, whatever page is asked for', async () => {
    const between = { from: { validAt: '2026-11-30' }, to: { validAt: reopenedOn } };
    for (const within of [undefined, u.south, u.north]) {
      const all = await queryDifferences(client, { ...between, within, first: 100 });
      const counted = differenceKinds
        .map((kind) => ({ kind, count: all.nodes.filter(({ kinds }) => kinds.includes(kind)).length }))
        .filter(({ count }) => count > 0);
      expect(all.counts).toEqual(counted);
      for (const { kind, count } of counted) {
        const ofKind = await queryDifferences(client, { ...between, within, kinds: [kind], first: 1 });
        expect(ofKind).toMatchObject({ totalCount: count, counts: counted, pageInfo: { hasNextPage: count > 1 } });
        const rest = { ...between, within, kinds: [kind], after: ofKind.pageInfo.endCursor };
        expect([...ofKind.nodes, ...(await queryDifferences(client, rest)).nodes]).toEqual(
          all.nodes.filter(({ kinds }) => kinds.includes(kind)),
        );
      }
    }
    expect((await queryDifferences(client, { ...between, kinds: ['MERGED', 'SPLIT'] })).totalCount).toBeGreaterThan(1);
  });

  it('report a correction of the past by day', async () => {
    const correctionDifferences = (validAt: string) =>
      queryDifferences(client, { from: { validAt, revision: 6 }, to: { validAt, revision: 9 } });

    expect((await correctionDifferences('2019-12-31')).nodes).toEqual([]);
    expect((await correctionDifferences('2020-01-01')).nodes).toMatchObject([
      {
        unit: { reshId: u.southClinic, name: 'Renamed' },
        kinds: ['RENAMED', 'CHANGED'],
        before: { name: 'southClinic' },
        fields: [
          { field: 'name', old: 'southClinic', new: 'Renamed' },
          { field: 'contactPoints', old: null, new: 'TELEPHONE: 70 10 50 00' },
        ],
      },
    ]);
    expect(kindsByUnit((await correctionDifferences('2024-01-01')).nodes)).toEqual({
      [u.southClinic]: ['RENAMED', 'RECODED', 'SITE_CHANGED', 'CHANGED'],
    });
  });

  it('show a withdrawn unit in its last known state, and every unit as opened in an empty register', async () => {
    const { nodes } = await queryDifferences(client, { from: { revision: 9 }, to: {} });
    expect(nodes).toMatchObject([
      {
        unit: { id: encodeUnitId(`${u.specialist}@9`), reshId: u.specialist },
        kinds: ['WITHDRAWN'],
        before: { name: 'specialist' },
        after: null,
      },
    ]);

    const firstRevisionDifferences = await queryDifferences(client, { from: { revision: 0 }, to: { revision: 1 } });
    expect(firstRevisionDifferences.totalCount).toBe(Object.keys(u).length);
    expect(new Set(firstRevisionDifferences.nodes.flatMap(({ kinds }) => kinds))).toEqual(new Set(['OPENED']));
    expect(firstRevisionDifferences.nodes.every(({ before }) => before === null)).toBe(true);
  });

  it('are empty between equal points, for an unknown unit and within an unchanged unit', async () => {
    const between = { from: { validAt: '2026-11-30' }, to: { validAt: movedOn } };

    expect((await queryDifferences(client, { from: {}, to: {} })).nodes).toEqual([]);
    expect((await queryDifferences(client, { ...between, within: 999 })).totalCount).toBe(0);
    expect((await queryDifferences(client, { ...between, within: u.privateHospital })).totalCount).toBe(0);
  });

  it('list change points for the whole register and within a unit, with both ends included', async () => {
    const changePointDays = [
      worldStart,
      '2020-01-01',
      '2020-02-01',
      '2020-03-01',
      movedOn,
      mergedOn,
      splitOn,
      closedOn,
      reopenedOn,
    ];

    expect(await readChangePoints(client, '1850-01-01', '2049-12-31')).toEqual(changePointDays);
    expect(await readChangePoints(client, '2020-02-01', movedOn)).toEqual(changePointDays.slice(2, 5));
    expect(await readChangePoints(client, '2020-02-02', '2020-02-28')).toEqual([]);
    expect(await readChangePoints(client, '2000-01-01', '2049-12-31', u.south)).toEqual(
      changePointDays.filter((day) => day !== closedOn && day !== reopenedOn),
    );
    expect(await readChangePoints(client, '2011-01-01', '2049-12-31', u.north)).toEqual([
      movedOn,
      closedOn,
      reopenedOn,
    ]);
    expect(await readChangePoints(client, '2011-01-01', '2049-12-31', u.clinic)).toEqual([mergedOn]);
    expect(await readChangePoints(client, '2000-01-01', '2049-12-31', 999)).toEqual([]);
  });
});

describe('differences in the demo register', () => {
  const { client } = useRegister({ open: openDemoRegister });

  it('between two revisions of a day are exactly the corrections of that day', async () => {
    const { change } = await client.query(
      graphql(`
        query Corrections {
          change(revision: 2) {
            units(first: 100) {
              nodes {
                reshId
                effectiveOn
                kinds
              }
            }
          }
        }
      `),
    );
    const corrections = change?.units.nodes ?? [];

    expect(corrections).toHaveLength(6);

    const days = [...new Set(corrections.map(({ effectiveOn }) => effectiveOn))];
    for (const validAt of days) {
      const { nodes } = await queryDifferences(client, {
        from: { validAt, revision: 1 },
        to: { validAt, revision: 2 },
      });
      const changed = nodes.map(({ unit }) => unit.reshId);
      const expected = corrections.filter(({ effectiveOn }) => effectiveOn === validAt).map(({ reshId }) => reshId);
      expect(changed).toEqual(expect.arrayContaining(expected));
      expect(corrections.map(({ reshId }) => reshId)).toEqual(expect.arrayContaining(changed));
      for (const { kinds, fields } of nodes.filter(({ kinds }) => kinds.includes('RENAMED')))
        expect([kinds, fields]).toEqual([
          ['RENAMED'],
          [{ field: 'name', old: fields[0]?.old, new: `${fields[0]?.old ?? ''} og dagbehandling` }],
        ]);
    }

    expect((await queryDifferences(client, { from: { revision: 1 }, to: { revision: 2 } })).totalCount).toBe(0);
  });

  it('from one day to the next exist only at change points', async () => {
    const { roots } = await client.query(
      graphql(`
        query DifferenceRoots {
          roots {
            reshId
          }
        }
      `),
    );
    const within = roots[0]?.reshId;
    const days = await readChangePoints(client, '2019-12-20', '2020-03-10', within);

    expect(days.length).toBeGreaterThan(0);

    for (const [before, day] of [
      ['2019-12-31', '2020-01-01'],
      ['2020-01-14', '2020-01-15'],
      ['2020-01-31', '2020-02-01'],
      ['2020-02-29', '2020-03-01'],
    ]) {
      const { totalCount } = await queryDifferences(client, {
        from: { validAt: before ?? '' },
        to: { validAt: day ?? '' },
        ...(within !== undefined && { within }),
      });
      expect([day, totalCount > 0]).toEqual([day, days.includes(day ?? '')]);
    }
  });
});

describe('pages, statements and limits of differences', () => {
  const counter = createStatementCounter();
  const register = useRegister({ observe: counter.observe, fill: (database) => generateRegister(database, 300) });
  const { client } = register;

  const renameUnit = (reshId: number, revision: number): Promise<void> =>
    register.database.bulk(async (session) => {
      await session.execute(`
        insert into change (revision, recorded_at, operation, actor_subject, actor_name, input, rows_digest,
          previous_hash, hash)
        values (${revision}, now(), 'UPDATE_UNIT', 't', 'T', '{}', '', '', '${revision}');
        update unit_version set superseded_rev = ${revision} where resh_id = ${reshId} and superseded_rev is null;
        insert into unit_version (resh_id, valid_from, recorded_rev, parent_resh_id, type, name, path, path_text)
        select resh_id, valid_from, ${revision}, parent_resh_id, type, 'New ' || resh_id, path, path_text
        from unit_version
        where resh_id = ${reshId} and superseded_rev = ${revision}`);
    });

  it('return the same units in pages as in one page, even with changes in between', async () => {
    const variables = { from: { validAt: '2001-12-31' }, to: {}, first: 100 };
    const found: Nodes[number][] = [];
    const totals: number[] = [];
    let after: string | null = null;
    for (let revision = 2; ; revision += 1) {
      const page: Awaited<ReturnType<typeof queryDifferences>> = await queryDifferences(client, {
        ...variables,
        ...(after !== null && { after }),
      });
      found.push(...page.nodes);
      totals.push(page.totalCount);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor ?? null;
      await renameUnit(250, revision);
    }

    expect(totals).toEqual([300, 300, 300]);
    expect(found.map(({ unit }) => unit.reshId)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(found[249]?.unit).toEqual({
      id: encodeUnitId('250'),
      reshId: 250,
      name: 'Avdeling 250',
      seenOn: worldDay,
    });
  });

  it('run as many statements for a hundred units as for one, and at most thirteen after the revision', async () => {
    const recordStatements = async (first: number) =>
      (
        await counter.during(() => queryDifferences(client, { from: { validAt: '2001-12-31' }, to: {}, first }))
      ).statements
        .map(readStatementName)
        .sort();
    const [singleStatements, hundredStatements] = [await recordStatements(1), await recordStatements(100)];

    expect(hundredStatements).toEqual(singleStatements);
    // Two of them read the codes and the sites of the fields.
    expect(singleStatements.length).toBeLessThanOrEqual(14);
    expect(
      (await counter.during(() => readChangePoints(client, '1990-01-01', '2030-01-01', 1))).statements.map(
        readStatementName,
      ),
    ).toEqual(['newest revision', 'change points']);
  });

  const readError = async (query: string) => {
    const { errors } = await client.send({ query });
    return errors?.map(({ message, extensions }) => [extensions?.['code'], message]);
  };

  it.each([
    [
      'diff(from: {revision: 999}, to: {}) { totalCount }',
      'BAD_INPUT',
      /`revision` is 999, but the newest revision is \d+/,
    ],
    ['diff(from: {}, to: {knownAt: "2999-01-01T00:00:00Z"}) { totalCount }', 'BAD_INPUT', /is in the future/],
    [
      'diff(from: {knownAt: "2020-01-01T00:00:00Z", revision: 1}, to: {}) { totalCount }',
      'BAD_INPUT',
      /exclude each other/,
    ],
    ['diff(from: {validAt: "2023-02-29"}, to: {}) { totalCount }', 'BAD_INPUT', /Date cannot be/],
    ['diff(from: {}, to: {}, kinds: []) { totalCount }', 'BAD_INPUT', /`kinds` is an empty list.*omit `kinds`/],
    ['diff(from: {}, to: {}, first: 101) { totalCount }', 'LIMIT_EXCEEDED', /`first` is 101.*Ask for 100/],
    ['diff(from: {}, to: {}, after: "abc") { totalCount }', 'BAD_CURSOR', /does not belong/],
    ['changePoints(from: "2020-01-02", to: "2020-01-01")', 'BAD_INPUT', /`from` is 2020-01-02, after `to`.*2020-01-01/],
    [
      'changePoints(from: "1820-01-01", to: "2020-01-02")',
      'LIMIT_EXCEEDED',
      /1820-01-01 to 2020-01-02 is more than 200 years/,
    ],
    ['qualityIssues(first: 101) { totalCount }', 'LIMIT_EXCEEDED', /`first` is 101/],
    ['qualityIssues(after: "abc") { totalCount }', 'BAD_CURSOR', /does not belong/],
  ])('refuse %s with %s', async (field, code, message) => {
    expect(await readError(`{ ${field} }`)).toEqual([[code, expect.stringMatching(message) as string]]);
  });

  it('refuse a cursor of other points, another unit or an unknown revision', async () => {
    const variables = { from: { validAt: '2001-12-31' }, to: {}, first: 1 };
    const after = (await queryDifferences(client, variables)).pageInfo.endCursor ?? '';
    const readExecutionError = async (other: DifferencesQueryVariables) =>
      (await client.execute(differencesQuery, other)).errors?.map(({ extensions }) => extensions?.['code']);
    const [key, ...rest] = JSON.parse(Buffer.from(after, 'base64url').toString()) as [
      string,
      number,
      string,
      boolean,
      unknown[],
    ];
    const forgedCursor = [key, rest[0], rest[1], rest[2], [1, 999, '2001-12-31']];

    expect(await readExecutionError({ ...variables, after })).toBeUndefined();
    expect(await readExecutionError({ ...variables, from: { validAt: '2001-12-30' }, after })).toEqual(['BAD_CURSOR']);
    expect(await readExecutionError({ ...variables, to: { validAt: worldDay }, after })).toEqual(['BAD_CURSOR']);
    expect(await readExecutionError({ ...variables, within: 1, after })).toEqual(['BAD_CURSOR']);
    expect(
      await readExecutionError({
        ...variables,
        after: Buffer.from(JSON.stringify(forgedCursor)).toString('base64url'),
      }),
    ).toEqual(['BAD_CURSOR']);
  });

  it('accept an interval of exactly 50 years and the last possible day', async () => {
    expect(await readChangePoints(client, '1970-01-01', '2020-01-01')).toEqual(['2002-01-01']);
    expect(await readChangePoints(client, '9980-01-01', '9999-12-31')).toEqual([]);
    expect(await readChangePoints(client, '0001-01-01', '0001-01-01')).toEqual([]);
  });

  it('refuse more than 1,000 change points and name the day of the last one', async () => {
    const days = (count: number): Promise<void> =>
      register.database.bulk((session) =>
        session.execute(`
          insert into unit_contact_point (resh_id, type, value, valid_from, valid_to, recorded_rev)
          select ${count}, 'WEB', 'https://' || n, '2010-01-01'::date + n, '2010-01-01'::date + n + 1, 1
          from generate_series(0, ${count}) as n`),
      );
    // The day after the last row is a change too.
    await days(99);

    expect(await readChangePoints(client, '2003-01-01', '2020-01-01', 99)).toHaveLength(101);

    await register.database.bulk((session) =>
      session.execute(`
        insert into unit_contact_point (resh_id, type, value, valid_from, valid_to, recorded_rev)
        select 200, 'WEB', 'https://' || n, '2010-01-01'::date + n, '2010-01-01'::date + n + 1, 1
        from generate_series(0, 999) as n`),
    );

    expect(await readError('{ changePoints(from: "2010-01-01", to: "2020-01-01") }')).toEqual([
      [
        'LIMIT_EXCEEDED',
        expect.stringContaining('more than 1000 days of change: 1000 are reached on 2012-09-26') as string,
      ],
    ]);
    expect(await readChangePoints(client, '2010-01-01', '2012-09-26')).toHaveLength(1_000);
  });
});
