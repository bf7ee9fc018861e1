import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordChange } from '../../../src/store/change/ledger.ts';
import { CONTRACT_SPECIALIST_DESIGNATION } from '../../../src/domain/unit/code-sets.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { changeEntry } from '../../support/builders/change-entry.ts';
import { createClient } from '../../support/http/client.ts';
import { openTestDatabase } from '../../support/database/database.ts';
import { insertUnitVersions, type StoredVersion } from '../../support/database/insert-unit-versions.ts';
import { graphql } from '../../support/generated/gql.ts';
import { createStatementCounter } from '../../support/database/statement-counter.ts';

const today = '2026-11-23';
const entry = changeEntry({ operation: 'GRANT_ACCESS' });

const region = 1;
const trust = 2;
const clinic = 3;
const ward = 4;
const otherTrust = 5;
const moved = 6;
const closed = 7;
const futureUnit = 8;
const closedOrganization = 9;
const childOfClosed = 10;
const withdrawn = 11;
const specialist = 12;
const unadministered = 13;

const unitVersions: readonly StoredVersion[] = [
  { path: [region], type: 'ORGANIZATION' },
  { path: [region, trust], type: 'ORGANIZATION' },
  { path: [region, trust, clinic] },
  { path: [region, trust, clinic, ward] },
  { path: [region, otherTrust], type: 'ORGANIZATION' },
  { path: [region, trust, clinic, moved], to: '2026-11-22' },
  { path: [region, otherTrust, moved], from: '2026-11-22' },
  { path: [region, trust, clinic, closed], to: '2010-01-01' },
  { path: [region, trust, closed], from: '2010-01-01', to: '2020-01-01' },
  { path: [region, trust, closed], from: '2030-01-01', to: '2031-01-01' },
  { path: [region, trust, futureUnit], from: '2027-01-01' },
  { path: [region, closedOrganization], type: 'ORGANIZATION', to: '2020-01-01' },
  { path: [region, closedOrganization, childOfClosed], to: '2020-01-01' },
  { path: [region, specialist], designationCode: CONTRACT_SPECIALIST_DESIGNATION },
  { path: [unadministered], type: 'ORGANIZATION' },
];

const counter = createStatementCounter();
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await database.bulk(async (session) => {
    await recordChange(session, entry, async (revision) => {
      await session.execute(`
        insert into code_set values (8624, 'x', 'Designations', ${revision});
        insert into code values (8624, '${CONTRACT_SPECIALIST_DESIGNATION}', ${revision});`);
      await insertUnitVersions(session, revision, unitVersions);
      await session.execute(`
        insert into unit (resh_id, registered_rev) values (${withdrawn}, ${revision});
        insert into administrator (subject, name, email, valid_from, valid_to, recorded_rev) values
          ('anne', 'Anne Olsen', 'anne@example.org', '2002-01-01', '2020-01-01', 1),
          ('anne', 'Anne Berg', 'anne.berg@example.org', '2020-01-01', null, 1),
          ('bo', 'Bo', null, '2002-01-01', null, 1),
          ('rita', 'Rita', 'rita@example.org', '2002-01-01', null, 1),
          ('åse', 'Åse', null, '2002-01-01', null, 1),
          ('zoe', 'Zoe', null, '2002-01-01', null, 1);
        insert into access_grant (subject, role, resh_id, valid_from, valid_to, recorded_rev) values
          ('anne', 'ADMINISTRATOR', ${region}, '2002-01-01', null, 1),
          ('anne', 'ADMINISTRATOR', ${clinic}, '2026-11-23', '2026-11-24', 1),
          ('anne', 'OPERATOR', null, '2025-01-01', '2026-11-23', 1),
          ('anne', 'SPECIALIST_REGISTRAR', null, '2026-11-24', null, 1),
          ('åse', 'ADMINISTRATOR', ${trust}, '2002-01-01', null, 1),
          ('zoe', 'ADMINISTRATOR', ${trust}, '2002-01-01', null, 1),
          ('bo', 'ADMINISTRATOR', ${trust}, '2002-01-01', null, 1),
          ('unknown', 'ADMINISTRATOR', ${ward}, '2002-01-01', null, 1),
          ('late', 'ADMINISTRATOR', ${otherTrust}, '2026-11-24', null, 1),
          ('former', 'ADMINISTRATOR', ${otherTrust}, '2002-01-01', '2026-11-23', 1),
          ('odd', 'ADMINISTRATOR', ${closedOrganization}, '2002-01-01', null, 1),
          ('rita', 'SPECIALIST_REGISTRAR', null, '2002-01-01', null, 1),
          ('root', 'OPERATOR', null, '2002-01-01', null, 1),
          ('root', 'ADMINISTRATOR', ${closed}, '2002-01-01', null, 1);`);
    });
    await recordChange(session, entry, () =>
      session.execute(`update access_grant set superseded_rev = 2 where subject = 'bo'`),
    );
  });
});
afterAll(() => database.close());

