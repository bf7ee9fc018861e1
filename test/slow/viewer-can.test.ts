import { describe, expect, it } from 'vitest';
import { sendAttempts, type Attempt } from '../support/mutations/attempts.ts';
import { createClient, type TestClient } from '../support/http/client.ts';
import { graphql } from '../support/generated/gql.ts';
import {
  addUnitsAndGrants,
  allUnits,
  buildScopedWorld,
  people,
  type ScopedUnitName,
  type PersonKind,
} from '../support/world/scoped-world.ts';
import { createStatementCounter } from '../support/database/statement-counter.ts';
import { subjects, units, worldDay } from '../support/world/world.ts';
import { useRegister } from '../support/registers/use-register.ts';

const counter = createStatementCounter();
const register = useRegister({ observe: counter.observe, fill: buildScopedWorld });

const viewerCanQuery = graphql(`
  query WhatViewerCan($reshIds: [ReshId!]!, $revision: Revision, $validAt: Date) {
    register(revision: $revision, validAt: $validAt) {
      units(reshIds: $reshIds) {
        reshId
        unit {
          viewerCan {
            edit {
              allowed
              reason
            }
            move {
              allowed
              reason
            }
            close {
              allowed
              reason
            }
            addChild {
              allowed
              reason
            }
            grantAccess {
              allowed
              reason
            }
          }
        }
      }
    }
  }
`);

function createClientFor(person: PersonKind): TestClient {
  const subject = people[person];
  return createClient(register.database, { today: worldDay, ...(subject !== undefined && { as: subject }) });
}

async function readViewerCan(
  client: TestClient,
  reshId: number,
  snapshot: { revision?: number; validAt?: string } = {},
) {
  const { register } = await client.query(viewerCanQuery, { reshIds: [reshId], ...snapshot });
  const can = register.units[0]?.unit?.viewerCan;
  if (!can) throw new Error(`Unit ${reshId} is not shown.`);
  return can;
}

// Units are moved under themselves, which their administrators always reach, so that only the old parent decides.
function buildAttempts(reshId: number) {
  return {
    edit: { mutation: 'updateUnit', input: { reshId, responsiblePerson: 'New', dryRun: true } },
    move: { mutation: 'moveUnit', input: { reshId, newParentReshId: reshId, dryRun: true } },
    close: { mutation: 'closeUnit', input: { reshId, dryRun: true } },
    addChild: { mutation: 'createDepartment', input: { parentReshId: reshId, name: 'New', dryRun: true } },
    grantAccess: {
      mutation: 'grantAccess',
      input: { subject: 'new', name: 'New', role: 'ADMINISTRATOR', reshId, dryRun: true },
    },
  } as const satisfies Record<string, Attempt>;
}

type Right = keyof ReturnType<typeof buildAttempts>;
const rights: readonly Right[] = ['edit', 'move', 'close', 'addChild', 'grantAccess'];

const everybody = Object.keys(people) as PersonKind[];
const shownUnits = (Object.keys(allUnits) as ScopedUnitName[]).filter(
  (unit) => unit !== 'unknown' && unit !== 'withdrawn',
);

