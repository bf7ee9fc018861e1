import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForbiddenError, UnauthenticatedError } from '../../src/auth/denials.ts';
import type { MutationName } from '../../src/domain/plan/change-input.ts';
import { closeTreatmentSite } from '../../src/operations/close-treatment-site.ts';
import { closeUnit } from '../../src/operations/close-unit.ts';
import { connectTreatmentSite } from '../../src/operations/connect-treatment-site.ts';
import { createDepartment } from '../../src/operations/create-department.ts';
import { disconnectTreatmentSite } from '../../src/operations/disconnect-treatment-site.ts';
import type { OperationContext } from '../../src/operations/engine/run-change.ts';
import { grantAccess } from '../../src/operations/grant-access.ts';
import { mergeUnits } from '../../src/operations/merge-units.ts';
import { moveUnit } from '../../src/operations/move-unit.ts';
import { registerContractSpecialist } from '../../src/operations/register-contract-specialist.ts';
import { registerOrganization } from '../../src/operations/register-organization.ts';
import { registerTreatmentSite } from '../../src/operations/register-treatment-site.ts';
import { removeMappingNode } from '../../src/operations/remove-mapping-node.ts';
import { reopenTreatmentSite } from '../../src/operations/reopen-treatment-site.ts';
import { reopenUnit } from '../../src/operations/reopen-unit.ts';
import { reorganize } from '../../src/operations/reorganize.ts';
import { revokeAccess } from '../../src/operations/revoke-access.ts';
import { removeIdentifier } from '../../src/operations/remove-identifier.ts';
import { setIdentifier } from '../../src/operations/set-identifier.ts';
import { setMappingNode } from '../../src/operations/set-mapping-node.ts';
import { updateTreatmentSite } from '../../src/operations/update-treatment-site.ts';
import { updateUnitCodes } from '../../src/operations/update-unit-codes.ts';
import { splitUnit } from '../../src/operations/split-unit.ts';
import { undoChange } from '../../src/operations/undo-change.ts';
import { updateUnit } from '../../src/operations/update-unit.ts';
import { withdrawUnit } from '../../src/operations/withdraw-unit.ts';
import type { Database } from '../../src/store/database/database.ts';
import { administratorGrant, specialty } from '../support/builders/mutation-inputs.ts';
import { sendAttempts, type Attempt } from '../support/mutations/attempts.ts';
import { expectRevision } from '../support/mutations/change-assertions.ts';
import { createClient } from '../support/http/client.ts';
import { openTestDatabase } from '../support/database/database.ts';
import {
  addUnitsAndGrants,
  allUnits,
  buildScopedWorld,
  closedOn,
  outsiders,
  people,
  tomorrow,
  yesterday,
  type PersonKind,
} from '../support/world/scoped-world.ts';
import { readTableDigests } from '../support/database/table-digests.ts';
import { mutationsAs, numbers, subjects, units, worldStart, worldDay } from '../support/world/world.ts';

/** Units that move, or are not valid today. */
const changingUnits = {
  /** Under secondClinic until the new year, then in the south */
  leaving: 401,
  /** In the south until the new year, then under secondClinic */
  arriving: 402,
  /** In the clinic from the new year on */
  coming: 403,
  /** In the clinic until 2015, in the south from 2030 on */
  between: 404,
  /** Closed with its descendants; one of them reopened in the south */
  group: 405,
  member: 406,
  /** A root until 2015, in the north from 2030 on */
  onceRoot: 407,
} as const;
const newYear = '2027-01-01';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await buildScopedWorld(database);
  await addUnitsAndGrants(database, {
    leaving: {
      reshId: changingUnits.leaving,
      stays: [
        { under: 'secondClinic', to: newYear },
        { under: 'southClinic', from: newYear },
      ],
    },
    arriving: {
      reshId: changingUnits.arriving,
      stays: [
        { under: 'southClinic', to: newYear },
        { under: 'secondClinic', from: newYear },
      ],
    },
    coming: { reshId: changingUnits.coming, stays: [{ under: 'clinic', from: newYear }] },
    between: {
      reshId: changingUnits.between,
      stays: [
        { under: 'clinic', to: '2015-01-01' },
        { under: 'southClinic', from: '2030-01-01' },
      ],
    },
    onceRoot: {
      reshId: changingUnits.onceRoot,
      stays: [
        { under: null, to: '2015-01-01', type: 'ORGANIZATION' },
        { under: 'north', from: '2030-01-01', type: 'ORGANIZATION' },
      ],
    },
    group: { reshId: changingUnits.group, stays: [{ under: 'secondClinic', to: closedOn }] },
    member: {
      reshId: changingUnits.member,
      stays: [
        { under: changingUnits.group, to: closedOn },
        { under: 'southClinic', from: '2023-01-01' },
      ],
    },
  });
});
afterAll(() => database.close());

