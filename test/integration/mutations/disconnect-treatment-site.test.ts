import { describe, expect, it } from 'vitest';
import { specialty } from '../../support/builders/mutation-inputs.ts';
import { impactOnUnit } from '../../support/builders/impact.ts';
import { expectAccepted, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { expectUnitChange } from '../../support/mutations/expect-unit-change.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { numbers, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();

/** Creates a ward that has a treatment site from 2021 on. */
async function createConnectedWard(under: number = homeClinic, input: { validTo?: string } = {}): Promise<number> {
  const reshId = await world.department('Ward', under, input);
  expectAccepted(
    await world
      .as('operator')
      .connectTreatmentSite({ reshId, organizationNumber: numbers.site, effectiveOn: '2021-01-01' }),
  );
  return reshId;
}

async function readSite(reshId: number, day: string, revision?: number) {
  return (await world.readUnit(reshId, day, revision))?.treatmentSite;
}

describe('disconnectTreatmentSite', () => {
  it('disconnects the site from today and leaves the past unchanged', async () => {
    const reshId = await createConnectedWard();
    const before = await world.readNewestRevision();

    const payload = expectAccepted(await world.as('trust').disconnectTreatmentSite({ reshId }));

    expectUnitChange(payload, before + 1, 'DISCONNECT_TREATMENT_SITE', {
      reshId,
      name: 'Ward',
      parentReshId: homeClinic,
    });
    expect(payload.impact).toEqual(impactOnUnit(reshId, ['SITE_CHANGED'], { treatmentSite: [numbers.site, null] }));
    expect(await readSite(reshId, worldDay)).toBeNull();
    expect(await readSite(reshId, yesterday)).toBe(numbers.site);
    expect(await readSite(reshId, worldDay, before)).toBe(numbers.site);
  });

  it('lasts until the next planned site, for a past day too', async () => {
    const reshId = await createConnectedWard();
    expectAccepted(
      await world
        .as('trust')
        .connectTreatmentSite({ reshId, organizationNumber: numbers.laterSite, effectiveOn: nextYear }),
    );
    expectAccepted(await world.as('trust').updateUnit({ reshId, name: 'Planned name', effectiveOn: '2027-06-01' }));
    expectAccepted(await world.as('trust').disconnectTreatmentSite({ reshId, effectiveOn: lastYear }));

    expect(await readSite(reshId, '2025-11-22')).toBe(numbers.site);
    expect(await readSite(reshId, lastYear)).toBeNull();
    expect(await world.readUnit(reshId, '2027-06-01')).toMatchObject({ name: 'Planned name', treatmentSite: null });
    expect(await readSite(reshId, nextYear)).toBe(numbers.laterSite);

    // Disconnecting on the day of a planned connection cancels the plan.
    expectAccepted(await world.as('trust').disconnectTreatmentSite({ reshId, effectiveOn: nextYear }));
    expect(await readSite(reshId, nextYear)).toBeNull();
  });

  it('warns when service codes remain without a site, and when there is no site', async () => {
    const reshId = await createConnectedWard();
    expectAccepted(await world.as('trust').updateUnitCodes({ reshId, add: [specialty('010')] }));
    const noSiteError = {
      code: 'NO_TREATMENT_SITE',
      field: ['reshId'],
      message: `Unit ${reshId} "Ward" has service codes but no treatment site; connect one with connectTreatmentSite.`,
    };

    expect(expectAccepted(await world.as('trust').disconnectTreatmentSite({ reshId })).warnings).toEqual([noSiteError]);
    expect(expectAccepted(await world.as('trust').disconnectTreatmentSite({ reshId })).warnings).toEqual([
      noSiteError,
      expect.objectContaining({ code: 'NO_CHANGES', field: null }),
    ]);
  });

  it('refuses a unit that is unknown or not valid on the day', async () => {
    expect(formatUserErrors(await world.as('trust').disconnectTreatmentSite({ reshId: 999_999 }))).toEqual([
      'NOT_FOUND at reshId: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
    const reshId = await createConnectedWard(homeClinic, { validTo: nextYear });
    for (const effectiveOn of ['2019-12-31', nextYear])
      expect(formatUserErrors(await world.as('trust').disconnectTreatmentSite({ reshId, effectiveOn }))).toEqual([
        `NOT_VALID_ON_DAY at effectiveOn: Unit ${reshId} "Ward" is not valid on ${effectiveOn}; ` +
          `it is valid from 2020-01-01 to ${nextYear} (exclusive). Choose one of those days.`,
      ]);
  });
});

describe('every disconnection', () => {
  testMutationLaws({
    world,
    name: 'disconnectTreatmentSite',
    createInput: async (parent) => ({ reshId: await createConnectedWard(parent) }),
    alterInput: (input) => ({ ...input, effectiveOn: nextYear }),
    readReshId: ({ reshId }) => reshId,
  });
});