const administratorsQuery = graphql(`
  query AdministratorsOf($reshIds: [ReshId!]!, $validAt: Date, $revision: Revision) {
    register(validAt: $validAt, revision: $revision) {
      units(reshIds: $reshIds) {
        reshId
        unit {
          administrators {
            subject
            name
            email
            unit {
              reshId
            }
          }
          responsibleOrganization {
            reshId
            seenOn
          }
        }
      }
    }
  }
`);

const editPermissionQuery = graphql(`
  query EditPermission($reshIds: [ReshId!]!) {
    register {
      units(reshIds: $reshIds) {
        unit {
          viewerCan {
            edit {
              reason
            }
          }
        }
      }
    }
  }
`);

const updateMutation = graphql(`
  mutation UpdateUnadministered($reshId: ReshId!) {
    updateUnit(input: { reshId: $reshId, name: "New name", reason: "Test" }) {
      userErrors {
        code
      }
    }
  }
`);

const viewerQuery = graphql(`
  query WhoAmI {
    viewer {
      subject
      name
      grants {
        role
        unit {
          reshId
          isActive
        }
        validity {
          from
          to
        }
        administrator {
          subject
          name
          email
          unit {
            reshId
          }
        }
      }
    }
  }
`);

interface UnitCoordinates {
  readonly reshId: number;
  readonly validAt?: string;
  readonly revision?: number;
}

async function queryUnit({ reshId, ...at }: UnitCoordinates, as?: string) {
  const client = createClient(database, { today, ...(as !== undefined && { as }) });
  const { register } = await client.query(administratorsQuery, { reshIds: [reshId], ...at });
  return register.units[0]?.unit;
}

async function readAdministratorNames(at: UnitCoordinates): Promise<string[] | undefined> {
  return (await queryUnit(at, 'anybody'))?.administrators?.map(({ name, unit }) => `${name} of ${unit?.reshId}`);
}

/** Returns the message for an administrator of another unit who edits a unit; `viewerCan` gives the same reason. */
async function readDenial(reshId: number): Promise<string | null | undefined> {
  const client = createClient(database, { today, as: 'unknown' });
  const { register } = await client.query(editPermissionQuery, { reshIds: [reshId] });
  const { errors = [] } = await client.execute(updateMutation, { reshId });
  const reason = register.units[0]?.unit?.viewerCan.edit.reason;
  expect(errors.map(({ message }) => message)).toEqual([reason]);
  return reason;
}

