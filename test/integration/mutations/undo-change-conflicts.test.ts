import { afterAll, describe, expect, it } from 'vitest';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { expectAccepted, expectRevision, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { addTwoWards, addUnits } from '../../support/world/add-units.ts';
import { changeType } from '../../support/world/change-type.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear } from '../../support/world/days.ts';
import { units, worldDay } from '../../support/world/world.ts';

const { north } = units;
const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));

function operator() {
  return world.as('operator');
}

async function undoErrors(revision: number, effectiveOn?: string): Promise<string[]> {
  return formatUserErrors(await operator().undoChange({ revision, ...(effectiveOn && { effectiveOn }) }));
}

describe('undoChange is refused', () => {
  it('for a revision that does not exist', async () => {
    const newest = await world.readNewestRevision();

    expect(await undoErrors(newest + 5)).toEqual([
      `NOT_FOUND at revision: Revision ${newest + 5} is not in the register, whose newest is ${newest}; ` +
        'correct the number.',
    ]);
    expect(await undoErrors(0)).toEqual([
      `NOT_FOUND at revision: Revision 0 is not in the register, whose newest is ${newest}; correct the number.`,
    ]);
  });

  it('for an import of code lists', async () => {
    expect(await undoErrors(1)).toEqual([
      'NOT_UNDOABLE at revision: Revision 1 loaded code lists, which units may use by now; ' +
        'load the earlier codes with "resh codes FILE" instead.',
    ]);
  });

  it('where a later change gave the field another value', async () => {
    const ward = await world.department('Ward', homeClinic);
    const renaming = expectRevision(
      await operator().updateUnit({ reshId: ward, name: 'Second', effectiveOn: lastYear }),
    );
    const later = expectRevision(await operator().updateUnit({ reshId: ward, name: 'Third' }));
    const latest = expectRevision(await operator().updateUnit({ reshId: ward, name: 'Fourth' }));

    expect(await undoErrors(renaming)).toEqual([
      `CONFLICT at revision: Unit ${ward} "Fourth": "name" was changed again in revisions ${later} and ${latest}, on ` +
        `${worldDay} and perhaps later days; undo those revisions first, the newest one first.`,
    ]);

    for (const revision of [latest, later, renaming]) expectAccepted(await operator().undoChange({ revision }));
    expect((await world.readUnit(ward, worldDay))?.name).toBe('Ward');
  });

  it('where a later change gave one of its codes other attributes', async () => {
    const ward = await world.department('Ward', homeClinic);
    const coding = expectRevision(
      await operator().updateUnitCodes({ reshId: ward, add: [specialty('010'), specialty('020')] }),
    );
    const later = expectRevision(
      await operator().updateUnitCodes({
        reshId: ward,
        add: [{ ...specialty('010'), attributes: [specialty('020')] }],
      }),
    );

    expect(await undoErrors(coding)).toEqual([
      `CONFLICT at revision: Unit ${ward} "Ward": "codes 8451:010" was changed again in revision ${later}, on ` +
        `${worldDay} and perhaps later days; undo that revision first.`,
    ]);
  });

  it('where a later change altered a unit that it created', async () => {
    const created = expectAccepted(await operator().createDepartment({ name: 'New', parentReshId: homeClinic }));
    const reshId = created.unit?.reshId ?? 0;
    const later = expectRevision(await operator().updateUnit({ reshId, name: 'Other', effectiveOn: nextYear }));

    expect(await undoErrors(created.change?.revision ?? 0)).toEqual([
      `CONFLICT at revision: Unit ${reshId} "Other": "name" was changed again in revision ${later}, on ${nextYear} ` +
        'and perhaps later days; undo that revision first.',
    ]);
    expect(await undoErrors(created.change?.revision ?? 0, '2030-01-01')).toHaveLength(1);
  });

  it('where a unit that it closed was reopened elsewhere', async () => {
    const { east, west } = await addTwoWards(world);
    const ward = await world.department('Ward', east);
    const closing = expectRevision(await operator().closeUnit({ reshId: ward, effectiveOn: lastYear }));
    const reopening = expectRevision(
      await operator().reopenUnit({ reshId: ward, newParentReshId: west, effectiveOn: '2026-01-01' }),
    );

    expect(await undoErrors(closing)).toEqual([
      `CONFLICT at revision: Unit ${ward} "Ward": "validity" was changed again in revision ${reopening}, on ` +
        '2026-01-01 and perhaps later days; undo that revision first.',
    ]);
  });

  it('where later changes put units under one that it created', async () => {
    const created = expectAccepted(await operator().createDepartment({ name: 'New', parentReshId: homeClinic }));
    const reshId = created.unit?.reshId ?? 0;
    const child = expectAccepted(await operator().createDepartment({ name: 'Child', parentReshId: reshId }));
    const childReshId = child.unit?.reshId ?? 0;

    expect(await undoErrors(created.change?.revision ?? 0)).toEqual([
      `CONFLICT at revision: Unit ${childReshId} "Child" cannot be under unit ${reshId} "New" on ${worldDay} once ` +
        `the change is undone, since revision ${child.change?.revision}; undo that revision first, ` +
        'or move it elsewhere.',
    ]);

    expectAccepted(await operator().moveUnit({ reshId: childReshId, newParentReshId: homeClinic }));
    expectAccepted(await operator().undoChange({ revision: created.change?.revision ?? 0 }));
  });

  it('with all later revisions at once: of its fields, its units under it and its successions', async () => {
    const created = expectAccepted(await operator().createDepartment({ name: 'New', parentReshId: homeClinic }));
    const reshId = created.unit?.reshId ?? 0;
    const renaming = expectRevision(await operator().updateUnit({ reshId, name: 'Other' }));
    const child = await world.department('Child', homeClinic, { from: worldDay });
    const moving = expectRevision(await operator().moveUnit({ reshId: child, newParentReshId: reshId }));
    expectAccepted(await operator().updateUnit({ reshId: child, name: 'Renamed child' }));
    const ward = await world.department('Ward', homeClinic);
    const closing = expectRevision(
      await operator().closeUnit({ reshId: ward, successorReshIds: [reshId], effectiveOn: nextYear }),
    );
    const revision = created.change?.revision ?? 0;

    expect(await undoErrors(revision)).toEqual([
      `CONFLICT at revision: Unit ${reshId} "Other": "name" was changed again in revision ${renaming}, on ` +
        `${worldDay} ` +
        'and perhaps later days; undo that revision first.',
      `CONFLICT at revision: Unit ${child} "Renamed child" cannot be under unit ${reshId} "Other" on ` +
        `${worldDay} once ` +
        `the change is undone, since revision ${moving}; undo that revision first, or move it elsewhere.`,
      `CONFLICT at revision: Unit ${reshId} "Other" would not be valid when unit ${ward} "Ward" becomes unit ` +
        `${reshId} ` +
        `"Other" on ${nextYear}, which revision ${closing} recorded; undo that revision first.`,
    ]);

    for (const later of [closing, moving, renaming, revision])
      expectAccepted(await operator().undoChange({ revision: later }));
  });

  it('with all later revisions that ended the former parent, and no others of it', async () => {
    const { east, west, ward } = await addUnits(world, {
      east: { name: 'East', under: homeClinic },
      west: { name: 'West', under: homeClinic },
      ward: { name: 'Ward', under: 'east' },
    });
    const moving = expectRevision(await operator().moveUnit({ reshId: ward, newParentReshId: west }));
    expectAccepted(await operator().updateUnit({ reshId: east, name: 'East again' }));
    const closing = expectRevision(await operator().closeUnit({ reshId: east, effectiveOn: '2028-01-01' }));
    const earlier = expectRevision(await operator().closeUnit({ reshId: east, effectiveOn: nextYear }));
    expectAccepted(await operator().moveUnit({ reshId: east, newParentReshId: north }));

    expect(await undoErrors(moving)).toEqual([
      `PARENT_CLOSED at revision: Unit ${ward} "Ward" would be under unit ${east} "East again" on ` +
        `${nextYear}, which is ` +
        `not valid on that day, since revisions ${closing} and ${earlier}; ` +
        'undo those revisions first, the newest one first.',
    ]);
  });

  it('where the former parent is no longer valid', async () => {
    const { east, west, ward } = await addUnits(world, {
      east: { name: 'East', under: homeClinic },
      west: { name: 'West', under: homeClinic },
      ward: { name: 'Ward', under: 'east' },
    });
    const moving = expectRevision(await operator().moveUnit({ reshId: ward, newParentReshId: west }));
    const closing = expectRevision(await operator().closeUnit({ reshId: east, effectiveOn: nextYear }));

    expect(await undoErrors(moving)).toEqual([
      `PARENT_CLOSED at revision: Unit ${ward} "Ward" would be under unit ${east} "East" on ${nextYear}, which is ` +
        `not valid on that day, since revision ${closing}; undo that revision first.`,
    ]);
  });

  it('where the former parent is under the unit by now', async () => {
    const { east, west, ward } = await addUnits(world, {
      east: { name: 'East', under: homeClinic },
      west: { name: 'West', under: homeClinic },
      ward: { name: 'Ward', under: 'east' },
    });
    const moving = expectRevision(await operator().moveUnit({ reshId: ward, newParentReshId: west }));
    const later = expectRevision(await operator().moveUnit({ reshId: east, newParentReshId: ward }));

    expect(await undoErrors(moving)).toEqual([
      `CYCLE at revision: Unit ${ward} "Ward" would be under itself on ${worldDay}, since revision ${later}; ` +
        'undo that revision first.',
    ]);
  });

  it('where an organization is under a unit that would become a department again', async () => {
    const reshId = await world.department('Group', units.northTrust);
    const becoming = await changeType(world, reshId, 'ORGANIZATION');
    const child = await world.organization('Child', reshId);
    const created = await world.readNewestRevision();

    expect(await undoErrors(becoming)).toEqual([
      `CONFLICT at revision: Unit ${child} "Child" cannot be under unit ${reshId} "Group" on 2020-01-01 once the ` +
        `change is undone, since revision ${created}; undo that revision first, or move it elsewhere.`,
    ]);
  });

  it('where the former parent of an organization is a department by now', async () => {
    const former = await world.organization('Former', north);
    const reshId = await world.organization('Trust', former);
    const moving = expectRevision(
      await operator().moveUnit({ reshId, newParentReshId: north, effectiveOn: '2020-01-01' }),
    );
    const becoming = await changeType(world, former, 'DEPARTMENT');

    expect(await undoErrors(moving)).toEqual([
      `WRONG_PARENT_TYPE at revision: Organization ${reshId} "Trust" would be under department ${former} "Former" on ` +
        `2020-01-01, since revision ${becoming}; undo that revision first.`,
    ]);
  });

  it('with the first hundred errors of many', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `Ward ${index}`);
    const wards = await addUnits(world, Object.fromEntries(names.map((name) => [name, { name, under: homeClinic }])));
    const rename = async (name: string) =>
      expectRevision(
        await operator().reorganize({
          steps: Object.values(wards).map((reshId) => ({ updateUnit: { unit: { reshId }, name } })),
        }),
      );
    const first = await rename('Second');
    await rename('Third');

    const errors = await undoErrors(first);

    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toBe('CONFLICT at revision: ... and 20 more; undo the later changes first.');
  });

  it('where a later change altered a mapping node or put nodes under it', async () => {
    const systemId = 'urn:conflicts';
    const set = (input: object) => operator().setMappingNode({ systemId, nodeId: '1', ...input });
    const creating = expectRevision(await set({ name: 'Top' }));
    const child = expectRevision(await set({ nodeId: '2', name: 'Child', parentNodeId: '1' }));

    expect(await undoErrors(creating)).toEqual([
      `CONFLICT at revision: Node "1" in ${systemId} would not be valid on ${worldDay}, but node "2" in ${systemId}, ` +
        `last changed in revision ${child}, is under it on that day; undo that revision first, or move it elsewhere.`,
    ]);

    const renaming = expectRevision(await set({ name: 'Second' }));
    const later = expectRevision(await set({ name: 'Third' }));

    expect(await undoErrors(renaming)).toEqual([
      `CONFLICT at revision: Node "1" in ${systemId}: "name" was changed again in revision ${later}, on ${worldDay} ` +
        'and perhaps later days; undo that revision first.',
    ]);
  });

  it('where the former parent node has ended, or is under the node by now', async () => {
    const systemId = 'urn:places';
    const set = (nodeId: string, input: object) => operator().setMappingNode({ systemId, nodeId, ...input });
    for (const nodeId of ['1', '2']) expectAccepted(await set(nodeId, { name: nodeId }));
    expectAccepted(await set('3', { name: '3', parentNodeId: '1' }));
    const moving = expectRevision(await set('3', { parentNodeId: '2' }));
    const under = expectRevision(await set('1', { parentNodeId: '3' }));

    expect(await undoErrors(moving)).toEqual([
      `CYCLE at revision: Node "3" in ${systemId} would be under itself on ${worldDay}, ` +
        `since revision ${under}; undo that revision first.`,
    ]);

    expectAccepted(await operator().undoChange({ revision: under }));
    const removal = expectRevision(
      await operator().removeMappingNode({ systemId, nodeId: '1', effectiveOn: nextYear }),
    );
    expect(await undoErrors(moving)).toEqual([
      `PARENT_CLOSED at revision: Node "3" in ${systemId} would be under node "1" in ${systemId} on ${nextYear}, ` +
        `which is not valid on that day, since revision ${removal}; undo that revision first.`,
    ]);
  });

  it('where a later change gave a person another name', async () => {
    const grant = { subject: 'ole', role: 'ADMINISTRATOR' as const, reshId: homeClinic };
    expectAccepted(await operator().grantAccess({ ...grant, name: 'Ole' }));
    const renaming = expectRevision(await operator().grantAccess({ ...grant, name: 'Ole Berg' }));
    const later = expectRevision(await operator().grantAccess({ ...grant, name: 'Ole Dahl' }));

    expect(await undoErrors(renaming)).toEqual([
      `CONFLICT at revision: Person "ole": "name" was changed again in revision ${later}, on ${worldDay} and perhaps ` +
        'later days; undo that revision first.',
    ]);
  });
});
