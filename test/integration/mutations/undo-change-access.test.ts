import { describe, expect, it } from 'vitest';
import { administratorGrant } from '../../support/builders/mutation-inputs.ts';
import { expectAccepted, expectDenied, expectRevision } from '../../support/mutations/change-assertions.ts';
import { expectNoWrites } from '../../support/world/changing-world-assertions.ts';
import { changeType } from '../../support/world/change-type.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { subjects, units } from '../../support/world/world.ts';

const { north, clinic, siblingClinic, southClinic, specialist } = units;
const world = useChangingWorld();

function operator() {
  return world.as('operator');
}

/** Returns the subjects who may undo a change. */
async function listPermitted(revision: number): Promise<string[]> {
  const permitted: string[] = [];
  await expectNoWrites(world, async () => {
    for (const subject of Object.keys(subjects) as (keyof typeof subjects)[]) {
      const answer = await world.as(subject).undoChange({ revision, dryRun: true });
      if (answer.payload) permitted.push(subject);
      else expect(expectDenied(answer)).toEqual(['FORBIDDEN']);
    }
  });
  return permitted;
}

describe('undoChange requires', () => {
  it('scope over a unit whose facts come back', async () => {
    const reshId = await world.department('Ward', clinic);
    const revision = expectRevision(await operator().updateUnit({ reshId, name: 'Other' }));

    expect(await listPermitted(revision)).toEqual(['operator', 'regional', 'trust', 'clinic']);
  });

  it('the operator for a change that altered nothing, or a unit that is withdrawn now', async () => {
    const reshId = await world.department('Ward', clinic);
    const empty = expectRevision(await operator().updateUnit({ reshId, name: 'Ward' }));
    const renaming = expectRevision(await operator().updateUnit({ reshId, name: 'Other' }));
    expectAccepted(await operator().withdrawUnit({ reshId }));

    expect([await listPermitted(empty), await listPermitted(renaming)]).toEqual([['operator'], ['operator']]);
  });

  it('scope over both parents of a unit that moves back', async () => {
    const reshId = await world.department('Ward', clinic);
    const within = expectRevision(await operator().moveUnit({ reshId, newParentReshId: siblingClinic }));
    expect(await listPermitted(within)).toEqual(['operator', 'regional']);

    const outside = expectRevision(await operator().moveUnit({ reshId, newParentReshId: southClinic }));
    expect(await listPermitted(outside)).toEqual(['operator']);
  });

  it('scope over the parent of a unit that closes, reopens or vanishes', async () => {
    const reshId = await world.department('Ward', homeClinic);
    await operator().grantAccess(administratorGrant(subjects.clinic, reshId));
    const closing = expectRevision(await operator().closeUnit({ reshId }));
    expect(await listPermitted(closing)).toEqual(['operator', 'regional', 'trust']);

    const created = await operator().createDepartment({ name: 'New', parentReshId: homeClinic });
    await operator().grantAccess(administratorGrant(subjects.clinic, created.payload?.unit?.reshId ?? 0));
    expect(await listPermitted(expectRevision(created))).toEqual(['operator', 'regional', 'trust']);
  });

  it('scope over the former parents of a unit that was withdrawn', async () => {
    const ward = await world.department('Ward', clinic);
    const withdrawal = expectRevision(await operator().withdrawUnit({ reshId: ward }));
    expect(await listPermitted(withdrawal)).toEqual(['operator', 'regional', 'trust', 'clinic']);

    const root = await world.organization('Root', null);
    const rootWithdrawal = expectRevision(await operator().withdrawUnit({ reshId: root }));
    expect(await listPermitted(rootWithdrawal)).toEqual(['operator']);
  });

  it('scope over the parent for an organization number', async () => {
    const reshId = await world.organization('Trust', north);
    const revision = expectRevision(await operator().updateUnit({ reshId, organizationNumber: null }));

    expect(await listPermitted(revision)).toEqual(['operator', 'regional']);
  });

  it('the registrar, or scope, for a contract specialist', async () => {
    const change = expectRevision(await operator().updateUnit({ reshId: specialist, name: 'Dr' }));
    expect(await listPermitted(change)).toEqual(['operator', 'registrar', 'regional']);

    const registration = await operator().registerContractSpecialist({ name: 'New', regionReshId: north });
    expect(await listPermitted(expectRevision(registration))).toEqual(['operator', 'registrar', 'regional']);

    const other = expectRevision(await operator().updateUnit({ reshId: specialist, designation: '05' }));
    expect(await listPermitted(other)).toEqual(['operator']);
  });

  it('the operator for a unit that gets its former type back', async () => {
    const reshId = await world.department('Group', units.northTrust);
    expect(await listPermitted(await changeType(world, reshId, 'ORGANIZATION'))).toEqual(['operator']);
  });

  it('scope over everything that a person administers whose name comes back', async () => {
    const [inside, outside] = [await world.department('In', clinic), await world.department('Out', southClinic)];
    const grant = administratorGrant('lise', inside);
    expectAccepted(await operator().grantAccess({ ...grant, name: 'Lise' }));
    const renaming = expectRevision(await operator().grantAccess({ ...grant, name: 'Lise Berg' }));
    expect(await listPermitted(renaming)).toEqual(['operator', 'regional', 'trust', 'clinic']);

    expectAccepted(await operator().grantAccess(administratorGrant('lise', outside)));
    expect(await listPermitted(renaming)).toEqual(['operator']);
  });

  it('scope over the units that a mapping node points at', async () => {
    const node = { systemId: 'urn:access', nodeId: '1' };
    const creating = expectRevision(await operator().setMappingNode({ ...node, name: 'Node', reshId: clinic }));
    expect(await listPermitted(creating)).toEqual(['operator', 'regional', 'trust', 'clinic']);

    const pointing = expectRevision(await operator().setMappingNode({ ...node, reshId: southClinic }));
    expect(await listPermitted(pointing)).toEqual(['operator']);
  });

  it('what granting and revoking require, for access', async () => {
    const reshId = await world.department('Ward', clinic);
    const grant = administratorGrant('guest', reshId);
    const granting = expectRevision(await operator().grantAccess({ ...grant, name: 'Guest' }));
    expect(await listPermitted(granting)).toEqual(['operator', 'regional', 'trust', 'clinic']);

    const revoking = expectRevision(await operator().revokeAccess(grant));
    expect(await listPermitted(revoking)).toEqual(['operator', 'regional', 'trust', 'clinic']);

    const national = expectRevision(await operator().grantAccess({ subject: 'guest', role: 'SPECIALIST_REGISTRAR' }));
    expect(await listPermitted(national)).toEqual(['operator']);
  });

  it('scope over every unit of a reorganization', async () => {
    const [inside, outside] = [await world.department('In', clinic), await world.department('Out', siblingClinic)];
    const revision = expectRevision(
      await operator().reorganize({
        steps: [inside, outside].map((reshId) => ({ updateUnit: { unit: { reshId }, name: `Name of ${reshId}` } })),
      }),
    );

    expect(await listPermitted(revision)).toEqual(['operator', 'regional']);
    expectAccepted(await world.as('regional').undoChange({ revision }));
  });
});
