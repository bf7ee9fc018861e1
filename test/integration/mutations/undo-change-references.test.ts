import { afterAll, describe, expect, it } from 'vitest';
import { expectAccepted, expectRevision, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { addTwoWards, addUnits } from '../../support/world/add-units.ts';
import { endTreatmentSite } from '../../support/world/end-treatment-site.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { nextYear } from '../../support/world/days.ts';
import { nextOrganizationNumber } from '../../support/world/organization-numbers.ts';
import { units, worldDay } from '../../support/world/world.ts';

const { north } = units;
const world = useChangingWorld();
afterAll(async () => expect(await world.findViolations()).toEqual([]));

function operator() {
  return world.as('operator');
}

async function undoErrors(revision: number): Promise<string[]> {
  return formatUserErrors(await operator().undoChange({ revision }));
}

describe('undoChange is refused for what units cannot get back', () => {
  it('where another unit has the organization number by now', async () => {
    const [first, second] = [nextOrganizationNumber(), nextOrganizationNumber()];
    const one = await world.organization('One', north, first);
    const other = await world.organization('Other', north, second);
    const clearing = expectRevision(await operator().updateUnit({ reshId: one, organizationNumber: null }));
    const taking = expectRevision(
      await operator().updateUnit({ reshId: other, organizationNumber: first, effectiveOn: nextYear }),
    );
    expectAccepted(await operator().updateUnit({ reshId: other, name: 'Other' }));

    expect(await undoErrors(clearing)).toEqual([
      `DUPLICATE_ORGANIZATION_NUMBER at revision: Unit ${one} "One" would get ${first} back from ${nextYear} on, but ` +
        `unit ${other} "Other" has it then, since revision ${taking}; undo that revision first, or remove the number ` +
        `from unit ${other} "Other" with updateUnit.`,
    ]);
    expectAccepted(await operator().undoChange({ revision: taking }));
    expectAccepted(await operator().undoChange({ revision: clearing }));
  });

  it('where a later change made a unit a successor of one that it created', async () => {
    const created = expectAccepted(await operator().createDepartment({ name: 'New', parentReshId: homeClinic }));
    const reshId = created.unit?.reshId ?? 0;
    const ward = await world.department('Ward', homeClinic);
    const closing = expectRevision(
      await operator().closeUnit({ reshId: ward, successorReshIds: [reshId], effectiveOn: nextYear }),
    );

    expect(await undoErrors(created.change?.revision ?? 0)).toEqual([
      `CONFLICT at revision: Unit ${reshId} "New" would not be valid when unit ${ward} "Ward" becomes unit ` +
        `${reshId} "New" on ` +
        `${nextYear}, which revision ${closing} recorded; undo that revision first.`,
    ]);
  });

  it('where a unit would become one again that is withdrawn by now', async () => {
    const { east, west } = await addTwoWards(world);
    const newTarget = { name: 'Both', parentReshId: homeClinic };
    const merging = expectAccepted(
      await operator().mergeUnits({ sourceReshIds: [east, west], newTarget, effectiveOn: nextYear }),
    );
    const reshId = merging.units?.[0]?.reshId ?? 0;
    const reopening = expectRevision(await operator().reopenUnit({ reshId: east, effectiveOn: nextYear }));
    expectRevision(await operator().reopenUnit({ reshId: west, effectiveOn: nextYear }));
    const rooms = (await world.database.prisma.unitVersion.findMany({ where: { parentReshId: reshId } })).map(
      (row) => row.reshId,
    );
    for (const room of new Set(rooms))
      expectRevision(await operator().moveUnit({ reshId: room, newParentReshId: homeClinic, effectiveOn: nextYear }));
    const withdrawal = expectRevision(await operator().withdrawUnit({ reshId }));

    expect(await undoErrors(reopening)).toContain(
      `CONFLICT at revision: Unit ${east} "East" would become unit ${reshId} "Both" on ${nextYear}, but that ` +
        `unit is withdrawn, since revision ${withdrawal}; undo that revision first.`,
    );
  });

  it('where a unit would become one again that came from it by now', async () => {
    const { east, west } = await addTwoWards(world);
    const merging = expectRevision(await operator().mergeUnits({ sourceReshIds: [east], targetReshId: west }));
    const reopening = expectRevision(await operator().undoChange({ revision: merging }));
    const reverse = expectRevision(
      await operator().closeUnit({ reshId: west, withDescendants: true, successorReshIds: [east] }),
    );

    expect(await undoErrors(reopening)).toContain(
      `CYCLE at revision: Unit ${east} "East" would become unit ${west} "West" on ${worldDay}, but came from it, ` +
        `since revision ${reverse}; undo that revision first.`,
    );
  });

  it('where the former treatment site is not valid by now', async () => {
    const { ward } = await addUnits(world, { ward: { name: 'Ward', under: homeClinic } });
    const site = nextOrganizationNumber();
    expectAccepted(
      await operator().registerTreatmentSite({ organizationNumber: site, name: 'Site', validFrom: '2020-01-01' }),
    );
    expectAccepted(await operator().connectTreatmentSite({ reshId: ward, organizationNumber: site }));
    const leaving = expectRevision(await operator().disconnectTreatmentSite({ reshId: ward, effectiveOn: nextYear }));
    const ending = await endTreatmentSite(world, site, '2028-01-01');

    expect(await undoErrors(leaving)).toEqual([
      `SITE_NOT_VALID at revision: Unit ${ward} "Ward" would get treatment site ${site} back, which is not valid on ` +
        `2028-01-01, since revision ${ending}; undo that revision first, or reopen the site with reopenTreatmentSite.`,
    ]);
    expectAccepted(await operator().undoChange({ revision: ending }));
    expectAccepted(await operator().undoChange({ revision: leaving }));
  });
});
