import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database/database.ts';
import { tryAll, type Attempt } from '../support/attempts.ts';
import { createClient, type TestClient } from '../support/client.ts';
import { countStatements } from '../support/counting.ts';
import { openTestDatabase } from '../support/database.ts';
import { graphql } from '../support/generated/gql.ts';
import {
  addToWorld,
  allUnits,
  buildScopedWorld,
  people,
  type AnyUnit,
  type PersonKind,
} from '../support/scoped-world.ts';
import { subjects, units, worldDay } from '../support/world.ts';

const counter = countStatements();
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase({ observe: counter.observe });
  await buildScopedWorld(database);
});
afterAll(() => database.close());

const whatViewerCan = graphql(`
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

const clientOf = (person: PersonKind): TestClient => {
  const subject = people[person];
  return createClient(database, { today: worldDay, ...(subject !== undefined && { as: subject }) });
};
const canBy = async (client: TestClient, reshId: number, at: { revision?: number; validAt?: string } = {}) => {
  const { register } = await client.ask(whatViewerCan, { reshIds: [reshId], ...at });
  const can = register.units[0]?.unit?.viewerCan;
  if (!can) throw new Error(`Unit ${reshId} is not shown.`);
  return can;
};

// A unit is moved beneath itself, where its administrator always reaches: so that only the parent that it leaves is judged.
const attemptsOn = (reshId: number) =>
  ({
    edit: { mutation: 'updateUnit', input: { reshId, responsiblePerson: 'New', dryRun: true } },
    move: { mutation: 'moveUnit', input: { reshId, newParentReshId: reshId, dryRun: true } },
    close: { mutation: 'closeUnit', input: { reshId, dryRun: true } },
    addChild: { mutation: 'createDepartment', input: { parentReshId: reshId, name: 'New', dryRun: true } },
    grantAccess: {
      mutation: 'grantAccess',
      input: { subject: 'new', name: 'New', role: 'ADMINISTRATOR', reshId, dryRun: true },
    },
  }) as const satisfies Record<string, Attempt>;
type Right = keyof ReturnType<typeof attemptsOn>;
const rights: readonly Right[] = ['edit', 'move', 'close', 'addChild', 'grantAccess'];

const everybody = Object.keys(people) as PersonKind[];
const shown = (Object.keys(allUnits) as AnyUnit[]).filter((unit) => unit !== 'unknown' && unit !== 'withdrawn');

describe('what the viewer can do', () => {
  it.each(everybody)('is what the mutations allow, and the reason what they say: %s', async (person) => {
    const client = clientOf(person);
    const { register } = await client.ask(whatViewerCan, { reshIds: shown.map((unit) => allUnits[unit]) });
    for (const { reshId, unit } of register.units) {
      const attempts = attemptsOn(reshId);
      const { answers } = await tryAll(
        client,
        rights.map((right) => attempts[right]),
      );
      const really = answers.map(({ payload, message }) => ({ allowed: payload !== null, reason: message ?? null }));
      const told = rights.map((right) => unit?.viewerCan[right]);
      if (person === 'registrar') {
        // The new parent of a move, the unit itself, is none of the registrar's.
        const move = rights.indexOf('move');
        if (told[move]?.allowed) really[move] = { allowed: true, reason: null };
      }
      expect({ reshId, told }).toEqual({ reshId, told: really });
    }
  });

  it('is nothing without a token, and says why', async () => {
    const can = await canBy(clientOf('nobody'), units.ward);
    expect(rights.map((right) => can[right])).toEqual(
      rights.map(() => ({
        allowed: false,
        reason: 'This needs a token. Send one as «Authorization: Bearer ...».',
      })),
    );
  });

  it('is that of today and the newest knowledge, whatever the snapshot', async () => {
    const client = clientOf('clinic');
    const now = await canBy(client, allUnits.moved);

    expect(now.edit).toEqual({
      allowed: false,
      reason:
        'You may not change these facts of the unit: it needs access to unit 310 «moved» or a unit above it. Ask Name of south-region (south-region@example.org).',
    });
    expect(await canBy(client, allUnits.moved, { validAt: '2015-01-01' })).toEqual(now);
    expect(await canBy(client, allUnits.moved, { revision: 2 })).toEqual(now);
    expect(await canBy(client, units.ward, { revision: 1, validAt: '2012-01-01' })).toEqual(
      await canBy(client, units.ward),
    );
  });

  it('is nothing with a unit that was withdrawn, as an earlier revision shows it', async () => {
    const can = await canBy(clientOf('operator'), allUnits.withdrawn, { revision: 2 });
    expect(rights.map((right) => can[right])).toEqual(
      rights.map(() => ({ allowed: false, reason: 'Unit 311 is not in the register; correct the RESH-id.' })),
    );
    const { answers } = await tryAll(clientOf('operator'), Object.values(attemptsOn(allUnits.withdrawn)));
    expect(answers.map(({ payload }) => [...new Set(payload?.userErrors.map(({ code }) => code))])).toEqual(
      answers.map(() => ['NOT_FOUND']),
    );
  });

  it('follows a plan to move: closing needs the parent that comes, moving today does not', async () => {
    await addToWorld(database, {
      leaving: {
        reshId: 401,
        stays: [
          { under: 'secondClinic', to: '2027-01-01' },
          { under: 'southClinic', from: '2027-01-01' },
        ],
      },
    });
    const can = await canBy(clientOf('trust'), 401);
    expect([can.edit.allowed, can.move.allowed, can.close.allowed]).toEqual([true, true, false]);
    expect(can.close.reason).toBe(
      'You may not close this unit: for unit 401 «leaving» it needs access to unit 211 «southClinic» or a unit above it. Ask Name of south-region (south-region@example.org).',
    );
  });

  it.each(['nobody', 'clinic', 'operator', 'stranger'] as const)(
    'costs no more statements for fifty units than for one: %s',
    async (person) => {
      const client = clientOf(person);
      const many = Object.fromEntries(
        Array.from({ length: 50 }, (_, place) => [
          `unit ${place}`,
          { reshId: 1_000 + place + 100 * everybody.indexOf(person), stays: [{ under: 'ward' as const }] },
        ]),
      );
      await addToWorld(database, many);
      const named = async (reshIds: number[]) => {
        const { statements } = await counter.during(() => client.ask(whatViewerCan, { reshIds }));
        return statements.map((sql) => /-- (.*)/.exec(sql)?.[1]).sort();
      };

      const one = await named([units.ward]);
      const fifty = await named(Object.values(many).map(({ reshId }) => reshId));
      expect(fifty).toEqual(one);
    },
  );
});

describe('within one request', () => {
  const leaving = graphql(`
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

  it('whoever gives up the access may do nothing after it, and is shown so', async () => {
    const { data, errors } = await clientOf('clinic').execute(leaving, {
      ...{ subject: subjects.clinic, clinic: units.clinic, ward: units.ward },
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
            'You may not change these facts of the unit: you hold no access to the register today, and it needs access to unit 111 «clinic» or a unit above it. Ask Name of north-trust (north-trust@example.org) or Name of north-region (north-region@example.org).',
        },
      },
      administrators: [subjects.trust, subjects.regional].map((subject) => ({ subject })),
    });
    expect(data?.after).toBeNull();
    expect(errors?.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([[['after'], 'FORBIDDEN']]);
  });

  const administratorsOf = graphql(`
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

  it('administrators are for whoever has a token, grants or not; whom to ask is for everyone', async () => {
    const ask = async (person: PersonKind) =>
      (await clientOf(person).ask(administratorsOf, { reshId: units.siblingClinic })).unit;
    const known = {
      administrators: [
        { name: 'Name of north-region', email: 'north-region@example.org', unit: { reshId: units.north } },
      ],
      responsibleOrganization: { reshId: units.north },
    };

    expect(await ask('nobody')).toEqual({ ...known, administrators: null });
    expect(await ask('stranger')).toEqual(known);
    expect(await ask('operator')).toEqual(known);
  });
});
