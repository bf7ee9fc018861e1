import { describe, expect, it } from 'vitest';
import { dayBefore } from '../../../src/domain/time/day.ts';
import { impactOf } from '../../support/builders/impact.ts';
import { createClient } from '../../support/http/client.ts';
import { expectAccepted, expectRevision, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear } from '../../support/world/days.ts';
import { readSite, registerSite } from '../../support/world/treatment-sites.ts';
import { numbers, units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();

function close(organizationNumber: string, input: object = {}) {
  return world.as('trust').closeTreatmentSite({ organizationNumber, ...input });
}

function registerOwnSite(input: object = {}): Promise<string> {
  return registerSite(world, { legalEntityReshId: units.northTrust, ...input });
}

describe('closeTreatmentSite', () => {
  it('ends the site, which is shown as on its last day', async () => {
    const site = await registerOwnSite();
    const before = await world.readNewestRevision();

    const payload = expectAccepted(await close(site));

    expect(payload.change).toEqual({ revision: before + 1, effectiveOn: worldDay, operation: 'CLOSE_TREATMENT_SITE' });
    expect(payload.treatmentSite).toEqual({ organizationNumber: site });
    expect(payload.impact).toEqual(
      impactOf({
        notes: [`Treatment site ${site} "Site" ends on ${worldDay}; no unit is connected to it then or later.`],
      }),
    );
    expect(await readSite(world, site, worldDay)).toMatchObject({ validity: { from: null, to: worldDay } });
    expect(await readSite(world, site, worldDay, before)).toMatchObject({ validity: null });
    const ward = await world.department('Ward', homeClinic);
    expect(
      formatUserErrors(await world.as('trust').connectTreatmentSite({ reshId: ward, organizationNumber: site })),
    ).toEqual([
      `SITE_NOT_VALID at organizationNumber: Treatment site ${site} is not valid on ${worldDay}; ` +
        'choose another site or other days.',
    ]);
  });

  it('gives the site an id with its last day, or with its first day if that is ahead', async () => {
    const closed = await registerOwnSite();
    expectAccepted(await close(closed, { effectiveOn: lastYear }));
    const planned = await registerOwnSite({ validFrom: nextYear });
    const client = createClient(world.database, { today: worldDay });
    const readId = async (number: string) => {
      const { data } = await client.send({
        query: `{ treatmentSite(organizationNumber: "${number}") { id validity { from to } } }`,
      });
      return (data as { treatmentSite: { id: string } }).treatmentSite;
    };

    const sites = [await readId(closed), await readId(planned)];

    expect(sites.map(({ id }) => Buffer.from(id, 'base64').toString())).toEqual([
      `TreatmentSite:${closed}@@@${dayBefore(lastYear)}`,
      `TreatmentSite:${planned}@@@${nextYear}`,
    ]);
    for (const site of sites) {
      const { data } = await client.send({
        query: `{ node(id: "${site.id}") { ... on TreatmentSite { id validity { from to } } } }`,
      });
      expect(data).toEqual({ node: site });
    }
  });

  it('replaces a planned end, drops planned changes, and does nothing the second time', async () => {
    const site = await registerOwnSite();
    expectAccepted(
      await world.as('trust').updateTreatmentSite({ organizationNumber: site, name: 'New', effectiveOn: nextYear }),
    );
    expectAccepted(await close(site, { effectiveOn: '2030-01-01' }));
    expect(expectAccepted(await close(site)).impact?.notes).toEqual([
      `Treatment site ${site} "Site" ends on ${worldDay}; no unit is connected to it then or later.`,
      `The change of treatment site ${site} "Site" planned for ${nextYear} is dropped.`,
    ]);
    expect(await readSite(world, site, nextYear)).toMatchObject({
      name: 'Site',
      validity: { from: null, to: worldDay },
    });
    expect(expectAccepted(await close(site)).warnings).toMatchObject([{ code: 'NO_CHANGES' }]);
  });
});

describe('closeTreatmentSite errors', () => {
  it('name a unit that uses the site, on the day or later', async () => {
    const site = await registerOwnSite();
    const [ward, other] = [await world.department('Ward', homeClinic), await world.department('Other', homeClinic)];
    const connect = (reshId: number, effectiveOn: string) =>
      world.as('trust').connectTreatmentSite({ reshId, organizationNumber: site, effectiveOn });
    expectAccepted(await connect(ward, nextYear));
    expect(formatUserErrors(await close(site))).toEqual([
      `SITE_IN_USE at organizationNumber: Treatment site ${site} is in use by 1 unit, ${ward} "Ward" from ` +
        `${nextYear} on; connect it to another site first, or disconnect with disconnectTreatmentSite.`,
    ]);
    expectAccepted(await connect(other, lastYear));
    expect(formatUserErrors(await close(site))).toEqual([
      `SITE_IN_USE at organizationNumber: Treatment site ${site} is in use by 2 units, such as ${other} "Other" on ` +
        `${worldDay}; connect them to another site first, or disconnect with disconnectTreatmentSite.`,
    ]);
    for (const [reshId, effectiveOn] of [
      [ward, nextYear],
      [other, worldDay],
    ] as const)
      expectAccepted(await world.as('trust').disconnectTreatmentSite({ reshId, effectiveOn }));
    expectAccepted(await close(site));
  });

  it('name an unknown site, its first day, and days on which it is not valid', async () => {
    expect(
      formatUserErrors(await world.as('operator').closeTreatmentSite({ organizationNumber: numbers.unregistered })),
    ).toEqual([
      `NOT_FOUND at organizationNumber: Treatment site ${numbers.unregistered} is not in the register; ` +
        'register it with registerTreatmentSite first.',
    ]);
    const site = await registerOwnSite({ validFrom: worldDay });
    expect(formatUserErrors(await close(site))).toEqual([
      `BAD_PERIOD at effectiveOn: Treatment site ${site} begins on ${worldDay} and must stay valid for at least one ` +
        'day; choose a later day. If it was registered by mistake, undo the change that registered it.',
    ]);
    expect(formatUserErrors(await close(site, { effectiveOn: lastYear }))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Treatment site ${site} is not valid on ${lastYear}; it is valid from ` +
        `${worldDay} on. Choose one of those days, or reopen it with reopenTreatmentSite.`,
    ]);
  });

  it('report a site that has changed since the expected revision', async () => {
    const site = await registerOwnSite();
    const expectedRevision = await world.readNewestRevision();
    expectRevision(await world.as('trust').updateTreatmentSite({ organizationNumber: site, name: 'Other' }));
    expect(formatUserErrors(await close(site, { expectedRevision }))).toEqual([
      expect.stringMatching(`^CONFLICT at expectedRevision: Treatment site ${site} was changed in revision`),
    ]);
  });
});

describe('every closing of a treatment site', () => {
  testMutationLaws({
    world,
    name: 'closeTreatmentSite',
    createInput: async (parent) => ({
      organizationNumber: await registerSite(world, { legalEntityReshId: await world.organization('Trust', parent) }),
    }),
    alterInput: (input) => ({ ...input, effectiveOn: nextYear }),
  });
});