async function sendAttempt(person: PersonKind, attempt: Attempt, today = worldDay) {
  const subject = people[person];
  const client = createClient(database, { today, ...(subject !== undefined && { as: subject }) });
  const dry = { ...attempt, input: { ...attempt.input, dryRun: true } } as unknown as Attempt;
  const [answer] = (await sendAttempts(client, [dry])).responses;
  return answer;
}

const everybody = Object.keys(people) as PersonKind[];

/** Returns who may make a change, whether or not the plan then accepts it. */
async function listPermitted(attempt: Attempt): Promise<PersonKind[]> {
  const permitted: PersonKind[] = [];
  for (const person of everybody) {
    const answer = await sendAttempt(person, attempt);
    if (answer?.payload) permitted.push(person);
    else expect(answer?.code).toBe(person === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
  }
  return permitted;
}

describe('grant', () => {
  const rename: Attempt = { mutation: 'updateUnit', input: { reshId: units.ward, shortName: 'New' } };
  const register: Attempt = {
    mutation: 'registerContractSpecialist',
    input: { name: 'New', regionReshId: units.north },
  };
  const unknown: Attempt = { mutation: 'updateUnit', input: { reshId: allUnits.unknown, shortName: 'New' } };

  it.each([
    ['that begins tomorrow', 'early', yesterday, false],
    ['that begins tomorrow', 'early', worldDay, false],
    ['that begins today', 'early', tomorrow, true],
    ['on its last day', 'late', yesterday, true],
    ['that ended yesterday', 'late', worldDay, false],
    ['that ended the day before yesterday', 'late', tomorrow, false],
  ] as const)('%s (%s, on %s) gives access: %s %s', async (_when, person, today, counts) => {
    for (const attempt of [rename, register, unknown]) {
      const answer = await sendAttempt(person, attempt, today);
      expect(answer?.code).toBe(counts ? undefined : 'FORBIDDEN');
    }
  });

  it('gives no access once superseded, and a missing grant differs from one elsewhere', async () => {
    expect((await sendAttempt('stranger', unknown))?.message).toBe(
      'You may not change these facts of the unit: you have no access to the register today. ' +
        'Ask the national operator.',
    );
    expect((await sendAttempt('stranger', rename))?.message).toBe(
      'You may not change these facts of the unit: ' +
        'you have no access to the register today, and you need access to unit 112 "ward" or a unit above it. ' +
        'Ask Name of north-clinic (north-clinic@example.org) or Name of north-trust (north-trust@example.org) or ' +
        'Name of north-region (north-region@example.org).',
    );
    expect((await sendAttempt('south', rename))?.message).toBe(
      'You may not change these facts of the unit: you need access to unit 112 "ward" or a unit above it. ' +
        'Ask Name of north-clinic (north-clinic@example.org) or Name of north-trust (north-trust@example.org) or ' +
        'Name of north-region (north-region@example.org).',
    );
  });
});

describe('scope over a unit', () => {
  const rename = (reshId: number, effectiveOn?: string): Attempt => ({
    mutation: 'updateUnit',
    input: { reshId, shortName: 'New', ...(effectiveOn !== undefined && { effectiveOn }) },
  });

  it.each([
    ['moved', allUnits.moved, undefined, ['operator', 'south']],
    ['moved, on a day with another parent', allUnits.moved, '2015-01-01', ['operator', 'south']],
    ['leaving', changingUnits.leaving, undefined, ['operator', 'regional', 'trust']],
    ['leaving, on a day with another parent', changingUnits.leaving, '2028-01-01', ['operator', 'regional', 'trust']],
    ['arriving', changingUnits.arriving, '2028-01-01', ['operator', 'south']],
  ] as const)('follows its path today: %s', async (_title, reshId, effectiveOn, allowed) => {
    expect(await listPermitted(rename(reshId, effectiveOn))).toEqual(allowed);
  });

  it.each([
    ['coming', changingUnits.coming, ['operator', 'regional', 'trust', 'clinic']],
    ['between two periods', changingUnits.between, ['operator', 'south']],
    ['closed', allUnits.closedWard, ['operator', 'regional', 'trust', 'clinic']],
  ] as const)(
    'follows the nearest placement, future ones first, when there is none today: %s',
    async (_title, reshId, allowed) => {
      expect(await listPermitted(rename(reshId))).toEqual(allowed);
      expect(await listPermitted(rename(reshId, '2012-01-01'))).toEqual(allowed);
    },
  );
});

describe('closing requires scope over every parent on the affected days', () => {
  const close = (reshId: number, options: { effectiveOn?: string; withDescendants?: boolean } = {}): Attempt => ({
    mutation: 'closeUnit',
    input: { reshId, ...options },
  });

  it.each([
    ['a unit planned to move to another region', close(changingUnits.leaving), ['operator']],
    ['the same from a day after the move', close(changingUnits.leaving, { effectiveOn: '2028-01-01' }), ['operator']],
    ['a future unit', close(changingUnits.arriving, { effectiveOn: '2028-01-01' }), ['operator']],
    ['a unit that moved yesterday, from today', close(allUnits.moved), ['operator', 'south']],
    [
      'a unit that moved yesterday, from a day before',
      close(allUnits.moved, { effectiveOn: '2015-01-01' }),
      ['operator'],
    ],
    ['a unit with a descendant planned to leave', close(units.secondClinic), ['operator', 'regional', 'trust']],
    ['the same with its descendants', close(units.secondClinic, { withDescendants: true }), ['operator']],
    [
      'the same from a day after another unit has arrived',
      close(units.secondClinic, { withDescendants: true, effectiveOn: '2028-01-01' }),
      ['operator'],
    ],
    ['a trust with a unit planned to leave', close(units.northTrust, { withDescendants: true }), ['operator']],
    ['another trust', close(units.siblingTrust, { withDescendants: true }), ['operator', 'regional']],
  ] as const)('%s', async (_title, attempt, allowed) => {
    expect(await listPermitted(attempt)).toEqual(allowed);
  });

  it('and the error names the parent and its unit', async () => {
    expect((await sendAttempt('trust', close(units.secondClinic, { withDescendants: true })))?.message).toBe(
      'You may not close this unit: for unit 401 "leaving", you need access to unit 211 "southClinic" or a unit ' +
        'above it. Ask Name of south-region (south-region@example.org).',
    );
    expect((await sendAttempt('trust', close(units.northTrust)))?.message).toBe(
      'You may not close this unit: for unit 110 "northTrust", you need access to unit 100 "north" or a unit ' +
        'above it. Ask Name of north-region (north-region@example.org).',
    );
    expect((await sendAttempt('regional', close(units.north)))?.message).toBe(
      'You may not close this unit: changing root unit 100 "north" is reserved for the national operator. ' +
        'Ask the national operator.',
    );
  });
});

describe('moving requires scope over both parents', () => {
  const move = (reshId: number, newParentReshId: number, effectiveOn?: string): Attempt => ({
    mutation: 'moveUnit',
    input: { reshId, newParentReshId, ...(effectiveOn !== undefined && { effectiveOn }) },
  });

  it.each([
    ['until its planned move', move(changingUnits.leaving, units.clinic), ['operator', 'regional', 'trust']],
    ['on the day of its planned move', move(changingUnits.leaving, units.clinic, newYear), ['operator']],
    ['today, of a future unit', move(changingUnits.arriving, units.southTrust), ['operator', 'south']],
    ['today, to its planned parent', move(changingUnits.arriving, units.secondClinic), ['operator']],
    ['on a day when it belonged to the clinic', move(allUnits.moved, units.southTrust, '2015-01-01'), ['operator']],
    [
      'to a unit that leaves, judged on its path today',
      move(units.secondWard, changingUnits.leaving),
      ['operator', 'regional', 'trust'],
    ],
  ] as const)('%s', async (_title, attempt, allowed) => {
    expect(await listPermitted(attempt)).toEqual(allowed);
  });
});

describe('reopening requires scope over the parent', () => {
  const reopen = (
    reshId: number,
    options: { effectiveOn?: string; withDescendants?: boolean; newParentReshId?: number },
  ): Attempt => ({ mutation: 'reopenUnit', input: { reshId, ...options } });

  it.each([
    [
      'before and after, if both are different',
      reopen(changingUnits.between, { effectiveOn: '2020-01-01' }),
      ['operator'],
    ],
    [
      'given in the input',
      reopen(changingUnits.between, { effectiveOn: '2020-01-01', newParentReshId: units.southTrust }),
      ['operator', 'south'],
    ],
    [
      'of nobody but the operator, for a former root',
      reopen(changingUnits.onceRoot, { effectiveOn: '2020-01-01' }),
      ['operator'],
    ],
    [
      'of the unit alone',
      reopen(changingUnits.group, { effectiveOn: '2021-01-01' }),
      ['operator', 'regional', 'trust'],
    ],
    [
      'of each descendant that reopens with it',
      reopen(changingUnits.group, { effectiveOn: '2021-01-01', withDescendants: true }),
      ['operator'],
    ],
  ] as const)('%s', async (_title, attempt, allowed) => {
    expect(await listPermitted(attempt)).toEqual(allowed);
  });
});

describe('check under the lock', () => {
  let southernRevision = 0;
  const inputs: Readonly<Record<MutationName, (context: OperationContext) => Promise<unknown>>> = {
    registerOrganization: (context) =>
      registerOrganization(context, {
        name: 'New',
        organizationNumber: numbers.unregistered,
        parentReshId: units.southTrust,
        administrator: { subject: 'new', name: 'New' },
      }),
    registerContractSpecialist: (context) =>
      registerContractSpecialist(context, { name: 'New', regionReshId: units.south }),
    registerTreatmentSite: (context) =>
      registerTreatmentSite(context, {
        organizationNumber: numbers.unregistered,
        name: 'New',
        legalEntityReshId: units.southTrust,
      }),
    updateTreatmentSite: (context) => updateTreatmentSite(context, { organizationNumber: numbers.site, name: 'New' }),
    closeTreatmentSite: (context) => closeTreatmentSite(context, { organizationNumber: numbers.site }),
    reopenTreatmentSite: (context) => reopenTreatmentSite(context, { organizationNumber: numbers.site }),
    createDepartment: (context) => createDepartment(context, { name: 'New', parentReshId: units.southTrust }),
    updateUnit: (context) => updateUnit(context, { reshId: units.southTrust, name: 'New' }),
    moveUnit: (context) => moveUnit(context, { reshId: units.southClinic, newParentReshId: units.clinic }),
    closeUnit: (context) => closeUnit(context, { reshId: units.southClinic, withDescendants: true }),
    reopenUnit: (context) => reopenUnit(context, { reshId: allUnits.closedSouthClinic }),
    mergeUnits: (context) => mergeUnits(context, { sourceReshIds: [units.southClinic], targetReshId: units.clinic }),
    splitUnit: (context) =>
      splitUnit(context, { reshId: units.southClinic, into: [{ name: 'New' }, { name: 'Newer' }] }),
    withdrawUnit: (context) => withdrawUnit(context, { reshId: units.privateClinic }),
    reorganize: (context) => reorganize(context, { steps: [{ closeUnit: { unit: { reshId: units.privateClinic } } }] }),
    updateUnitCodes: (context) => updateUnitCodes(context, { reshId: units.southClinic, add: [specialty('020')] }),
    connectTreatmentSite: (context) =>
      connectTreatmentSite(context, { reshId: units.southClinic, organizationNumber: numbers.site }),
    disconnectTreatmentSite: (context) => disconnectTreatmentSite(context, { reshId: units.southClinic }),
    setIdentifier: (context) =>
      setIdentifier(context, { reshId: units.southClinic, system: 'urn:oid:1.2.3', value: '1' }),
    removeIdentifier: (context) => removeIdentifier(context, { reshId: units.southClinic, system: 'urn:oid:1.2.3' }),
    setMappingNode: (context) =>
      setMappingNode(context, { systemId: 'urn:x', nodeId: '1', name: 'New', reshId: units.southClinic }),
    removeMappingNode: (context) => removeMappingNode(context, { systemId: 'urn:x', nodeId: 'south' }),
    grantAccess: (context) =>
      grantAccess(context, { subject: 'new', name: 'New', role: 'ADMINISTRATOR', reshId: units.southTrust }),
    revokeAccess: (context) => revokeAccess(context, administratorGrant(subjects.south, units.south)),
    undoChange: (context) => undoChange(context, { revision: southernRevision }),
  };
  const context = (subject: string | null): OperationContext => ({
    database,
    today: worldDay,
    viewer: subject === null ? null : { subject, name: null },
  });

  beforeAll(async () => {
    const node = { systemId: 'urn:x', nodeId: 'south', name: 'South', reshId: units.southClinic };
    southernRevision = expectRevision(await mutationsAs(database, subjects.operator).setMappingNode(node));
  });

  it.each(Object.entries(inputs))('repeats the check of the middleware: %s', async (_mutation, operation) => {
    const before = await readTableDigests(database);

    await expect(operation(context(null))).rejects.toThrow(UnauthenticatedError);
    await expect(operation(context(subjects.clinic))).rejects.toThrow(ForbiddenError);
    await expect(operation(context(outsiders.stranger))).rejects.toThrow(ForbiddenError);
    await expect(operation(context(outsiders.late))).rejects.toThrow(ForbiddenError);

    expect(await readTableDigests(database)).toEqual(before);
  });

  it('denies a user who lost access and a unit that moved away after the middleware check', async () => {
    const operator = mutationsAs(database, subjects.operator);
    await operator.grantAccess({ subject: 'brief', name: 'Brief', role: 'ADMINISTRATOR', reshId: units.secondWard });
    // A request has passed the authorization middleware when the concurrent change runs.
    const runBeforeTransaction = (concurrentChange: () => Promise<unknown>) => {
      const delayedDatabase: Database = {
        ...database,
        withRegisterLock: async (work) => {
          await concurrentChange();
          return database.withRegisterLock(work);
        },
      };
      return mutationsAs(delayedDatabase, 'brief');
    };
    const readName = async () =>
      (await database.prisma.unitVersion.findMany({ where: { reshId: units.secondWard, supersededRev: null } })).map(
        ({ shortName }) => shortName,
      );

    const moved = await runBeforeTransaction(() =>
      operator.moveUnit({ reshId: units.secondWard, newParentReshId: units.siblingClinic }),
    ).createDepartment({ name: 'New', parentReshId: units.ward });
    expect(moved.errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);

    const revokedResponse = await runBeforeTransaction(() =>
      operator.revokeAccess(administratorGrant('brief', units.secondWard)),
    ).updateUnit({ reshId: units.secondWard, shortName: 'Too late' });
    expect(revokedResponse.payload).toBeNull();
    expect(revokedResponse.errors).toEqual([
      expect.objectContaining({
        path: ['updateUnit'],
        extensions: expect.objectContaining({ code: 'FORBIDDEN' }) as object,
        message: expect.stringContaining('you have no access to the register today') as unknown,
      }),
    ]);
    expect(new Set(await readName())).toEqual(new Set([null]));

    const newest = await database.prisma.change.findFirst({ orderBy: { revision: 'desc' } });
    expect(newest?.operation).toBe('REVOKE_ACCESS');
  });

  it('uses the placement under the lock, whatever the middleware saw', async () => {
    const operator = mutationsAs(database, subjects.operator);
    const delayedDatabase: Database = {
      ...database,
      withRegisterLock: async (work) => {
        await operator.moveUnit({
          reshId: changingUnits.coming,
          newParentReshId: units.southClinic,
          effectiveOn: newYear,
        });
        return database.withRegisterLock(work);
      },
    };

    const answer = await mutationsAs(delayedDatabase, subjects.clinic).updateUnit({
      reshId: changingUnits.coming,
      shortName: 'Mine',
      effectiveOn: newYear,
    });

    expect(answer.errors.map(({ extensions, message }) => [extensions?.['code'], message])).toEqual([
      ['FORBIDDEN', expect.stringContaining('unit 403 "coming"')],
    ]);
  });
});

describe('registrar of contract specialists', () => {
  it('edits a specialist from its first day to its last, and no other unit', async () => {
    const registrar = mutationsAs(database, subjects.registrar);
    const registered = await registrar.registerContractSpecialist({
      name: 'Specialist',
      regionReshId: units.south,
      codes: [specialty('010')],
      effectiveOn: worldStart,
    });
    const reshId = registered.payload?.unit?.reshId ?? 0;

    const steps = [
      await registrar.updateUnit({ reshId, shortName: 'S' }),
      await registrar.updateUnit({ reshId, organizationNumber: numbers.unregistered }),
      await registrar.updateUnitCodes({ reshId, add: [specialty('020')] }),
      await registrar.connectTreatmentSite({ reshId, organizationNumber: numbers.site }),
      await registrar.setIdentifier({ reshId, system: 'urn:oid:1.2.3', value: '1' }),
      await registrar.registerTreatmentSite({
        organizationNumber: numbers.southTrust,
        name: 'Surgery',
        legalEntityReshId: reshId,
      }),
      await registrar.moveUnit({ reshId, newParentReshId: units.north, effectiveOn: worldDay }),
      await registrar.closeUnit({ reshId, effectiveOn: tomorrow }),
      await registrar.reopenUnit({ reshId, effectiveOn: tomorrow }),
    ];

    expect(steps.map(({ errors, payload }) => [errors, payload?.userErrors])).toEqual(steps.map(() => [[], []]));

    const deniedResponses = [
      await registrar.createDepartment({ name: 'New', parentReshId: reshId }),
      await registrar.grantAccess({ subject: 'x', name: 'X', role: 'ADMINISTRATOR', reshId }),
      await registrar.updateUnit({ reshId: units.north, shortName: 'N' }),
      await registrar.updateUnit({ reshId: units.siblingTrust, designation: '61' }),
    ];
    expect(deniedResponses.map(({ errors }) => errors[0]?.extensions?.['code'])).toEqual(
      deniedResponses.map(() => 'FORBIDDEN'),
    );
  });

  it('cannot edit a unit that is no longer a specialist', async () => {
    const registrar = mutationsAs(database, subjects.registrar);
    const updateResponse = await registrar.updateUnit({ reshId: units.specialist, designation: '01' });

    expect(updateResponse.payload?.userErrors).toEqual([]);

    const secondUpdateResponse = await registrar.updateUnit({ reshId: units.specialist, designation: '61' });
    expect(secondUpdateResponse.errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);

    const regionalResponse = await mutationsAs(database, subjects.regional).updateUnit({
      reshId: units.specialist,
      designation: '61',
    });
    expect(regionalResponse.errors.map(({ message }) => message)).toEqual([
      'You may not change these facts of the unit: ' +
        'assigning designation 61 (Privat avtalespesialist) is reserved for the registrar of contract specialists ' +
        'and the national operator. Ask the national operator.',
    ]);

    const operator = await mutationsAs(database, subjects.operator).updateUnit({
      reshId: units.specialist,
      designation: '61',
    });
    expect(operator.payload?.userErrors).toEqual([]);
  });
});