describe('administrators of a unit', () => {
  it('are those at and above the unit today, nearest first, with current names', async () => {
    expect(await queryUnit({ reshId: ward }, 'anybody')).toEqual({
      administrators: [
        { subject: 'unknown', name: 'unknown', email: null, unit: { reshId: ward } },
        { subject: 'anne', name: 'Anne Berg', email: 'anne.berg@example.org', unit: { reshId: clinic } },
        { subject: 'zoe', name: 'Zoe', email: null, unit: { reshId: trust } },
        { subject: 'åse', name: 'Åse', email: null, unit: { reshId: trust } },
        { subject: 'anne', name: 'Anne Berg', email: 'anne.berg@example.org', unit: { reshId: region } },
      ],
      responsibleOrganization: { reshId: trust, seenOn: today },
    });
  });

  it('are hidden without a token, and the organization to ask is not', async () => {
    expect(await queryUnit({ reshId: ward })).toEqual({
      administrators: null,
      responsibleOrganization: { reshId: trust, seenOn: today },
    });
  });

  it('are those of today and the newest revision in any snapshot', async () => {
    const currentUnit = await queryUnit({ reshId: ward }, 'anybody');

    expect(await queryUnit({ reshId: ward, validAt: '2003-01-01' }, 'anybody')).toEqual(currentUnit);
    expect(await queryUnit({ reshId: ward, revision: 1 }, 'anybody')).toEqual(currentUnit);
  });

  it('follow the current parents of a moved unit, for earlier days as well', async () => {
    const anneOnly = ['Anne Berg of 1'];

    expect(await readAdministratorNames({ reshId: moved })).toEqual(anneOnly);
    expect(await readAdministratorNames({ reshId: moved, validAt: '2003-01-01' })).toEqual(anneOnly);
    expect((await queryUnit({ reshId: moved }))?.responsibleOrganization).toEqual({ reshId: region, seenOn: today });
  });

  it('follow the next future placement when there is none today, otherwise the last', async () => {
    expect(await readAdministratorNames({ reshId: futureUnit })).toEqual(['Zoe of 2', 'Åse of 2', 'Anne Berg of 1']);
    expect(await readAdministratorNames({ reshId: closed, validAt: '2005-01-01' })).toEqual([
      'root of 7',
      'Zoe of 2',
      'Åse of 2',
      'Anne Berg of 1',
    ]);
    expect(await readAdministratorNames({ reshId: childOfClosed })).toEqual(['odd of 9', 'Anne Berg of 1']);
  });

  it('skip a closed organization as the one to ask', async () => {
    expect((await queryUnit({ reshId: childOfClosed }))?.responsibleOrganization).toEqual({
      reshId: region,
      seenOn: today,
    });
  });

  it('are the registrars first for a contract specialist', async () => {
    expect((await queryUnit({ reshId: specialist }, 'anybody'))?.administrators).toEqual([
      { subject: 'rita', name: 'Rita', email: 'rita@example.org', unit: null },
      { subject: 'anne', name: 'Anne Berg', email: 'anne.berg@example.org', unit: { reshId: region } },
    ]);
    expect(await readDenial(specialist)).toContain('Ask Rita (rita@example.org) or Anne Berg (anne.berg@example.org).');
  });

  it('are the operators where no unit above has one', async () => {
    expect(await queryUnit({ reshId: unadministered }, 'anybody')).toEqual({
      administrators: [{ subject: 'root', name: 'root', email: null, unit: null }],
      responsibleOrganization: null,
    });
    expect(await readDenial(unadministered)).toContain('Ask root.');
  });

  it('need as many statements for many units as for one', async () => {
    const client = createClient(database, { today, as: 'anybody' });
    const recordNameStatements = async (reshIds: number[]): Promise<(string | undefined)[]> => {
      const { statements } = await counter.during(() => client.query(administratorsQuery, { reshIds }));
      return statements.map((sql) => /-- (.*)/.exec(sql)?.[1]).sort();
    };

    const singleStatements = await recordNameStatements([ward]);
    const manyStatements = await recordNameStatements([ward, clinic, trust, specialist, unadministered, moved]);

    expect(manyStatements.length).toBeLessThanOrEqual(singleStatements.length);
    expect(manyStatements.filter((name) => name === 'administrators of units')).toHaveLength(1);
  });
});

describe('viewer', () => {
  const readViewer = async (as?: string, headers: Record<string, string> = {}) =>
    (await createClient(database, { today, headers, ...(as !== undefined && { as }) }).query(viewerQuery)).viewer;

  it('is null without a token', async () => {
    expect(await readViewer()).toBeNull();
  });

  it('has the registered name and the grants of today', async () => {
    const administrator = { subject: 'anne', name: 'Anne Berg', email: 'anne.berg@example.org' };
    expect(await readViewer('anne')).toEqual({
      subject: 'anne',
      name: 'Anne Berg',
      grants: [
        {
          role: 'ADMINISTRATOR',
          unit: { reshId: region, isActive: true },
          validity: { from: '2002-01-01', to: null },
          administrator: { ...administrator, unit: { reshId: region } },
        },
        {
          role: 'ADMINISTRATOR',
          unit: { reshId: clinic, isActive: true },
          validity: { from: '2026-11-23', to: '2026-11-24' },
          administrator: { ...administrator, unit: { reshId: clinic } },
        },
      ],
    });
  });

  it('can hold a grant on the whole register and one on a closed unit', async () => {
    expect((await readViewer('root'))?.grants.map(({ role, unit }) => [role, unit])).toEqual([
      ['OPERATOR', null],
      ['ADMINISTRATOR', { reshId: closed, isActive: false }],
    ]);
  });

  it('is named by subject when unregistered and has no superseded grants', async () => {
    expect(await readViewer('stranger')).toEqual({ subject: 'stranger', name: 'stranger', grants: [] });
    expect((await readViewer('bo'))?.grants).toEqual([]);
  });
});
