import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordChange } from '../../../src/store/change/ledger.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { insertUnitVersions } from '../../support/database/insert-unit-versions.ts';
import { createStatementCounter } from '../../support/database/statement-counter.ts';
import { graphql } from '../../support/generated/gql.ts';
import type { ListGrantsQueryVariables } from '../../support/generated/graphql.ts';
import { createClient } from '../../support/http/client.ts';

const today = '2026-11-23';
const region = 1;
const trust = 2;
const ward = 3;
const otherTrust = 4;
const moved = 5;

const counter = createStatementCounter();
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await database.bulk((session) =>
    recordChange(session, changeEntry({ operation: 'GRANT_ACCESS' }), async (revision) => {
      await insertUnitVersions(session, revision, [
        { path: [region], type: 'ORGANIZATION' },
        { path: [region, trust], type: 'ORGANIZATION' },
        { path: [region, trust, ward] },
        { path: [region, otherTrust], type: 'ORGANIZATION' },
        { path: [region, trust, moved], to: '2020-01-01' },
        { path: [region, otherTrust, moved], from: '2020-01-01' },
      ]);
      await session.execute(`
        insert into administrator (subject, name, email, valid_from, valid_to, recorded_rev) values
          ('zoe', 'Zoe', 'zoe@example.org', '2002-01-01', null, ${revision});
        insert into access_grant (subject, role, resh_id, valid_from, valid_to, recorded_rev) values
          ('operator', 'OPERATOR', null, '2002-01-01', null, ${revision}),
          ('registrar', 'SPECIALIST_REGISTRAR', null, '2002-01-01', null, ${revision}),
          ('zoe', 'ADMINISTRATOR', ${trust}, '2002-01-01', null, ${revision}),
          ('bo', 'ADMINISTRATOR', ${ward}, '2010-01-01', null, ${revision}),
          ('former', 'ADMINISTRATOR', ${ward}, '2002-01-01', '2010-01-01', ${revision}),
          ('mo', 'ADMINISTRATOR', ${moved}, '2002-01-01', null, ${revision}),
          ('ada', 'ADMINISTRATOR', ${otherTrust}, '2002-01-01', null, ${revision});`);
    }),
  );
});
afterAll(() => database.close());

const listGrants = graphql(`
  query ListGrants(
    $withinReshId: ReshId
    $role: AccessRole
    $subject: String
    $validAt: Date
    $first: Int
    $after: String
  ) {
    grants(
      withinReshId: $withinReshId
      role: $role
      subject: $subject
      validAt: $validAt
      first: $first
      after: $after
    ) {
      totalCount
      pageInfo {
        endCursor
        hasNextPage
      }
      nodes {
        subject
        role
        unit {
          reshId
        }
        administrator {
          name
          email
        }
        validity {
          from
          to
        }
        recordedBy {
          revision
          operation
          actor {
            name
          }
        }
      }
    }
  }
`);

async function list(as: string | undefined, variables: ListGrantsQueryVariables = {}) {
  const client = createClient(database, { today, ...(as !== undefined && { as }) });
  return (await client.query(listGrants, variables)).grants;
}

async function listSubjects(as: string, variables: ListGrantsQueryVariables = {}): Promise<string[] | undefined> {
  return (await list(as, variables))?.nodes.map(({ subject }) => subject);
}

describe('grants', () => {
  it('are all for an operator, national roles first, then by RESH-id', async () => {
    expect(await listSubjects('operator')).toEqual(['operator', 'registrar', 'zoe', 'bo', 'ada', 'mo']);
  });

  it('have the holder, the unit, the period and the change that recorded them', async () => {
    expect((await list('zoe', { subject: 'zoe' }))?.nodes).toEqual([
      {
        subject: 'zoe',
        role: 'ADMINISTRATOR',
        unit: { reshId: trust },
        administrator: { name: 'Zoe', email: 'zoe@example.org' },
        validity: { from: '2002-01-01', to: null },
        recordedBy: { revision: 1, operation: 'GRANT_ACCESS', actor: { name: changeEntry({}).actor.name } },
      },
    ]);
  });

  it('are those at and under the units of an administrator, where the units are today', async () => {
    expect(await listSubjects('zoe')).toEqual(['zoe', 'bo']);
    expect(await listSubjects('ada')).toEqual(['ada', 'mo']);
    expect(await listSubjects('zoe', { withinReshId: ward })).toEqual(['bo']);
  });

  it('are those of a day', async () => {
    expect(await listSubjects('zoe', { validAt: '2009-12-31' })).toEqual(['zoe', 'former']);
  });

  it('are null for a unit that the viewer does not administer, and without access', async () => {
    expect(await list('zoe', { withinReshId: otherTrust })).toBeNull();
    expect(await list('bo', { withinReshId: trust })).toBeNull();
    expect(await list('registrar')).toBeNull();
    expect(await list('stranger')).toBeNull();
    expect(await list(undefined)).toBeNull();
  });

  it('can be limited to a role and a subject', async () => {
    expect(await listSubjects('operator', { role: 'OPERATOR' })).toEqual(['operator']);
    expect(await listSubjects('operator', { subject: 'mo', role: 'ADMINISTRATOR' })).toEqual(['mo']);
    expect(await listSubjects('operator', { subject: 'mo', role: 'OPERATOR' })).toEqual([]);
  });

  it('are read page by page, with their number', async () => {
    const pages: (string[] | undefined)[] = [];
    let after: string | null | undefined = null;
    do {
      const page = await list('operator', { first: 4, after });
      expect(page?.totalCount).toBe(6);
      pages.push(page?.nodes.map(({ subject }) => subject));
      after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);

    expect(pages).toEqual([
      ['operator', 'registrar', 'zoe', 'bo'],
      ['ada', 'mo'],
    ]);
  });

  it('need as many statements for many as for one', async () => {
    const one = await counter.during(() => list('operator', { subject: 'zoe' }));
    const all = await counter.during(() => list('operator'));

    expect(all.statements.length).toBeLessThanOrEqual(one.statements.length);
  });
});
