import { describe, expect, it } from 'vitest';
import { impactOf } from '../../support/builders/impact.ts';
import { expectAccepted, expectRevision, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { readSite, registerSite } from '../../support/world/treatment-sites.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();

function reopen(organizationNumber: string, input: object = {}) {
  return world.as('trust').reopenTreatmentSite({ organizationNumber, ...input });
}

function registerOwnSite(input: object = {}): Promise<string> {
  return registerSite(world, { legalEntityReshId: units.northTrust, ...input });
}

describe('reopenTreatmentSite', () => {
  it('makes the site valid again, as on its last day', async () => {
    const site = await registerOwnSite({ municipality: 'Oslo', validFrom: '2015-01-01', validTo: '2020-01-01' });
    const before = await world.readNewestRevision();

    const payload = expectAccepted(await reopen(site));

    expect(payload.change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'REOPEN_TREATMENT_SITE' });
    expect(payload.treatmentSite).toEqual({ organizationNumber: site });
    expect(payload.impact).toEqual(
      impactOf({ notes: [`Treatment site ${site} "Site" is valid again from ${worldDay} on.`] }),
    );
    expect(await readSite(world, site, worldDay)).toMatchObject({
      name: 'Site',
      municipality: 'Oslo',
      validity: { from: worldDay, to: null },
      legalEntity: { reshId: units.northTrust },
    });
    expect(await readSite(world, site, '2019-12-31')).toMatchObject({
      validity: { from: '2015-01-01', to: '2020-01-01' },
    });
  });

  it('leaves no gap on the day the site closed, and fills a gap until a planned beginning', async () => {
    const site = await registerOwnSite({ validTo: lastYear });
    expectAccepted(await reopen(site, { effectiveOn: nextYear }));
    expectAccepted(await reopen(site, { effectiveOn: worldDay }));
    expect(await readSite(world, site, worldDay)).toMatchObject({ validity: { from: worldDay, to: null } });
    expectAccepted(await reopen(site, { effectiveOn: lastYear }));
    expect(await readSite(world, site, worldDay)).toMatchObject({ validity: null });
  });

  it('begins earlier than its first day', async () => {
    const site = await registerOwnSite({ validFrom: nextYear });
    expectAccepted(await reopen(site, { effectiveOn: yesterday }));
    expect(await readSite(world, site, worldDay)).toMatchObject({ validity: { from: yesterday, to: null } });
  });
});

describe('reopenTreatmentSite errors', () => {
  it('name an unknown site and one that is valid', async () => {
    expect(
      formatUserErrors(await world.as('operator').reopenTreatmentSite({ organizationNumber: numbers.unregistered })),
    ).toEqual([
      `NOT_FOUND at organizationNumber: Treatment site ${numbers.unregistered} is not in the register; ` +
        'register it with registerTreatmentSite first.',
    ]);
    const site = await registerOwnSite();
    expect(formatUserErrors(await reopen(site))).toEqual([
      `ALREADY_VALID at effectiveOn: Treatment site ${site} "Site" is already valid on ${worldDay}; ` +
        'there is nothing to reopen.',
    ]);
  });

  it('report a site that has changed since the expected revision', async () => {
    const site = await registerOwnSite({ validTo: lastYear });
    const expectedRevision = await world.readNewestRevision();
    expectRevision(await reopen(site, { effectiveOn: nextYear }));
    expect(formatUserErrors(await reopen(site, { expectedRevision }))).toEqual([
      expect.stringMatching(`^CONFLICT at expectedRevision: Treatment site ${site} was changed in revision`),
    ]);
  });
});

describe('every reopening of a treatment site', () => {
  testMutationLaws({
    world,
    name: 'reopenTreatmentSite',
    createInput: async (parent) => ({
      organizationNumber: await registerSite(world, {
        legalEntityReshId: await world.organization('Trust', parent),
        validTo: '2020-01-01',
      }),
    }),
    alterInput: (input) => ({ ...input, effectiveOn: nextYear }),
  });
});