describe('viewerCan', () => {
  it.each(everybody)('equals what the mutations allow, with their message as the reason: %s', async (person) => {
    const client = createClientFor(person);
    const { register } = await client.query(viewerCanQuery, { reshIds: shownUnits.map((unit) => allUnits[unit]) });
    for (const { reshId, unit } of register.units) {
      const attempts = buildAttempts(reshId);
      const { responses } = await sendAttempts(
        client,
        rights.map((right) => attempts[right]),
      );
      const attemptResults = responses.map(({ payload, message }) => ({
        allowed: payload !== null,
        reason: message ?? null,
      }));
      const reportedRights = rights.map((right) => unit?.viewerCan[right]);
      if (person === 'registrar') {
        // The registrar does not reach the new parent of the move, which is the unit itself.
        const move = rights.indexOf('move');
        if (reportedRights[move]?.allowed) attemptResults[move] = { allowed: true, reason: null };
      }
      expect({ reshId, results: reportedRights }).toEqual({ reshId, results: attemptResults });
    }
  });

  it('is all false without a token, with a reason', async () => {
    const can = await readViewerCan(createClientFor('nobody'), units.ward);
    expect(rights.map((right) => can[right])).toEqual(
      rights.map(() => ({
        allowed: false,
        reason: 'This request needs a token. Send it as "Authorization: Bearer ...".',
      })),
    );
  });

  it('is that of today and the newest revision in any snapshot', async () => {
    const client = createClientFor('clinic');
    const currentRights = await readViewerCan(client, allUnits.moved);

    expect(currentRights.edit).toEqual({
      allowed: false,
      reason:
        'You may not change these facts of the unit: you need access to unit 310 "moved" or a unit above it. ' +
        'Ask Name of south-region (south-region@example.org).',
    });
    expect(await readViewerCan(client, allUnits.moved, { validAt: '2015-01-01' })).toEqual(currentRights);
    expect(await readViewerCan(client, allUnits.moved, { revision: 2 })).toEqual(currentRights);
    expect(await readViewerCan(client, units.ward, { revision: 1, validAt: '2012-01-01' })).toEqual(
      await readViewerCan(client, units.ward),
    );
  });

  it('is all false for a withdrawn unit at an earlier revision', async () => {
    const can = await readViewerCan(createClientFor('operator'), allUnits.withdrawn, { revision: 2 });
    expect(rights.map((right) => can[right])).toEqual(
      rights.map(() => ({ allowed: false, reason: 'Unit 311 is not in the register; correct the RESH-id.' })),
    );
    const { responses } = await sendAttempts(
      createClientFor('operator'),
      Object.values(buildAttempts(allUnits.withdrawn)),
    );
    expect(responses.map(({ payload }) => [...new Set(payload?.userErrors.map(({ code }) => code))])).toEqual(
      responses.map(() => ['NOT_FOUND']),
    );
  });

  it('follows planned moves: closing needs the future parent, moving today does not', async () => {
    await addUnitsAndGrants(register.database, {
      leaving: {
        reshId: 401,
        stays: [
          { under: 'secondClinic', to: '2027-01-01' },
          { under: 'southClinic', from: '2027-01-01' },
        ],
      },
    });
    const can = await readViewerCan(createClientFor('trust'), 401);
    expect([can.edit.allowed, can.move.allowed, can.close.allowed]).toEqual([true, true, false]);
    expect(can.close.reason).toBe(
      'You may not close this unit: for unit 401 "leaving", you need access to unit 211 "southClinic" or a unit ' +
        'above it. Ask Name of south-region (south-region@example.org).',
    );
  });

  it.each(['nobody', 'clinic', 'operator', 'stranger'] as const)(
    'needs as many statements for fifty units as for one: %s',
    async (person) => {
      const client = createClientFor(person);
      const manyUnits = Object.fromEntries(
        Array.from({ length: 50 }, (_, index) => [
          `unit ${index}`,
          { reshId: 1_000 + index + 100 * everybody.indexOf(person), stays: [{ under: 'ward' as const }] },
        ]),
      );
      await addUnitsAndGrants(register.database, manyUnits);
      const recordNameStatements = async (reshIds: number[]) => {
        const { statements } = await counter.during(() => client.query(viewerCanQuery, { reshIds }));
        return statements.map((sql) => /-- (.*)/.exec(sql)?.[1]).sort();
      };

      const singleStatements = await recordNameStatements([units.ward]);
      const fiftyStatements = await recordNameStatements(Object.values(manyUnits).map(({ reshId }) => reshId));

      expect(fiftyStatements).toEqual(singleStatements);
    },
  );
});

describe('permissions within one request', () => {
  const revokeAndReadMutation = graphql(`
    mutation LeavingAndLooking($subject: String!, $clinic: ReshId!, $ward: ReshId!) {
      before: updateUnit(input: { reshId: $ward, shortName: "Mine" }) {
        unit {
          shortName
          viewerCan {
            edit {
              allowed
            }
          }
          administrators {
            subject
          }
        }
      }
      revokeAccess(input: { subject: $subject, role: ADMINISTRATOR, reshId: $clinic }) {
        administrator {
          unit {
            viewerCan {
              edit {
                allowed
                reason
              }
            }
            administrators {
              subject
            }
          }
        }
      }
      after: updateUnit(input: { reshId: $ward, shortName: "No longer mine" }) {
        unit {
          shortName
        }
      }
    }
  `);

  it('end for later mutations and queries after the user gives up access', async () => {
    const { data, errors } = await createClientFor('clinic').execute(revokeAndReadMutation, {
      subject: subjects.clinic,
      clinic: units.clinic,
      ward: units.ward,
    });

    expect(data?.before?.unit).toEqual({
      shortName: 'Mine',
      viewerCan: { edit: { allowed: true } },
      administrators: [subjects.clinic, subjects.trust, subjects.regional].map((subject) => ({ subject })),
    });
    expect(data?.revokeAccess?.administrator?.unit).toEqual({
      viewerCan: {
        edit: {
          allowed: false,
          reason:
            'You may not change these facts of the unit: ' +
            'you have no access to the register today, and you need access to unit 111 "clinic" or a unit above ' +
            'it. Ask Name of north-trust (north-trust@example.org) or Name of north-region ' +
            '(north-region@example.org).',
        },
      },
      administrators: [subjects.trust, subjects.regional].map((subject) => ({ subject })),
    });
    expect(data?.after).toBeNull();
    expect(errors?.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([[['after'], 'FORBIDDEN']]);
  });

  const administratorsQuery = graphql(`
    query AdministratorsForViewer($reshId: ReshId!) {
      unit(reshId: $reshId) {
        administrators {
          name
          email
          unit {
            reshId
          }
        }
        responsibleOrganization {
          reshId
        }
      }
    }
  `);

  it('show administrators to every user with a token and the organization to ask to everyone', async () => {
    const readAdministrators = async (person: PersonKind) =>
      (await createClientFor(person).query(administratorsQuery, { reshId: units.siblingClinic })).unit;
    const expectedAdministrators = {
      administrators: [
        { name: 'Name of north-region', email: 'north-region@example.org', unit: { reshId: units.north } },
      ],
      responsibleOrganization: { reshId: units.north },
    };

    expect(await readAdministrators('nobody')).toEqual({ ...expectedAdministrators, administrators: null });
    expect(await readAdministrators('stranger')).toEqual(expectedAdministrators);
    expect(await readAdministrators('operator')).toEqual(expectedAdministrators);
  });
});
