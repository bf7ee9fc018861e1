import { describe, expect, it } from 'vitest';
import { impactOf } from '../../support/builders/impact.ts';
import { expectAccepted, expectRevision, formatUserErrors } from '../../support/mutations/change-assertions.ts';
import { testMutationLaws } from '../../support/mutations/mutation-laws.ts';
import { homeClinic, useChangingWorld } from '../../support/world/changing-world.ts';
import { lastYear, nextYear, yesterday } from '../../support/world/days.ts';
import { readSite, registerSite } from '../../support/world/treatment-sites.ts';
import { numbers, type subjects, units, worldDay } from '../../support/world/world.ts';

const world = useChangingWorld();
const address = { lines: ['Gate 1'], postalCode: '7030', city: 'Trondheim', country: 'NO' };

function update(organizationNumber: string, input: object, as: keyof typeof subjects = 'operator') {
  return world.as(as).updateTreatmentSite({ organizationNumber, ...input });
}

describe('updateTreatmentSite', () => {
  it('changes the site from today, with a note of the units connected to it', async () => {
    const site = await registerSite(world, { legalEntityReshId: units.northTrust, validFrom: '2015-01-01', address });
    const ward = await world.department('Ward', homeClinic);
    expectAccepted(await world.as('trust').connectTreatmentSite({ reshId: ward, organizationNumber: site }));
    const before = await world.readNewestRevision();

    const payload = expectAccepted(await update(site, { name: ' Surgery ', municipality: 'Trondheim' }, 'trust'));

    expect(payload.change).toEqual({
      revision: before + 1,
      effectiveOn: worldDay,
      operation: 'UPDATE_TREATMENT_SITE',
    });
    expect(payload.treatmentSite).toEqual({ organizationNumber: site });
    expect(payload.impact).toEqual(
      impactOf({
        notes: [`Treatment site ${site} "Site" changes from ${worldDay} on; 1 unit is connected to it then or later.`],
      }),
    );
    const facts = { address, legalEntity: { reshId: units.northTrust } };
    const validity = { from: '2015-01-01', to: null };
    const former = { ...facts, name: 'Site', municipality: null, validity };
    expect(await readSite(world, site, worldDay)).toEqual({
      ...facts,
      name: 'Surgery',
      municipality: 'Trondheim',
      validity,
    });
    expect(await readSite(world, site, yesterday)).toEqual(former);
    expect(await readSite(world, site, worldDay, before)).toEqual(former);
  });

  it('keeps omitted facts, clears facts set to null, and replaces the whole address', async () => {
    const site = await registerSite(world, { municipality: 'Trondheim', address, legalEntityReshId: units.northTrust });
    expectAccepted(await update(site, { address: { lines: ['Gate 2'] }, effectiveOn: lastYear }));
    expect(await readSite(world, site, lastYear)).toMatchObject({
      municipality: 'Trondheim',
      address: { lines: ['Gate 2'], postalCode: null, city: null, country: null },
      legalEntity: { reshId: units.northTrust },
    });

    expectAccepted(await update(site, { municipality: null, address: null, legalEntityReshId: null }));
    expect(await readSite(world, site, worldDay)).toMatchObject({
      name: 'Site',
      municipality: null,
      address: null,
      legalEntity: null,
    });
    expect(expectAccepted(await update(site, { address: null })).warnings).toMatchObject([{ code: 'NO_CHANGES' }]);
  });

  it('keeps each fact until its next planned change', async () => {
    const site = await registerSite(world);
    expectAccepted(await update(site, { name: 'Planned', effectiveOn: nextYear }));
    expectAccepted(await update(site, { municipality: 'Oslo', effectiveOn: '2030-01-01' }));

    expectAccepted(await update(site, { name: 'Corrected', municipality: 'Bergen', effectiveOn: lastYear }));

    const namesOn = async (day: string) => {
      const found = await readSite(world, site, day);
      return [found?.name, found?.municipality];
    };
    expect(await namesOn('2025-11-22')).toEqual(['Site', null]);
    expect(await namesOn(worldDay)).toEqual(['Corrected', 'Bergen']);
    expect(await namesOn(nextYear)).toEqual(['Planned', 'Bergen']);
    expect(await namesOn('2030-01-01')).toEqual(['Planned', 'Oslo']);
  });

  it('gives the site to another legal entity with scope over both, whose administrators then change it', async () => {
    const site = await registerSite(world, { legalEntityReshId: units.northTrust });
    const transfer = { legalEntityReshId: units.siblingTrust };
    expect((await update(site, transfer, 'trust')).errors.map(({ extensions }) => extensions?.['code'])).toEqual([
      'FORBIDDEN',
    ]);
    expectAccepted(await update(site, transfer, 'regional'));
    expect(await readSite(world, site, worldDay)).toMatchObject({ legalEntity: { reshId: units.siblingTrust } });
    expect((await update(site, { name: 'Late' }, 'trust')).payload).toBeNull();
  });

  it('follows its legal entity to another trust', async () => {
    const hospital = await world.department('Hospital', homeClinic);
    const site = await registerSite(world, { legalEntityReshId: hospital });
    expectAccepted(await update(site, { name: 'Ours' }, 'trust'));
    expectAccepted(
      await world
        .as('operator')
        .moveUnit({ reshId: hospital, newParentReshId: units.southTrust, effectiveOn: worldDay }),
    );
    expect((await update(site, { name: 'Lost' }, 'trust')).payload).toBeNull();
    expectAccepted(await update(site, { name: 'Taken over' }, 'south'));
  });
});

describe('updateTreatmentSite errors', () => {
  it('name an unknown site, and the days of one that is not valid', async () => {
    expect(formatUserErrors(await update(numbers.unregistered, { name: 'New' }))).toEqual([
      `NOT_FOUND at organizationNumber: Treatment site ${numbers.unregistered} is not in the register; ` +
        'register it with registerTreatmentSite first.',
    ]);
    const ended = await registerSite(world, { validTo: '2020-01-01' });
    expect(formatUserErrors(await update(ended, { name: 'New' }))).toEqual([
      `NOT_VALID_ON_DAY at effectiveOn: Treatment site ${ended} is not valid on ${worldDay}; ` +
        'it is valid before 2020-01-01. Choose one of those days, or reopen it with reopenTreatmentSite.',
    ]);
  });

  it('report all problems of the facts at once', async () => {
    const site = await registerSite(world);
    const closed = await world.department('Closed', homeClinic, { validTo: '2022-01-01' });
    expect(
      formatUserErrors(
        await update(site, {
          name: null,
          municipality: 'x'.repeat(301),
          legalEntityReshId: closed,
          address: { lines: [], country: 'no' },
        }),
      ),
    ).toEqual([
      'REQUIRED at name: A treatment site must have a name; give one, or leave "name" out to keep it.',
      'TEXT_INVALID at municipality: "municipality" has 301 characters, but at most 300 are allowed; shorten it.',
      'TEXT_INVALID at address.country: "no" is not a country code; write two capital letters such as "NO".',
      `NOT_VALID_ON_DAY at legalEntityReshId: Unit ${closed} "Closed" is not valid on ${worldDay}; ` +
        'it is valid from 2020-01-01 to 2022-01-01 (exclusive). Choose one of those days.',
    ]);
    expect(formatUserErrors(await update(site, { legalEntityReshId: 999_999 }))).toEqual([
      'NOT_FOUND at legalEntityReshId: Unit 999999 is not in the register; correct the RESH-id.',
    ]);
  });

  it('report a site that has changed since the expected revision', async () => {
    const site = await registerSite(world);
    const expectedRevision = await world.readNewestRevision();
    const changedIn = expectRevision(await update(site, { name: 'Other' }));
    expect(formatUserErrors(await update(site, { name: 'Mine', expectedRevision }))).toEqual([
      `CONFLICT at expectedRevision: Treatment site ${site} was changed in revision ${changedIn}, after the ` +
        `expected ${expectedRevision}; the newest revision is ${changedIn}. Read it again before you decide.`,
    ]);
    expectAccepted(await update(site, { name: 'Mine', expectedRevision: changedIn }));
  });
});

describe('every change of a treatment site', () => {
  testMutationLaws({
    world,
    name: 'updateTreatmentSite',
    createInput: async (parent) => ({
      organizationNumber: await registerSite(world, { legalEntityReshId: await world.organization('Trust', parent) }),
      name: 'Renamed',
    }),
    alterInput: (input) => ({ ...input, name: 'Another' }),
  });
});
